INSERT INTO run
SELECT
    coalesce(max(id), 0) + 1, $watch, $flow, $started::TIMESTAMP, $ended::TIMESTAMP, $trouble::VARCHAR[],
    $fingerprint
FROM run
RETURNING id
