-- Pairs of records under one key, each pair once, one of the two being fresh. A key that more than
-- $most records share is no evidence by itself: there each meets only the $neighbours after it, as
-- titles sort, so that pairs grow with records and not with their square. What is lost are two records
-- far apart in that order under every key that they share: each other key is looked at by itself.
WITH crowd AS (
    SELECT key FROM met GROUP BY key HAVING count(*) > $most
),
placed AS MATERIALIZED (
    SELECT
        met.key, met.id, met.fresh,
        row_number() OVER (
            PARTITION BY met.key
            ORDER BY
                regexp_replace(lower(strip_accents(title)), '[^\p{L}\p{N}]+', '', 'g'),
                author, year, volume, pages, doi, pmcid, met.id
        ) AS place
    FROM met SEMI JOIN crowd USING (key) JOIN described ON described.id = met.id
),
few AS MATERIALIZED (
    SELECT key, id, fresh FROM met ANTI JOIN crowd USING (key)
),
meeting AS (
    SELECT one.id AS one, other.id AS other
    FROM few AS one JOIN few AS other ON other.key = one.key AND one.id < other.id
    WHERE one.fresh OR other.fresh
    UNION ALL
    SELECT least(one.id, other.id), greatest(one.id, other.id)
    FROM (SELECT *, place + unnest(range(1, $neighbours + 1)) AS next FROM placed) AS one
    JOIN placed AS other ON other.key = one.key AND other.place = one.next
    WHERE (one.fresh OR other.fresh) AND one.id <> other.id
)
SELECT DISTINCT one, other FROM meeting ORDER BY ALL
