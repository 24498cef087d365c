-- The spine: what is taught, to whom, when; who holds which seat; and the journal of it all.

CREATE TABLE dealer (
    id      TEXT PRIMARY KEY,
    name    TEXT NOT NULL,
    grp     TEXT,
    region  TEXT,
    city    TEXT NOT NULL,
    lat     REAL NOT NULL,
    lon     REAL NOT NULL,
    zone    TEXT NOT NULL,
    version INTEGER NOT NULL
);

CREATE TABLE location (
    id      TEXT PRIMARY KEY,
    name    TEXT NOT NULL,
    address TEXT NOT NULL,
    city    TEXT NOT NULL,
    country TEXT NOT NULL,
    lat     REAL NOT NULL,
    lon     REAL NOT NULL,
    zone    TEXT NOT NULL,
    rooms   TEXT NOT NULL,
    version INTEGER NOT NULL
);

CREATE TABLE course (
    id              TEXT PRIMARY KEY,
    title           TEXT NOT NULL,
    summary         TEXT NOT NULL,
    programme_type  TEXT NOT NULL CHECK (programme_type IN
                    ('onboarding', 'new-hire', 'compliance', 'employee-development', 'customer-partner')),
    topics          TEXT NOT NULL,
    track           TEXT,
    length_seconds  INTEGER NOT NULL,
    validity_months INTEGER,
    travel          BOOLEAN NOT NULL,
    prerequisites   TEXT NOT NULL,
    equivalents     TEXT NOT NULL,
    version         INTEGER NOT NULL
);

CREATE TABLE rule (
    scope    TEXT NOT NULL CHECK (scope IN ('global', 'dealer-group', 'course')),
    scope_of TEXT NOT NULL,
    rule     TEXT NOT NULL,
    value    INTEGER NOT NULL,
    PRIMARY KEY (scope, scope_of, rule)
);

-- Raised whenever a dealer, location, course or rule changes, so that hosts may keep them in memory and still be exact.
CREATE TABLE reference (
    single  INTEGER PRIMARY KEY CHECK (single = 1),
    version INTEGER NOT NULL
);
INSERT INTO reference (single, version) VALUES (1, 0);

CREATE TABLE person (
    id                    TEXT PRIMARY KEY,
    name                  TEXT NOT NULL,
    -- Small letters, as the program knows them: SQLite knows those of English only.
    folded                TEXT NOT NULL,
    email                 TEXT NOT NULL,
    dealer_id             TEXT REFERENCES dealer (id),
    roles                 TEXT NOT NULL,
    manager_id            TEXT REFERENCES person (id) DEFERRABLE INITIALLY DEFERRED,
    preferred_location_id TEXT REFERENCES location (id),
    interests             TEXT NOT NULL,
    zone                  TEXT NOT NULL,
    active                BOOLEAN NOT NULL,
    version               INTEGER NOT NULL
);
CREATE INDEX person_by_name ON person (name, id);
CREATE INDEX person_by_email ON person (email);
CREATE INDEX person_by_dealer ON person (dealer_id, name, id);
CREATE INDEX person_by_manager ON person (manager_id);

CREATE TABLE completion (
    person_id    TEXT NOT NULL REFERENCES person (id),
    course_id    TEXT NOT NULL REFERENCES course (id),
    completed_at INTEGER NOT NULL,
    PRIMARY KEY (person_id, course_id, completed_at)
) WITHOUT ROWID;

CREATE TABLE session (
    id            TEXT PRIMARY KEY,
    course_id     TEXT NOT NULL REFERENCES course (id),
    location_id   TEXT NOT NULL REFERENCES location (id),
    parts         TEXT NOT NULL,
    instructors   TEXT NOT NULL,
    starts_at     INTEGER NOT NULL,
    ends_at       INTEGER NOT NULL,
    status        TEXT NOT NULL CHECK (status IN ('draft', 'published', 'completed', 'cancelled')),
    status_at     INTEGER,
    status_reason TEXT,
    waitlist      BOOLEAN NOT NULL,
    minimum       INTEGER NOT NULL,
    version       INTEGER NOT NULL,
    -- the seat ledger
    capacity      INTEGER NOT NULL,
    confirmed     INTEGER NOT NULL,
    held          INTEGER NOT NULL,
    offered       INTEGER NOT NULL,
    reserved      INTEGER NOT NULL,
    open          INTEGER NOT NULL,
    waitlisted    INTEGER NOT NULL,
    over_capacity INTEGER NOT NULL,
    freed_at      INTEGER,
    CONSTRAINT five_numbers CHECK (capacity = confirmed + held + offered + reserved + open
        AND confirmed >= 0 AND held >= 0 AND offered >= 0 AND reserved >= 0 AND open >= 0
        AND waitlisted >= 0 AND over_capacity >= 0),
    CONSTRAINT status_has_its_data CHECK (status = 'draft' OR status_at IS NOT NULL)
);
CREATE INDEX session_by_end ON session (ends_at);

CREATE TABLE registration (
    id         TEXT PRIMARY KEY,
    session_id TEXT NOT NULL REFERENCES session (id),
    learner_id TEXT NOT NULL REFERENCES person (id),
    created_by TEXT NOT NULL,
    created_at INTEGER NOT NULL,
    status     TEXT NOT NULL CHECK (status IN
               ('confirmed', 'waitlisted', 'offered', 'not-placed', 'cancelled', 'late-cancelled', 'transferred',
               'substituted', 'session-cancelled')),
    status_at  INTEGER,
    -- of those who wait, or are offered a seat
    since      INTEGER,
    automatic  BOOLEAN,
    passed_at  INTEGER,
    lapses     INTEGER,
    skipped    TEXT,
    paused     BOOLEAN,
    told_at    INTEGER,
    -- the smallest first, before those who joined earlier; why, where that is so
    turn       INTEGER,
    priority_reason TEXT,
    until      INTEGER,
    warn_at    INTEGER,
    -- of those who handed their seat on: the registration that has it, or the one in the other session
    successor_id TEXT,
    sequence   INTEGER NOT NULL,
    -- denormalised from the session, for pages in order of its start
    starts_at  INTEGER NOT NULL,
    CONSTRAINT status_has_its_data CHECK (
        CASE status WHEN 'waitlisted' THEN since IS NOT NULL AND automatic IS NOT NULL AND lapses IS NOT NULL AND paused IS NOT NULL
                                        AND turn IS NOT NULL
                    WHEN 'offered' THEN since IS NOT NULL AND automatic IS NOT NULL AND lapses IS NOT NULL AND paused IS NOT NULL
                                        AND turn IS NOT NULL
                                        AND until IS NOT NULL
                    WHEN 'transferred' THEN status_at IS NOT NULL AND successor_id IS NOT NULL
                    WHEN 'substituted' THEN status_at IS NOT NULL AND successor_id IS NOT NULL
                    ELSE status_at IS NOT NULL END)
);
CREATE UNIQUE INDEX registration_live ON registration (learner_id, session_id)
    WHERE status IN ('confirmed', 'waitlisted', 'offered');
CREATE INDEX registration_of_session ON registration (session_id)
    WHERE status IN ('confirmed', 'waitlisted', 'offered');
CREATE INDEX registration_queue ON registration (session_id, turn, since, id) WHERE status = 'waitlisted';
CREATE INDEX registration_of_learner ON registration (learner_id, starts_at, id);
CREATE INDEX registration_by_start ON registration (starts_at, id);

-- Alternatives as they were shown.
CREATE TABLE shown (
    id         TEXT PRIMARY KEY,
    learner_id TEXT NOT NULL REFERENCES person (id),
    wanted_id  TEXT NOT NULL REFERENCES session (id),
    session_id TEXT NOT NULL REFERENCES session (id),
    rank       INTEGER NOT NULL,
    score      REAL NOT NULL,
    shown_at   INTEGER NOT NULL,
    expires_at INTEGER NOT NULL,
    taken_id   TEXT,
    body       TEXT NOT NULL
);

-- Secret calendar addresses; the secrets themselves are not kept.
CREATE TABLE feed (
    person_id TEXT PRIMARY KEY REFERENCES person (id),
    digest    TEXT NOT NULL UNIQUE
);

-- Answers to requests that came with a key.
CREATE TABLE remembered (
    person_id TEXT NOT NULL,
    key       TEXT NOT NULL,
    digest    TEXT NOT NULL,
    answer    TEXT NOT NULL,
    at        INTEGER NOT NULL,
    PRIMARY KEY (person_id, key)
) WITHOUT ROWID;
CREATE INDEX remembered_by_age ON remembered (at);

CREATE TABLE timer (
    kind            TEXT NOT NULL CHECK (kind IN ('offer-warning', 'offer-lapse', 'wait-end')),
    registration_id TEXT NOT NULL,
    due             INTEGER NOT NULL,
    -- when it can be claimed: when it is due, or when the lease of whoever claimed it ends
    free_at         INTEGER NOT NULL,
    PRIMARY KEY (kind, registration_id)
);
CREATE INDEX timer_by_freedom ON timer (free_at, kind, registration_id);

-- The journal's last number. Its row lock is taken last in a transaction and held to its end, so that numbers have no gaps
-- and follow the order of commits.
CREATE TABLE journal_head (
    single INTEGER PRIMARY KEY CHECK (single = 1),
    last INTEGER NOT NULL
);
INSERT INTO journal_head (single, last) VALUES (1, 0);

CREATE TABLE journal (
    sequence        INTEGER PRIMARY KEY,
    id              TEXT NOT NULL,
    at              INTEGER NOT NULL,
    kind            TEXT NOT NULL,
    actor           TEXT NOT NULL,
    session_id      TEXT,
    learner_id      TEXT,
    registration_id TEXT,
    reason          TEXT,
    correlation     TEXT NOT NULL,
    event           TEXT NOT NULL,
    seats           TEXT
);
CREATE INDEX journal_of_registration ON journal (registration_id, sequence) WHERE registration_id IS NOT NULL;

-- How far each follower of the journal has come.
CREATE TABLE follower (
    name     TEXT PRIMARY KEY,
    sequence INTEGER NOT NULL
);
