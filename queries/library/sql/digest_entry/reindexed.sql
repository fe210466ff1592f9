-- Left out by the newest decision about them, and richer since by an abstract or MeSH headings.
WITH newest AS (
    SELECT pmid, arg_max(outcome, number) AS outcome, max(decided) AS decided
    FROM digest_entry
    WHERE watch = $watch
    GROUP BY pmid
)
SELECT DISTINCT newest.pmid
FROM newest JOIN revision ON revision.pmid = newest.pmid AND revision.noted > newest.decided
WHERE newest.outcome = 'below'
    AND list_has_any(revision.fields, ['abstract', 'mesh'])
    AND newest.pmid NOT IN (SELECT pmid FROM tombstone)
