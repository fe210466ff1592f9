SELECT revision.pmid, noted, before ->> '$.doi' AS earlier, article.doi
FROM revision JOIN article ON article.pmid = revision.pmid
WHERE list_contains(fields, 'doi') AND earlier <> '' AND earlier <> article.doi
ORDER BY revision.pmid, noted
