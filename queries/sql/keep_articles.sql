MERGE INTO article USING (
    SELECT * REPLACE (revised::DATE AS revised), $now::TIMESTAMP AS last_fetched FROM fresh
) AS newer ON article.pmid = newer.pmid
WHEN MATCHED THEN UPDATE SET
    title = newer.title, journal = newer.journal, published = newer.published, doi = newer.doi,
    pmcid = newer.pmcid, revised = newer.revised, hash = newer.hash,
    last_fetched = newer.last_fetched, record = newer.record
WHEN NOT MATCHED THEN INSERT VALUES (
    newer.pmid, newer.title, newer.journal, newer.published, newer.doi, newer.pmcid, newer.revised,
    newer.hash, newer.last_fetched, newer.last_fetched, newer.record
)
