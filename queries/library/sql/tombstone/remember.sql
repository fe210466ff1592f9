-- A tombstone for each, naming the live PMID that bears the same DOI.
WITH gone AS (
    SELECT DISTINCT unnest($pmids::BIGINT[]) AS pmid
    EXCEPT
    SELECT pmid FROM tombstone
),
successor AS (
    SELECT own.pmid, min(other.pmid) AS other
    FROM (SELECT pmid, doi FROM article WHERE pmid IN (SELECT pmid FROM gone) AND doi <> '') AS own
    JOIN article AS other ON other.doi = own.doi AND other.pmid <> own.pmid
    WHERE other.pmid NOT IN (SELECT pmid FROM tombstone)
    GROUP BY own.pmid
)
INSERT INTO tombstone
SELECT gone.pmid, successor.other, $now::TIMESTAMP, 'gone from PubMed'
FROM gone LEFT JOIN successor ON successor.pmid = gone.pmid
