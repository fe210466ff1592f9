INSERT INTO feedback
SELECT $watch, pmid, relevant, given, reader, id, $now::TIMESTAMP
FROM (
    SELECT
        unnest($pmid::BIGINT[]) AS pmid, unnest($relevant::BOOLEAN[]) AS relevant,
        unnest($given::TIMESTAMP[]) AS given, unnest($reader::VARCHAR[]) AS reader,
        unnest($id::VARCHAR[]) AS id
)
WHERE id NOT IN (SELECT id FROM feedback WHERE id IS NOT NULL)
