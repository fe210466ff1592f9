INSERT INTO revision
SELECT
    unnest($pmid::BIGINT[]), $now::TIMESTAMP, unnest($fields::VARCHAR[][]), unnest($words::VARCHAR[][]),
    unnest($before::VARCHAR[])
