SELECT DISTINCT pmid
FROM sighting
WHERE watch = $watch
    AND ($since::TIMESTAMP IS NULL OR last_seen > $since)
    AND pmid IN (SELECT pmid FROM article)
    AND pmid NOT IN (SELECT pmid FROM tombstone)
