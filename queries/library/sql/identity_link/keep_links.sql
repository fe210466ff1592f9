INSERT INTO identity_link
SELECT
    unnest($a::BIGINT[]), unnest($b::BIGINT[]), unnest($rule::VARCHAR[]), unnest($evidence::VARCHAR[]),
    $now::TIMESTAMP, NULL, ''
