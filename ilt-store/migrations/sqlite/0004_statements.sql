-- What was told of the journal, word for word: sent the same for ever.

CREATE TABLE statement (
    number      INTEGER PRIMARY KEY,
    id          TEXT NOT NULL UNIQUE,
    -- the entry of the journal that it tells of
    sequence    INTEGER NOT NULL,
    topic       TEXT NOT NULL CHECK (topic IN ('scheduled', 'registration', 'attendance', 'completion')),
    verb        TEXT NOT NULL,
    -- what keeps it in order: the session, else the course
    key         TEXT NOT NULL,
    -- what a correction would be about
    subject     TEXT,
    at          INTEGER NOT NULL,
    correlation TEXT NOT NULL,
    causation   TEXT NOT NULL,
    body        TEXT NOT NULL
);
CREATE INDEX statement_by_subject ON statement (subject, number) WHERE subject IS NOT NULL;

-- What only one of several hosts does at a time.
CREATE TABLE lease (
    name   TEXT PRIMARY KEY,
    holder TEXT NOT NULL,
    until  INTEGER NOT NULL
);

-- Statements that somebody never takes, by the follower that could not deliver them.
CREATE TABLE dead_letter (
    follower     TEXT NOT NULL,
    statement_id TEXT NOT NULL,
    reason       TEXT NOT NULL,
    status       INTEGER,
    at           INTEGER NOT NULL,
    PRIMARY KEY (follower, statement_id)
);
