DELETE FROM undecided WHERE watch = $watch AND pmid IN (SELECT unnest($pmids::BIGINT[]))
