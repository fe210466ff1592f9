INSERT INTO unsubscription
SELECT $watch, address, stopped, given, id
FROM (
    SELECT
        unnest($address::VARCHAR[]) AS address, unnest($stopped::BOOLEAN[]) AS stopped,
        unnest($given::TIMESTAMP[]) AS given, unnest($id::VARCHAR[]) AS id
)
WHERE id NOT IN (SELECT id FROM unsubscription)
