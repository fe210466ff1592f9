INSERT INTO digest_entry
SELECT
    $watch, $number, unnest($pmid::BIGINT[]), unnest($work::BIGINT[]), unnest($outcome::VARCHAR[]),
    unnest($kind::VARCHAR[]), unnest($score::DOUBLE[]), unnest($position::INTEGER[]), $now::TIMESTAMP
