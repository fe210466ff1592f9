MERGE INTO tombstone USING (SELECT $pmid::BIGINT AS pmid) AS dead ON tombstone.pmid = dead.pmid
WHEN MATCHED THEN UPDATE SET successor = coalesce($successor::BIGINT, successor), reason = $reason
WHEN NOT MATCHED THEN INSERT VALUES ($pmid, $successor, $now::TIMESTAMP, $reason)
