UPDATE delivery SET state = $after, tries = tries + $tries, changed = $now::TIMESTAMP
WHERE watch = $watch AND state IN (SELECT unnest($before::VARCHAR[]))
    AND ($number::INTEGER IS NULL OR number = $number)
    AND ($recipient::VARCHAR IS NULL OR recipient = $recipient)
RETURNING recipient
