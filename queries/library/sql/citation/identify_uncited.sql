SELECT pmid FROM article WHERE pmid NOT IN (SELECT id FROM citation) ORDER BY pmid
