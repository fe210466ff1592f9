INSERT INTO parcel
SELECT
    $watch, $number, unnest($recipient::VARCHAR[]), unnest($address::VARCHAR[]), unnest($part::INTEGER[]),
    unnest($parts::INTEGER[]), 'planned', 0, $now::TIMESTAMP, $now::TIMESTAMP, unnest($message_id::VARCHAR[]), '',
    unnest($body::BLOB[])
