INSERT INTO undecided
SELECT $watch, pmid
FROM (SELECT DISTINCT unnest($pmids::BIGINT[]) AS pmid)
WHERE pmid NOT IN (SELECT pmid FROM undecided WHERE watch = $watch)
    AND pmid NOT IN (
        SELECT pmid FROM digest_entry
        WHERE watch = $watch AND outcome <> 'held' AND pmid IN (SELECT unnest($pmids::BIGINT[]))
    )
