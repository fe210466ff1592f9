SELECT pmid, topic, lane, first_seen AS first, last_seen AS last
FROM sighting
WHERE watch = $watch AND pmid IN (SELECT unnest($pmids::BIGINT[]))
ORDER BY pmid, first_seen, topic, lane
