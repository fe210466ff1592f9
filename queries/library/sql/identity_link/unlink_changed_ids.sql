-- A record whose DOI or PMCID was corrected no longer is the other's by that id.
UPDATE identity_link SET undone = $now::TIMESTAMP, undone_by = 'record'
FROM (
    SELECT link.a, link.b, link.rule, link.evidence
    FROM identity_link AS link
    LEFT JOIN article AS one ON one.pmid = link.a AND link.evidence = if(link.rule = 'doi', one.doi, one.pmcid)
    LEFT JOIN article AS other ON other.pmid = link.b AND link.evidence = if(link.rule = 'doi', other.doi, other.pmcid)
    WHERE link.undone IS NULL AND link.rule IN ('doi', 'pmcid')
        AND (link.a IN (SELECT unnest($pmids::BIGINT[])) OR link.b IN (SELECT unnest($pmids::BIGINT[])))
        AND (one.pmid IS NULL OR other.pmid IS NULL)
) AS over
WHERE identity_link.a = over.a AND identity_link.b = over.b AND identity_link.rule = over.rule
    AND identity_link.evidence = over.evidence AND identity_link.undone IS NULL
