-- A seed that the file names by its DOI has the PMID that PubMed gave for it.
SELECT
    name, doi,
    coalesce(watch.pmid, (
        SELECT any_value(seed_set.pmid) FROM seed_set WHERE seed_set.watch = watch.name AND role = 'seed'
    )) AS pmid,
    first, last, retired
FROM watch
ORDER BY name
