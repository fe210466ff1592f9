DELETE FROM citation WHERE id IN (SELECT unnest($pmids::BIGINT[]))
