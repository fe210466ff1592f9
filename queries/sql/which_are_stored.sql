SELECT pmid, hash FROM article WHERE pmid IN (SELECT unnest($pmids::BIGINT[]))
