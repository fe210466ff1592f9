MERGE INTO watermark USING (
    SELECT unnest($topic::VARCHAR[]) AS topic, unnest($lane::VARCHAR[]) AS lane, unnest($until::DATE[]) AS until
) AS reached
ON watermark.watch = $watch AND watermark.topic = reached.topic AND watermark.lane = reached.lane
WHEN MATCHED THEN UPDATE SET until = greatest(watermark.until, reached.until)
WHEN NOT MATCHED THEN INSERT VALUES ($watch, reached.topic, reached.lane, reached.until)
