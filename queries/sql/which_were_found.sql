SELECT DISTINCT pmid
FROM sighting
WHERE watch = $watch
    AND last_seen > $since::TIMESTAMP
    AND pmid IN (SELECT pmid FROM article)
    AND pmid NOT IN (SELECT pmid FROM tombstone)
