UPDATE parcel SET state = 'waived', due = NULL, changed = $now::TIMESTAMP, reason = 'unsubscribed'
WHERE watch = $watch AND address IN (SELECT unnest($addresses::VARCHAR[]))
    AND state IN ('planned', 'failed', 'unknown')
