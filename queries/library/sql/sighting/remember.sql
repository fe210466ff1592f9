MERGE INTO sighting USING (
    SELECT DISTINCT
        unnest($topic::VARCHAR[]) AS topic, unnest($lane::VARCHAR[]) AS lane,
        unnest($pmid::BIGINT[]) AS pmid
) AS seen
ON sighting.watch = $watch AND sighting.topic = seen.topic AND sighting.lane = seen.lane
    AND sighting.pmid = seen.pmid
WHEN MATCHED THEN UPDATE SET last_seen = greatest(last_seen, $now::TIMESTAMP)
WHEN NOT MATCHED THEN INSERT VALUES ($watch, seen.topic, seen.lane, seen.pmid, $now, $now)
