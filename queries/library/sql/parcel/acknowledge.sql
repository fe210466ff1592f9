UPDATE parcel SET
    state = $state, reason = $reason, due = $due::TIMESTAMP, changed = $now::TIMESTAMP,
    message_id = CASE WHEN $message_id = '' THEN message_id ELSE $message_id END
WHERE watch = $watch AND number = $number AND recipient = $recipient AND address = $address AND part = $part
    AND state NOT IN ('sent', 'waived')
