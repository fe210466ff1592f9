-- What a watch compares with. `anchor` is the seed as the watch file named it when it was looked up.
CREATE TABLE seed_set (
    watch VARCHAR NOT NULL,
    anchor VARCHAR NOT NULL,
    role VARCHAR NOT NULL,
    pmid BIGINT NOT NULL
);
