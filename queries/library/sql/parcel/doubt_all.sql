UPDATE parcel SET state = 'unknown', reason = $reason, due = NULL, changed = $now::TIMESTAMP
WHERE state IN ('planned', 'sending', 'failed')
