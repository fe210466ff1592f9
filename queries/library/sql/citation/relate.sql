-- What a crowd under one key is sorted by.
CREATE OR REPLACE TEMP VIEW described AS
SELECT id, title, split_part(authors, '|', 1) AS author, year, volume, pages, doi, pmcid FROM citation
