SELECT pmid, first_fetched, last_fetched, revised
FROM article
WHERE pmid IN (SELECT unnest($pmids::BIGINT[]))
