SELECT DISTINCT a.id, b.id
FROM citation_key AS a JOIN citation_key AS b ON a.key = b.key AND a.id < b.id
ORDER BY ALL
