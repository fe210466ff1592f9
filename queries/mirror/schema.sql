-- A corpus: records as they came, and what is searchable of them. A doc is one version of one record.
-- Times are US Eastern without a zone, PubMed's own. `spot` = doc * 2^28 + place of the word in it: two
-- words are neighbours if their places are, and different texts stand over 1,000 places apart. A word's
-- field is its place in index.TEXT_FIELDS.

CREATE TABLE file (name VARCHAR, md5 VARCHAR, records INTEGER);

CREATE TABLE record (
    doc INTEGER, pmid BIGINT, version INTEGER, file VARCHAR, place INTEGER,
    released TIMESTAMP, created TIMESTAMP, pub_date DATE, author VARCHAR, journal VARCHAR,
    deleted BOOLEAN, raw BLOB
);
CREATE TABLE refused (file VARCHAR, pmid BIGINT, reason VARCHAR);
CREATE TABLE word (word VARCHAR, field UTINYINT, spot BIGINT);
CREATE TABLE value (field VARCHAR, value VARCHAR, doc INTEGER);
CREATE TABLE day (field VARCHAR, day DATE, doc INTEGER);
CREATE TABLE sorted_words (words BIGINT);  -- of `word`, how many rows stand in order
CREATE TABLE cites (doc INTEGER, pmid BIGINT);

-- Letters and digits are words; all else parts them, so that BCR-ABL, bcr/abl and BCR::ABL are one
-- phrase. The star stays, for queries.
CREATE MACRO words(text) AS regexp_extract_all(strip_accents(lower(text)), '[\p{L}\p{N}*]+');
CREATE MACRO plain(text) AS trim(regexp_replace(
    regexp_replace(strip_accents(lower(text)), '[.,;:()\[\]]+', ' ', 'g'), '\s+', ' ', 'g'));
