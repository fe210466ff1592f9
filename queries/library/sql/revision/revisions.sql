SELECT pmid, noted AS at, fields, words, before
FROM revision
WHERE pmid IN (SELECT unnest($pmids::BIGINT[])) AND noted > $after::TIMESTAMP
ORDER BY pmid, noted
