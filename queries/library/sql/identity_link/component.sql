-- All links, those undone included, whose two PMIDs hang together with the asked ones by live links.
WITH RECURSIVE near(pmid) AS (
    SELECT unnest($pmids::BIGINT[])
    UNION
    SELECT link.there
    FROM near JOIN (
        SELECT a AS here, b AS there FROM identity_link WHERE undone IS NULL
        UNION ALL
        SELECT b, a FROM identity_link WHERE undone IS NULL
    ) AS link ON link.here = near.pmid
)
SELECT a, b, rule, evidence, made, undone, undone_by
FROM identity_link
WHERE a IN (SELECT pmid FROM near) AND b IN (SELECT pmid FROM near)
ORDER BY a, b, rule, made
