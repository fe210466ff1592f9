INSERT INTO vector
SELECT unnest($pmid::BIGINT[]), $vocabulary, unnest($ids::INTEGER[][]), unnest($weights::FLOAT[][])
