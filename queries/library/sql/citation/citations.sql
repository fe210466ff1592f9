SELECT id, pmid, title, authors, year, journal, volume, issue, pages, doi, pmcid, abstract, kind, updates
FROM citation
WHERE id IN (SELECT unnest($pmids::BIGINT[]))
ORDER BY id
