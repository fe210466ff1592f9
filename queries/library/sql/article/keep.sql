INSERT INTO article
SELECT
    pmid, title, journal, published, doi, pmcid, revised::DATE, hash, first_fetched, $now::TIMESTAMP, record,
    created::DATE
FROM fresh
