SELECT role, pmid FROM seed_set WHERE watch = $watch AND anchor = $anchor ORDER BY role, pmid
