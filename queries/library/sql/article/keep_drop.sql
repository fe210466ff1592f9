-- Deleted and inserted again rather than updated: an update of one record makes DuckDB write the
-- hundred thousand beside it anew.
DELETE FROM article WHERE pmid IN (SELECT unnest($pmids::BIGINT[]))
