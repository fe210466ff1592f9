SELECT pmid, hash, first_fetched FROM article WHERE pmid IN (SELECT unnest($pmids::BIGINT[]))
