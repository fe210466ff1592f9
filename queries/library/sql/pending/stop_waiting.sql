DELETE FROM pending WHERE pmid IN (SELECT unnest($pmids::BIGINT[]))
