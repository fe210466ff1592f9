SELECT DISTINCT pmid
FROM (
    SELECT DISTINCT pmid FROM sighting
    WHERE watch = $watch AND ($since::TIMESTAMP IS NULL OR last_seen > $since)
) JOIN article USING (pmid) ANTI JOIN tombstone USING (pmid)
