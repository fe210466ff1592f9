-- Lookups are quick where a table stands in order.
CREATE TABLE ordered AS FROM word ORDER BY word, spot;
DROP TABLE word;
ALTER TABLE ordered RENAME TO word;

CREATE TABLE ordered AS FROM value ORDER BY field, value, doc;
DROP TABLE value;
ALTER TABLE ordered RENAME TO value;

CREATE TABLE ordered AS FROM day ORDER BY field, day, doc;
DROP TABLE day;
ALTER TABLE ordered RENAME TO day;

CREATE TABLE ordered AS FROM cites ORDER BY pmid, doc;
DROP TABLE cites;
ALTER TABLE ordered RENAME TO cites;

DELETE FROM sorted_words;
INSERT INTO sorted_words SELECT count(*) FROM word;
