DELETE FROM vector WHERE pmid IN (SELECT unnest($pmids::BIGINT[]))
