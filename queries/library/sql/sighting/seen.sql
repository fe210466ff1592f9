SELECT DISTINCT pmid
FROM sighting
WHERE watch = $watch AND ($pmids::BIGINT[] IS NULL OR pmid IN (SELECT unnest($pmids::BIGINT[])))
