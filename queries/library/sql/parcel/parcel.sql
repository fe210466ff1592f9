SELECT recipient, address, body, part, parts, message_id
FROM parcel
WHERE watch = $watch AND number = $number AND recipient = $recipient AND address = $address AND part = $part
