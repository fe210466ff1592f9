SELECT number, recipient, address, part, parts, state, tries, changed, due, message_id, reason
FROM parcel
WHERE watch = $watch AND (due <= $now::TIMESTAMP OR due > $now::TIMESTAMP + INTERVAL 30 DAY)
    AND state IN ('planned', 'failed', 'unknown')
    AND NOT EXISTS (
        SELECT 1 FROM parcel AS earlier
        WHERE earlier.watch = parcel.watch AND earlier.number = parcel.number
            AND earlier.recipient = parcel.recipient AND earlier.address = parcel.address
            AND earlier.part < parcel.part AND earlier.state IN ('planned', 'sending', 'failed')
    )
ORDER BY number, recipient, address, part
