-- Terms as queries/tokens.py counts them; those kept before were nobody's.
DROP TABLE vector;
CREATE TABLE vector (
    pmid BIGINT NOT NULL,
    vocabulary VARCHAR NOT NULL,
    ids BIGINT[] NOT NULL,
    counts USMALLINT[] NOT NULL
);
