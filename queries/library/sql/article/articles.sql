SELECT pmid, record FROM article WHERE pmid IN (SELECT unnest($pmids::BIGINT[]))
