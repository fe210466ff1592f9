SELECT pmid, ids, weights
FROM vector
WHERE vocabulary = $vocabulary AND pmid IN (SELECT unnest($pmids::BIGINT[]))
