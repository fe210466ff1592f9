SELECT pmid, first_fetched AS first, last_fetched AS last, revised
FROM article
WHERE pmid IN (SELECT unnest($pmids::BIGINT[]))
