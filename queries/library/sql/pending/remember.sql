MERGE INTO pending USING (
    SELECT unnest($pmid::BIGINT[]) AS pmid, unnest($reason::VARCHAR[]) AS reason
) AS missing
ON pending.watch = $watch AND pending.pmid = missing.pmid
WHEN MATCHED THEN UPDATE SET
    last_asked = $now::TIMESTAMP, tries = tries + 1, reason = missing.reason
WHEN NOT MATCHED THEN INSERT VALUES ($watch, missing.pmid, $now, $now, 1, missing.reason, NULL)
