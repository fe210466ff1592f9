UPDATE article SET last_fetched = greatest(last_fetched, $now::TIMESTAMP)
WHERE pmid IN (SELECT unnest($pmids::BIGINT[]))
