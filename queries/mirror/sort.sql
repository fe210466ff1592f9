-- Lookups are quick where a table stands in order. DuckDB sorts what is over its memory limit on disk.
CREATE TABLE ordered AS FROM posting ORDER BY key, first;
DROP TABLE posting;
ALTER TABLE ordered RENAME TO posting;

CREATE TABLE ordered AS FROM day ORDER BY field, day, doc;
DROP TABLE day;
ALTER TABLE ordered RENAME TO day;

CREATE TABLE ordered AS FROM cites ORDER BY pmid, doc;
DROP TABLE cites;
ALTER TABLE ordered RENAME TO cites;

DELETE FROM sorted;
INSERT INTO sorted SELECT count(*) FROM posting;
