-- What readers say by a tap or a mail has an id, by which it is kept once, and was `heard` perhaps later than it was
-- given; a verdict without `relevant` takes the reader's last one back.
ALTER TABLE feedback ALTER COLUMN relevant DROP NOT NULL;
ALTER TABLE feedback ADD COLUMN id VARCHAR;
ALTER TABLE feedback ADD COLUMN heard TIMESTAMP;

-- Addresses that want no more of a watch (`stopped`), or want it again; the newest row counts.
CREATE TABLE unsubscription (
    watch VARCHAR NOT NULL,
    address VARCHAR NOT NULL,
    stopped BOOLEAN NOT NULL,
    given TIMESTAMP NOT NULL,
    id VARCHAR NOT NULL
);

-- What a watch was called before: the links in old digests name it so.
CREATE TABLE former_name (
    watch VARCHAR NOT NULL,
    name VARCHAR NOT NULL
);
