SELECT pmid, first_asked, last_asked, tries, reason FROM pending WHERE watch = $watch ORDER BY pmid
