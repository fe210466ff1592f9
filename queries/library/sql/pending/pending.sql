SELECT pmid, first_asked, last_asked, tries, reason, dismissed FROM pending WHERE watch = $watch ORDER BY pmid
