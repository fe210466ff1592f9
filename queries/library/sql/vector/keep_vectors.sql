INSERT INTO vector SELECT pmid, $vocabulary, ids, counts FROM fresh
