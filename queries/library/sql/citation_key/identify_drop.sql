DELETE FROM citation_key WHERE id IN (SELECT unnest($pmids::BIGINT[]))
