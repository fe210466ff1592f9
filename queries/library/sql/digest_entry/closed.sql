SELECT DISTINCT pmid
FROM digest_entry
WHERE watch = $watch AND pmid IN (SELECT unnest($pmids::BIGINT[])) AND (outcome = 'told' OR kind = 'baseline')
