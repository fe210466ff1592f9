SELECT pmid, work, number, decided AS made, kind
FROM digest_entry
WHERE watch = $watch AND outcome = 'told'
ORDER BY number, kind, position, pmid
