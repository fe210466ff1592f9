-- Two records of one work share a key though a field or two be wrong or missing: no key needs more
-- than three fields. Every key is narrow enough for its largest group to be compared pair by pair,
-- whole, so that what meets doesn't depend on how much else there is.
SELECT id, key
FROM (
    SELECT
        id,
        unnest(list_concat([
            if(length(plain) >= 30, 't' || plain, NULL),
            if(year > 0 AND length(plain) >= 12 AND name <> '', 'a' || year || name || left(plain, 20), NULL),
            if(year > 0 AND length(plain) >= 12 AND name <> '', 'z' || year || name || right(plain, 20), NULL),
            if(length(plain) >= 40 AND name <> '', 'n' || name || substr(plain, 16, 24), NULL),
            if(volume <> '' AND page <> '' AND name <> '', 'p' || volume || '/' || page || name, NULL),
            if(volume <> '' AND page <> '' AND plain <> '', 'q' || volume || '/' || page || left(plain, 8), NULL),
            if(doi <> '', 'd' || doi, NULL),
            if(pmcid <> '', 'c' || pmcid, NULL),
            if(pmid > 0, 'i' || pmid, NULL)
        ], if(updates = '', [], list_transform(string_split(updates, ';'), lambda other: 'i' || other)))) AS key
    FROM (
        SELECT
            id, pmid, year, doi, pmcid, updates,
            regexp_replace(
                lower(strip_accents(regexp_replace(title, '(.)\s*(\[[^\]]*\][\s.]*)+$', '\1'))),
                '[^\p{L}\p{N}]+', '', 'g'
            ) AS plain,
            left(regexp_replace(lower(strip_accents(author)), '[^\p{L}]+', '', 'g'), 5) AS name,
            ltrim(regexp_extract(volume, '\d+'), '0') AS volume,
            ltrim(regexp_extract(pages, '\d+'), '0') AS page
        FROM fresh
    )
)
WHERE key IS NOT NULL
