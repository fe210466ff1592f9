INSERT INTO reader_entry
SELECT $watch, $number, unnest($recipient::VARCHAR[]), unnest($pmid::BIGINT[])
