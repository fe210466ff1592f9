INSERT INTO citation
SELECT id, pmid, title, authors, year, journal, volume, issue, pages, doi, pmcid, abstract, kind, updates FROM fresh
