SELECT DISTINCT pmid
FROM digest_entry
WHERE watch = $watch AND (outcome = 'told' OR kind = 'baseline')
