SELECT pmid, topic, lane, first_seen, last_seen
FROM sighting
WHERE watch = $watch AND pmid IN (SELECT unnest($pmids::BIGINT[]))
ORDER BY pmid, first_seen, topic, lane
