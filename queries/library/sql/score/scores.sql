SELECT number, pmid, score, parts, why, title_only, ranker
FROM score
WHERE watch = $watch AND pmid IN (SELECT unnest($pmids::BIGINT[]))
ORDER BY number, pmid
