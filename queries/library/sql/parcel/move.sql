UPDATE parcel SET state = $after, due = $due::TIMESTAMP, changed = $now::TIMESTAMP
WHERE watch = $watch AND number = $number AND recipient = $recipient
    AND state IN (SELECT unnest($before::VARCHAR[]))
RETURNING number, recipient, address, part, parts, state, tries, changed, due, message_id, reason
