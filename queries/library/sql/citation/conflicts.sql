-- PMIDs of one DOI.
SELECT id, pmid, title, authors, year, journal, volume, issue, pages, doi, pmcid, abstract, kind, updates
FROM citation
WHERE doi IN (SELECT doi FROM citation WHERE doi <> '' GROUP BY doi HAVING count(*) > 1)
ORDER BY id
