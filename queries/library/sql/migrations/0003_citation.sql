-- What identity compares, computed once a record: its citation as printed, and the keys under which
-- records that may be one work meet. A PMID without a citation is one that identity has not seen.
-- A change to the recipe of the keys (identity/keys.sql) needs a step here that empties both.
CREATE TABLE citation (
    id BIGINT NOT NULL,
    pmid BIGINT NOT NULL,
    title VARCHAR NOT NULL,
    authors VARCHAR NOT NULL,
    year INTEGER NOT NULL,
    journal VARCHAR NOT NULL,
    volume VARCHAR NOT NULL,
    issue VARCHAR NOT NULL,
    pages VARCHAR NOT NULL,
    doi VARCHAR NOT NULL,
    pmcid VARCHAR NOT NULL,
    abstract VARCHAR NOT NULL,
    kind VARCHAR NOT NULL,
    updates VARCHAR NOT NULL
);

CREATE TABLE citation_key (
    id BIGINT NOT NULL,
    key UBIGINT NOT NULL
);

-- Keys are stored as numbers that later versions of DuckDB make, too: its own hash() may change.
CREATE MACRO citation_hash(text) AS md5_number_lower(text);
