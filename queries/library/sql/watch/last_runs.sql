WITH ran AS (
    SELECT
        watch,
        max(started) FILTER (flow = 'harvest' AND len(trouble) = 0) AS harvested,
        max(started) FILTER (flow = 'harvest') AS harvest_tried,
        max(started) FILTER (flow = 'sweep' AND len(trouble) = 0) AS swept,
        max(started) FILTER (flow = 'sweep') AS sweep_tried,
        max(started) FILTER (flow = 'digest') AS digest_tried
    FROM run
    WHERE started <= $now::TIMESTAMP
    GROUP BY watch
),
made AS (SELECT watch, max(made) AS digested FROM digest WHERE made <= $now::TIMESTAMP GROUP BY watch),
owing AS (
    SELECT DISTINCT watch FROM parcel
    WHERE state = 'sending' OR (state IN ('planned', 'failed', 'unknown') AND due <= $now::TIMESTAMP)
)
SELECT
    known.name AS watch, known.first, harvested, harvest_tried, digested, digest_tried, swept, sweep_tried,
    owing.watch IS NOT NULL AS owes
FROM watch AS known
LEFT JOIN ran ON ran.watch = known.name
LEFT JOIN made ON made.watch = known.name
LEFT JOIN owing ON owing.watch = known.name
WHERE known.retired IS NULL
ORDER BY known.name
