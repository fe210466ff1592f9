SELECT DISTINCT recipient, pmid
FROM reader_entry
WHERE watch = $watch AND pmid IN (SELECT unnest($pmids::BIGINT[]))
    AND EXISTS (
        SELECT 1 FROM parcel
        WHERE parcel.watch = reader_entry.watch AND parcel.number = reader_entry.number
            AND parcel.recipient = reader_entry.recipient AND parcel.state IN ('sent', 'unknown')
    )
