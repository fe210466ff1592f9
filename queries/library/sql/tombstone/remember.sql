-- A tombstone for each, naming the live PMID that bears the same DOI.
INSERT INTO tombstone
SELECT
    gone.pmid,
    (
        SELECT min(other.pmid)
        FROM article AS own JOIN article AS other ON other.doi = own.doi AND other.pmid <> own.pmid
        WHERE own.pmid = gone.pmid AND own.doi <> '' AND other.pmid NOT IN (SELECT pmid FROM tombstone)
    ),
    $now::TIMESTAMP,
    'gone from PubMed'
FROM (SELECT DISTINCT unnest($pmids::BIGINT[]) AS pmid) AS gone
WHERE gone.pmid NOT IN (SELECT pmid FROM tombstone)
