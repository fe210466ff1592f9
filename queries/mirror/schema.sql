-- A corpus: records as they came, and what is searchable of them. A doc is one version of one record.
-- Times are US Eastern without a zone, PubMed's own. A segment holds some thousand docs, `first` and up;
-- how its posting lists are packed stands in segment.py.

CREATE TABLE file (name VARCHAR, md5 VARCHAR, records INTEGER);

CREATE TABLE record (
    doc INTEGER, pmid BIGINT, version INTEGER, file VARCHAR, place INTEGER,
    released TIMESTAMP, created TIMESTAMP, pub_date DATE, author VARCHAR, journal VARCHAR,
    deleted BOOLEAN, raw BLOB
);
CREATE TABLE refused (file VARCHAR, pmid BIGINT, reason VARCHAR);
CREATE TABLE posting (key VARCHAR, first INTEGER, list BLOB);
CREATE TABLE day (field VARCHAR, day DATE, doc INTEGER);
CREATE TABLE cites (doc INTEGER, pmid BIGINT);
CREATE TABLE sorted (postings BIGINT);  -- of `posting`, how many rows stand in order
