SELECT pmid, relevant, given, reader FROM feedback WHERE watch = $watch ORDER BY given, rowid
