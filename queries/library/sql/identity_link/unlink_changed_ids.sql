-- A record whose DOI or PMCID was corrected no longer is the other's by that id.
UPDATE identity_link SET undone = $now::TIMESTAMP, undone_by = 'record'
WHERE undone IS NULL AND rule IN ('doi', 'pmcid')
    AND (a IN (SELECT unnest($pmids::BIGINT[])) OR b IN (SELECT unnest($pmids::BIGINT[])))
    AND (
        SELECT count(*) FROM article
        WHERE pmid IN (a, b) AND evidence = if(rule = 'doi', doi, pmcid)
    ) < 2
