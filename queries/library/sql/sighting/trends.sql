-- Records per topic and week of creation; week 0 ends on $until.
SELECT topic, date_diff('day', created, $until::DATE) // 7 AS week, count(DISTINCT pmid)
FROM (
    SELECT pmid, created FROM article
    WHERE created > $until::DATE - 7 * $weeks::INTEGER AND created <= $until::DATE
) JOIN sighting USING (pmid)
WHERE watch = $watch
GROUP BY topic, week
