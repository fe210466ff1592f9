-- The watches that ran, by name and by the seed that their file named last; `retired` is when a person ended one.
CREATE TABLE watch (
    name VARCHAR NOT NULL,
    doi VARCHAR NOT NULL,
    pmid BIGINT,
    first TIMESTAMP NOT NULL,
    last TIMESTAMP NOT NULL,
    retired TIMESTAMP
);

INSERT INTO watch
SELECT
    run.watch,
    coalesce(any_value(split_part(seed_set.anchor, ' ', 1)), ''),
    any_value(TRY_CAST(split_part(seed_set.anchor, ' ', 2) AS BIGINT)),
    min(run.started), max(run.ended), NULL
FROM run LEFT JOIN seed_set ON seed_set.watch = run.watch
GROUP BY run.watch;
