SELECT pmid, relevant, given, reader, coalesce(heard, given) AS heard
FROM feedback WHERE watch = $watch ORDER BY given, rowid
