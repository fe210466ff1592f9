-- PMIDs with one DOI or one PMCID are one work, unless a person has said otherwise.
INSERT INTO identity_link
SELECT DISTINCT
    least(fresh.pmid, other.pmid) AS a, greatest(fresh.pmid, other.pmid) AS b, rule, fresh.id,
    $now::TIMESTAMP, NULL::TIMESTAMP, ''
FROM (
    SELECT pmid, 'doi' AS rule, doi AS id FROM article UNION ALL SELECT pmid, 'pmcid', pmcid FROM article
) AS fresh
JOIN (
    SELECT pmid, 'doi' AS rule, doi AS id FROM article UNION ALL SELECT pmid, 'pmcid', pmcid FROM article
) AS other USING (rule, id)
WHERE fresh.pmid IN (SELECT unnest($pmids::BIGINT[])) AND fresh.id <> '' AND fresh.pmid <> other.pmid
    AND NOT EXISTS (
        FROM identity_link AS old
        WHERE old.a = least(fresh.pmid, other.pmid) AND old.b = greatest(fresh.pmid, other.pmid)
            AND (old.undone_by = 'person' OR (old.rule = rule AND old.undone IS NULL))
    )
