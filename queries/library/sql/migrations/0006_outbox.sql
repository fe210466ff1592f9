-- What is sent: one row an address or message, with its bytes as they were when the digest was recorded. `due`
-- is when it is tried by itself. Rows without bytes are of an earlier version, which kept none.
CREATE TABLE parcel (
    watch VARCHAR NOT NULL,
    number INTEGER NOT NULL,
    recipient VARCHAR NOT NULL,
    address VARCHAR NOT NULL,
    part INTEGER NOT NULL,
    parts INTEGER NOT NULL,
    state VARCHAR NOT NULL,
    tries INTEGER NOT NULL,
    changed TIMESTAMP NOT NULL,
    due TIMESTAMP,
    message_id VARCHAR NOT NULL,
    reason VARCHAR NOT NULL,
    body BLOB
);

INSERT INTO parcel
SELECT
    watch, number, recipient, '', 1, 1, state, tries, changed,
    CASE WHEN state IN ('planned', 'failed') THEN changed END, message_id, reason, NULL
FROM delivery;

-- Which PMIDs each recipient's own digest told him: changes of others are not his.
CREATE TABLE reader_entry (
    watch VARCHAR NOT NULL,
    number INTEGER NOT NULL,
    recipient VARCHAR NOT NULL,
    pmid BIGINT NOT NULL
);

INSERT INTO reader_entry
SELECT delivery.watch, delivery.number, delivery.recipient, digest_entry.pmid
FROM delivery JOIN digest_entry USING (watch, number)
WHERE digest_entry.outcome = 'told';

DROP TABLE delivery;
