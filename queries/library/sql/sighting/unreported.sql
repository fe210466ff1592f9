SELECT DISTINCT pmid
FROM sighting
WHERE watch = $watch
    AND pmid IN (SELECT pmid FROM article)
    AND pmid NOT IN (SELECT pmid FROM tombstone)
    AND pmid NOT IN (SELECT pmid FROM digest_entry WHERE watch = $watch AND outcome <> 'held')
