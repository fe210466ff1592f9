-- Who this library is, wherever its file lies: a copy or a backup has the same id, another library never.
CREATE TABLE library AS
SELECT gen_random_uuid()::VARCHAR AS id, (current_timestamp AT TIME ZONE 'UTC')::TIMESTAMP AS made;
