-- Known when the watch began: number 0 is no digest.
INSERT INTO digest_entry
SELECT $watch, 0, pmid, pmid, 'known', 'baseline', NULL, NULL, $now::TIMESTAMP
FROM (SELECT unnest($pmids::BIGINT[]) AS pmid)
WHERE pmid NOT IN (
    SELECT pmid FROM digest_entry WHERE watch = $watch AND pmid IN (SELECT unnest($pmids::BIGINT[]))
)
