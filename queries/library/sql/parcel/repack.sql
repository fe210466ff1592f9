DELETE FROM parcel
WHERE watch = $watch AND number = $number AND recipient = $recipient AND address = $address AND part = $part
