SELECT number, recipient, address, part, parts, state, tries, changed, due, message_id, reason
FROM parcel
WHERE watch = $watch AND ($numbers::INTEGER[] IS NULL OR number IN (SELECT unnest($numbers::INTEGER[])))
ORDER BY number, recipient, address, part
