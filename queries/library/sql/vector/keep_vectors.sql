INSERT INTO vector
SELECT unnest($pmid::BIGINT[]), $vocabulary, unnest($ids::BIGINT[][]), unnest($counts::USMALLINT[][])
