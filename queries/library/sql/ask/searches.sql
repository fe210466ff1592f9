-- What each lane of each topic was asked in a span of runs, and what came of it.
SELECT
    topic, lane, coalesce(field, '') AS field, min(since) AS since, max(until) AS until,
    min(run.started) AS first, max(run.started) AS last, count(DISTINCT run.id) AS runs,
    sum(count)::BIGINT AS counted, sum(received)::BIGINT AS received, sum(new)::BIGINT AS new,
    sum(missing)::BIGINT AS missing, sum(refused)::BIGINT AS refused, count_if(error <> '') AS failed
FROM ask JOIN run ON run.id = ask.run
WHERE run.watch = $watch AND run.started >= $since::TIMESTAMP AND run.started < $until::TIMESTAMP
GROUP BY topic, lane, coalesce(field, '')
ORDER BY topic, lane
