INSERT INTO score
SELECT
    $watch, $number, unnest($pmid::BIGINT[]), unnest($score::DOUBLE[]), unnest($parts::VARCHAR[]),
    unnest($why::VARCHAR[]), unnest($title_only::BOOLEAN[]), $ranker
