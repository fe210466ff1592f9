-- Times are UTC, days are US Eastern. No keys and no indexes: one process writes at a time, each
-- write is one transaction, and an index makes DuckDB's upserts 5 to 14 times slower.

-- The newest version of each PMID. `record` is the Article as JSON; the columns are for asking.
CREATE TABLE article (
    pmid BIGINT NOT NULL,
    title VARCHAR NOT NULL,
    journal VARCHAR NOT NULL,
    published VARCHAR NOT NULL,
    doi VARCHAR NOT NULL,
    pmcid VARCHAR NOT NULL,
    revised DATE,
    hash VARCHAR NOT NULL,
    first_fetched TIMESTAMP NOT NULL,
    last_fetched TIMESTAMP NOT NULL,
    record VARCHAR NOT NULL
);

-- What a later fetch found changed; `before` holds the old values of `fields` as JSON.
CREATE TABLE revision (
    pmid BIGINT NOT NULL,
    noted TIMESTAMP NOT NULL,
    fields VARCHAR[] NOT NULL,
    words VARCHAR[] NOT NULL,
    before VARCHAR NOT NULL
);

-- Two PMIDs (a < b) that are one work. `undone_by` is 'person', which is honoured for ever, or
-- 'record', when the records no longer say it.
CREATE TABLE identity_link (
    a BIGINT NOT NULL,
    b BIGINT NOT NULL,
    rule VARCHAR NOT NULL,
    evidence VARCHAR NOT NULL,
    made TIMESTAMP NOT NULL,
    undone TIMESTAMP,
    undone_by VARCHAR NOT NULL
);

-- A flow that ran. `fingerprint` tells a harvest that is remembered once more from a second one.
CREATE TABLE run (
    id BIGINT NOT NULL,
    watch VARCHAR NOT NULL,
    flow VARCHAR NOT NULL,
    started TIMESTAMP NOT NULL,
    ended TIMESTAMP NOT NULL,
    trouble VARCHAR[] NOT NULL,
    fingerprint VARCHAR NOT NULL
);

-- The ledger: what became of each slice of each question.
CREATE TABLE ask (
    run BIGINT NOT NULL,
    topic VARCHAR NOT NULL,
    lane VARCHAR NOT NULL,
    slice INTEGER NOT NULL,
    term VARCHAR NOT NULL,
    field VARCHAR,
    since DATE,
    until DATE,
    translation VARCHAR NOT NULL,
    warnings VARCHAR[] NOT NULL,
    count BIGINT NOT NULL,
    received BIGINT NOT NULL,
    known BIGINT NOT NULL,
    new BIGINT NOT NULL,
    missing BIGINT NOT NULL,
    refused BIGINT NOT NULL,
    error VARCHAR NOT NULL
);

CREATE TABLE sighting (
    watch VARCHAR NOT NULL,
    topic VARCHAR NOT NULL,
    lane VARCHAR NOT NULL,
    pmid BIGINT NOT NULL,
    first_seen TIMESTAMP NOT NULL,
    last_seen TIMESTAMP NOT NULL
);

-- Counted by PubMed and not handed out, or handed out and not readable.
CREATE TABLE pending (
    watch VARCHAR NOT NULL,
    pmid BIGINT NOT NULL,
    first_asked TIMESTAMP NOT NULL,
    last_asked TIMESTAMP NOT NULL,
    tries INTEGER NOT NULL,
    reason VARCHAR NOT NULL
);

-- Every record that could not be read, also those without a PMID.
CREATE TABLE refusal (
    run BIGINT NOT NULL,
    pmid BIGINT,
    reason VARCHAR NOT NULL
);

CREATE TABLE watermark (
    watch VARCHAR NOT NULL,
    topic VARCHAR NOT NULL,
    lane VARCHAR NOT NULL,
    until DATE NOT NULL
);

-- A PMID that PubMed deleted.
CREATE TABLE tombstone (
    pmid BIGINT NOT NULL,
    successor BIGINT,
    found TIMESTAMP NOT NULL,
    reason VARCHAR NOT NULL
);

-- What an article is to a ranker: term ids of a vocabulary and their weights, computed once.
CREATE TABLE vector (
    pmid BIGINT NOT NULL,
    vocabulary VARCHAR NOT NULL,
    ids INTEGER[] NOT NULL,
    weights FLOAT[] NOT NULL
);

CREATE TABLE digest (
    watch VARCHAR NOT NULL,
    number INTEGER NOT NULL,
    made TIMESTAMP NOT NULL,
    since DATE NOT NULL,
    until DATE NOT NULL,
    subject VARCHAR NOT NULL,
    found BIGINT NOT NULL,
    known BIGINT NOT NULL,
    merged BIGINT NOT NULL,
    below BIGINT NOT NULL,
    held BIGINT NOT NULL,
    told BIGINT NOT NULL,
    ranker VARCHAR NOT NULL,
    body VARCHAR NOT NULL
);

-- What was decided about a PMID; number 0 is the baseline, known before the first digest.
CREATE TABLE digest_entry (
    watch VARCHAR NOT NULL,
    number INTEGER NOT NULL,
    pmid BIGINT NOT NULL,
    work BIGINT NOT NULL,
    outcome VARCHAR NOT NULL,
    kind VARCHAR NOT NULL,
    score DOUBLE,
    position INTEGER,
    decided TIMESTAMP NOT NULL
);

-- Scores with their parts, as JSON.
CREATE TABLE score (
    watch VARCHAR NOT NULL,
    number INTEGER NOT NULL,
    pmid BIGINT NOT NULL,
    score DOUBLE NOT NULL,
    parts VARCHAR NOT NULL,
    why VARCHAR NOT NULL,
    title_only BOOLEAN NOT NULL,
    ranker VARCHAR NOT NULL
);

CREATE TABLE delivery (
    watch VARCHAR NOT NULL,
    number INTEGER NOT NULL,
    recipient VARCHAR NOT NULL,
    state VARCHAR NOT NULL,
    tries INTEGER NOT NULL,
    changed TIMESTAMP NOT NULL,
    message_id VARCHAR NOT NULL,
    reason VARCHAR NOT NULL
);

CREATE TABLE feedback (
    watch VARCHAR NOT NULL,
    pmid BIGINT NOT NULL,
    relevant BOOLEAN NOT NULL,
    given TIMESTAMP NOT NULL,
    reader VARCHAR NOT NULL
);
