UPDATE parcel SET
    state = 'unknown', reason = 'the run died while it was being sent', due = NULL, changed = $now::TIMESTAMP
WHERE watch = $watch AND state = 'sending'
RETURNING number, recipient, address, part, parts, state, tries, changed, due, message_id, reason
