SELECT number, decided, pmid, work, outcome, kind, score, position
FROM digest_entry
WHERE watch = $watch AND pmid IN (SELECT unnest($pmids::BIGINT[]))
ORDER BY number, pmid, kind
