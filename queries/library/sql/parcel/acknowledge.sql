UPDATE parcel SET state = $state, reason = $reason, due = $due::TIMESTAMP, changed = $now::TIMESTAMP
WHERE watch = $watch AND number = $number AND recipient = $recipient AND address = $address AND part = $part
    AND state NOT IN ('sent', 'waived')
