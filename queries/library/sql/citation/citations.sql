SELECT * FROM citation WHERE id IN (SELECT unnest($pmids::BIGINT[])) ORDER BY id
