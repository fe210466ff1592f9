UPDATE identity_link SET undone = coalesce(undone, $now::TIMESTAMP), undone_by = 'record'
FROM (
    SELECT unnest($a::BIGINT[]) AS a, unnest($b::BIGINT[]) AS b, unnest($rule::VARCHAR[]) AS rule
) AS over
WHERE identity_link.a = over.a AND identity_link.b = over.b AND identity_link.rule = over.rule
    AND undone_by IN ('', 'veto')
