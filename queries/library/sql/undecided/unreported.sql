SELECT DISTINCT pmid
FROM undecided JOIN article USING (pmid) ANTI JOIN tombstone USING (pmid)
WHERE watch = $watch
