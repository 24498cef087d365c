-- What was told of the journal, word for word: sent the same for ever.

CREATE TABLE statement (
    number      BIGINT PRIMARY KEY,
    id          UUID NOT NULL UNIQUE,
    -- the entry of the journal that it tells of
    sequence    BIGINT NOT NULL,
    topic       TEXT NOT NULL CHECK (topic IN ('scheduled', 'registration', 'attendance', 'completion')),
    verb        TEXT NOT NULL,
    -- what keeps it in order: the session, else the course
    key         UUID NOT NULL,
    -- what a correction would be about
    subject     TEXT,
    at          TIMESTAMPTZ NOT NULL,
    correlation UUID NOT NULL,
    causation   UUID NOT NULL,
    body        TEXT NOT NULL
);
CREATE INDEX statement_by_subject ON statement (subject, number) WHERE subject IS NOT NULL;

-- What only one of several hosts does at a time.
CREATE TABLE lease (
    name   TEXT PRIMARY KEY,
    holder UUID NOT NULL,
    until  TIMESTAMPTZ NOT NULL
);

-- Statements that somebody never takes, by the follower that could not deliver them.
CREATE TABLE dead_letter (
    follower     TEXT NOT NULL,
    statement_id UUID NOT NULL,
    reason       TEXT NOT NULL,
    status       BIGINT,
    at           TIMESTAMPTZ NOT NULL,
    PRIMARY KEY (follower, statement_id)
);
