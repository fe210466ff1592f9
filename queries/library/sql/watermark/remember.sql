-- A mark beyond what was settled when the harvest began was set by a wrong clock.
MERGE INTO watermark USING (
    SELECT unnest($topic::VARCHAR[]) AS topic, unnest($lane::VARCHAR[]) AS lane, unnest($until::DATE[]) AS until
) AS reached
ON watermark.watch = $watch AND watermark.topic = reached.topic AND watermark.lane = reached.lane
WHEN MATCHED THEN UPDATE SET until = CASE
    WHEN watermark.until > $settled::DATE THEN reached.until ELSE greatest(watermark.until, reached.until)
END
WHEN NOT MATCHED THEN INSERT VALUES ($watch, reached.topic, reached.lane, reached.until)
