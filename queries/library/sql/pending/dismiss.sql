UPDATE pending SET dismissed = $now::TIMESTAMP WHERE watch = $watch AND pmid = $pmid RETURNING pmid
