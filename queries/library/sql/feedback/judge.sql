INSERT INTO feedback
SELECT $watch, unnest($pmid::BIGINT[]), unnest($relevant::BOOLEAN[]), $now::TIMESTAMP, $reader, NULL, $now::TIMESTAMP
