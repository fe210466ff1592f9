SELECT a, b, rule, evidence, made, undone, undone_by
FROM identity_link
WHERE $pmids::BIGINT[] IS NULL
    OR a IN (SELECT unnest($pmids::BIGINT[]))
    OR b IN (SELECT unnest($pmids::BIGINT[]))
ORDER BY a, b, rule, made
