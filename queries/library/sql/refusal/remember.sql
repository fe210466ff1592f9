INSERT INTO refusal SELECT $run, unnest($pmid::BIGINT[]), unnest($reason::VARCHAR[])
