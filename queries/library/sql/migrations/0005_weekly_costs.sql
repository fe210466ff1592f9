-- The day that PubMed created a record, so that a week's count reads no JSON.
ALTER TABLE article ADD COLUMN created DATE;
UPDATE article SET created = (record ->> '$.created')::TIMESTAMP::DATE;

-- What a watch saw and no digest has decided about, those held over among them: what `unreported`
-- would otherwise find by going through all that was ever seen.
CREATE TABLE undecided (
    watch VARCHAR NOT NULL,
    pmid BIGINT NOT NULL
);
INSERT INTO undecided
SELECT DISTINCT watch, pmid
FROM sighting
WHERE NOT EXISTS (
    FROM digest_entry AS entry
    WHERE entry.watch = sighting.watch AND entry.pmid = sighting.pmid AND entry.outcome <> 'held'
);

-- Arrays of int64 and of uint16, little-endian: written 40 times as fast as lists. What was counted
-- before is counted again when it is asked for.
DROP TABLE vector;
CREATE TABLE vector (
    pmid BIGINT NOT NULL,
    vocabulary VARCHAR NOT NULL,
    ids BLOB NOT NULL,
    counts BLOB NOT NULL
);
