INSERT INTO ask
SELECT
    $run, unnest($topic::VARCHAR[]), unnest($lane::VARCHAR[]), unnest($slice::INTEGER[]),
    unnest($term::VARCHAR[]), unnest($field::VARCHAR[]), unnest($since::DATE[]), unnest($until::DATE[]),
    unnest($translation::VARCHAR[]), unnest($warnings::VARCHAR[][]), unnest($count::BIGINT[]),
    unnest($received::BIGINT[]), unnest($known::BIGINT[]), unnest($new::BIGINT[]),
    unnest($missing::BIGINT[]), unnest($refused::BIGINT[]), unnest($error::VARCHAR[])
