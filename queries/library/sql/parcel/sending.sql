UPDATE parcel SET state = 'sending', tries = tries + 1, changed = $now::TIMESTAMP
WHERE watch = $watch AND number = $number AND recipient = $recipient AND address = $address AND part = $part
    AND state IN ('planned', 'failed', 'unknown') AND due IS NOT NULL
RETURNING part
