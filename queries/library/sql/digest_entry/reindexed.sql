-- Left out by the newest decision about them, and richer since by an abstract or MeSH headings.
WITH richer AS (
    SELECT pmid, max(noted) AS noted
    FROM revision
    WHERE list_has_any(fields, ['abstract', 'mesh'])
    GROUP BY pmid
)
SELECT pmid
FROM digest_entry JOIN richer USING (pmid) ANTI JOIN tombstone USING (pmid)
WHERE watch = $watch
GROUP BY pmid
HAVING arg_max(outcome, number) = 'below' AND any_value(noted) > max(decided)
