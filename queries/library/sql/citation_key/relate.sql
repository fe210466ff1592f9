-- Every record under the keys of the fresh ones.
CREATE OR REPLACE TEMP TABLE met AS
WITH fresh AS (
    SELECT unnest($pmids::BIGINT[]) AS id
),
shared AS (
    SELECT DISTINCT key FROM citation_key SEMI JOIN fresh USING (id)
)
SELECT key, id, id IN (SELECT id FROM fresh) AS fresh FROM citation_key SEMI JOIN shared USING (key)
