MERGE INTO article USING (
    SELECT
        unnest($pmid::BIGINT[]) AS pmid, unnest($title::VARCHAR[]) AS title,
        unnest($journal::VARCHAR[]) AS journal, unnest($published::VARCHAR[]) AS published,
        unnest($doi::VARCHAR[]) AS doi, unnest($pmcid::VARCHAR[]) AS pmcid,
        unnest($revised::DATE[]) AS revised, unnest($hash::VARCHAR[]) AS hash,
        $now::TIMESTAMP AS last_fetched, unnest($record::VARCHAR[]) AS record
) AS newer ON article.pmid = newer.pmid
WHEN MATCHED THEN UPDATE SET
    title = newer.title, journal = newer.journal, published = newer.published, doi = newer.doi,
    pmcid = newer.pmcid, revised = newer.revised, hash = newer.hash,
    last_fetched = newer.last_fetched, record = newer.record
WHEN NOT MATCHED THEN INSERT VALUES (
    newer.pmid, newer.title, newer.journal, newer.published, newer.doi, newer.pmcid, newer.revised,
    newer.hash, newer.last_fetched, newer.last_fetched, newer.record
)
