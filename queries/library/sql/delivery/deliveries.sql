SELECT number, recipient, state, tries, changed, message_id, reason
FROM delivery
WHERE watch = $watch AND ($numbers::INTEGER[] IS NULL OR number IN (SELECT unnest($numbers::INTEGER[])))
ORDER BY number, recipient
