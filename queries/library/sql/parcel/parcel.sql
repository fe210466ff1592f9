SELECT
    recipient, address, body, part, parts, message_id,
    coalesce((
        SELECT message_id FROM parcel AS first
        WHERE first.watch = parcel.watch AND first.number = parcel.number AND first.recipient = parcel.recipient
            AND first.address = parcel.address AND first.part = 1 AND parcel.part > 1 AND first.state = 'sent'
    ), '') AS parent
FROM parcel
WHERE watch = $watch AND number = $number AND recipient = $recipient AND address = $address AND part = $part
