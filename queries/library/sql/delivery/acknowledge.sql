UPDATE delivery SET
    state = $state, message_id = $message_id, reason = $reason, changed = $now::TIMESTAMP
WHERE watch = $watch AND number = $number AND recipient = $recipient AND state <> $sent
