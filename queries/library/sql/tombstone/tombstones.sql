SELECT pmid, successor, found, reason FROM tombstone WHERE pmid IN (SELECT unnest($pmids::BIGINT[]))
