-- Records per topic and week of creation; week 0 ends on $until.
SELECT topic, date_diff('day', created, $until::DATE) // 7 AS week, count(DISTINCT pmid)
FROM (
    SELECT sighting.topic, sighting.pmid, (article.record ->> '$.created')::TIMESTAMP::DATE AS created
    FROM sighting JOIN article ON article.pmid = sighting.pmid
    WHERE sighting.watch = $watch
)
WHERE created > $until::DATE - 7 * $weeks::INTEGER AND created <= $until::DATE
GROUP BY topic, week
