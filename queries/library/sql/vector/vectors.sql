SELECT pmid, ids, counts
FROM vector
WHERE vocabulary = $vocabulary AND pmid IN (SELECT unnest($pmids::BIGINT[]))
