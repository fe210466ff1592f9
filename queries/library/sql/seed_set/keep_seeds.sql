INSERT INTO seed_set
SELECT $watch, $anchor, unnest($role::VARCHAR[]), unnest($pmid::BIGINT[])
