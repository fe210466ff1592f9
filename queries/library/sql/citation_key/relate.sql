SELECT DISTINCT least(new.id, other.id), greatest(new.id, other.id)
FROM citation_key AS new JOIN citation_key AS other ON new.key = other.key AND new.id <> other.id
WHERE new.id IN (SELECT unnest($pmids::BIGINT[]))
ORDER BY ALL
