-- Lookups are quick where a table stands in order.
CREATE TABLE tidy AS FROM word ORDER BY word, spot;
DROP TABLE word;
ALTER TABLE tidy RENAME TO word;

CREATE TABLE tidy AS FROM value ORDER BY field, value, doc;
DROP TABLE value;
ALTER TABLE tidy RENAME TO value;

CREATE TABLE tidy AS FROM day ORDER BY field, day, doc;
DROP TABLE day;
ALTER TABLE tidy RENAME TO day;

CREATE TABLE tidy AS FROM cites ORDER BY pmid, doc;
DROP TABLE cites;
ALTER TABLE tidy RENAME TO cites;

DELETE FROM settled;
INSERT INTO settled SELECT count(*) FROM word;
