-- PMIDs of one DOI.
SELECT citation.* FROM citation
WHERE doi IN (SELECT doi FROM citation WHERE doi <> '' GROUP BY doi HAVING count(*) > 1)
ORDER BY id
