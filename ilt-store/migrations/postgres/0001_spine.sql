-- The spine: what is taught, to whom, when; who holds which seat; and the journal of it all.

CREATE TABLE dealer (
    id      UUID PRIMARY KEY,
    name    TEXT NOT NULL,
    grp     TEXT,
    region  TEXT,
    city    TEXT NOT NULL,
    lat     DOUBLE PRECISION NOT NULL,
    lon     DOUBLE PRECISION NOT NULL,
    zone    TEXT NOT NULL,
    version BIGINT NOT NULL
);

CREATE TABLE location (
    id      UUID PRIMARY KEY,
    name    TEXT NOT NULL,
    address TEXT NOT NULL,
    city    TEXT NOT NULL,
    country TEXT NOT NULL,
    lat     DOUBLE PRECISION NOT NULL,
    lon     DOUBLE PRECISION NOT NULL,
    zone    TEXT NOT NULL,
    rooms   JSONB NOT NULL,
    version BIGINT NOT NULL
);

CREATE TABLE course (
    id              UUID PRIMARY KEY,
    title           TEXT NOT NULL,
    summary         TEXT NOT NULL,
    programme_type  TEXT NOT NULL CHECK (programme_type IN
                    ('onboarding', 'new-hire', 'compliance', 'employee-development', 'customer-partner')),
    topics          JSONB NOT NULL,
    track           TEXT,
    length_seconds  BIGINT NOT NULL,
    validity_months BIGINT,
    travel          BOOLEAN NOT NULL,
    prerequisites   JSONB NOT NULL,
    equivalents     JSONB NOT NULL,
    version         BIGINT NOT NULL
);

CREATE TABLE rule (
    scope    TEXT NOT NULL CHECK (scope IN ('global', 'dealer-group', 'course')),
    scope_of TEXT NOT NULL,
    rule     TEXT NOT NULL,
    value    BIGINT NOT NULL,
    PRIMARY KEY (scope, scope_of, rule)
);

-- Raised whenever a dealer, location, course or rule changes, so that hosts may keep them in memory and still be exact.
CREATE TABLE reference (
    single  BIGINT PRIMARY KEY CHECK (single = 1),
    version BIGINT NOT NULL
);
INSERT INTO reference (single, version) VALUES (1, 0);

CREATE TABLE person (
    id                    UUID PRIMARY KEY,
    name                  TEXT COLLATE "C" NOT NULL,
    -- Small letters, as the program knows them: SQLite knows those of English only.
    folded                TEXT NOT NULL,
    email                 TEXT NOT NULL,
    dealer_id             UUID REFERENCES dealer (id),
    roles                 JSONB NOT NULL,
    manager_id            UUID REFERENCES person (id) DEFERRABLE INITIALLY DEFERRED,
    preferred_location_id UUID REFERENCES location (id),
    interests             JSONB NOT NULL,
    zone                  TEXT NOT NULL,
    active                BOOLEAN NOT NULL,
    version               BIGINT NOT NULL
);
CREATE INDEX person_by_name ON person (name, id);
CREATE INDEX person_by_email ON person (email);
CREATE INDEX person_by_dealer ON person (dealer_id, name, id);
CREATE INDEX person_by_manager ON person (manager_id);

CREATE TABLE completion (
    person_id    UUID NOT NULL REFERENCES person (id),
    course_id    UUID NOT NULL REFERENCES course (id),
    completed_at TIMESTAMPTZ NOT NULL,
    PRIMARY KEY (person_id, course_id, completed_at)
);

CREATE TABLE session (
    id            UUID PRIMARY KEY,
    course_id     UUID NOT NULL REFERENCES course (id),
    location_id   UUID NOT NULL REFERENCES location (id),
    parts         JSONB NOT NULL,
    instructors   JSONB NOT NULL,
    starts_at     TIMESTAMPTZ NOT NULL,
    ends_at       TIMESTAMPTZ NOT NULL,
    status        TEXT NOT NULL CHECK (status IN ('draft', 'published', 'completed', 'cancelled')),
    status_at     TIMESTAMPTZ,
    status_reason TEXT,
    waitlist      BOOLEAN NOT NULL,
    minimum       BIGINT NOT NULL,
    version       BIGINT NOT NULL,
    -- the seat ledger
    capacity      BIGINT NOT NULL,
    confirmed     BIGINT NOT NULL,
    held          BIGINT NOT NULL,
    offered       BIGINT NOT NULL,
    reserved      BIGINT NOT NULL,
    open          BIGINT NOT NULL,
    waitlisted    BIGINT NOT NULL,
    over_capacity BIGINT NOT NULL,
    freed_at      TIMESTAMPTZ,
    CONSTRAINT five_numbers CHECK (capacity = confirmed + held + offered + reserved + open
        AND confirmed >= 0 AND held >= 0 AND offered >= 0 AND reserved >= 0 AND open >= 0
        AND waitlisted >= 0 AND over_capacity >= 0),
    CONSTRAINT status_has_its_data CHECK (status = 'draft' OR status_at IS NOT NULL)
) WITH (fillfactor = 70);
CREATE INDEX session_by_end ON session (ends_at);

CREATE TABLE registration (
    id         UUID PRIMARY KEY,
    session_id UUID NOT NULL REFERENCES session (id),
    learner_id UUID NOT NULL REFERENCES person (id),
    created_by TEXT NOT NULL,
    created_at TIMESTAMPTZ NOT NULL,
    status     TEXT NOT NULL CHECK (status IN
               ('confirmed', 'waitlisted', 'offered', 'not-placed', 'cancelled', 'late-cancelled', 'transferred',
               'substituted', 'session-cancelled')),
    status_at  TIMESTAMPTZ,
    -- of those who wait, or are offered a seat
    since      TIMESTAMPTZ,
    automatic  BOOLEAN,
    passed_at  TIMESTAMPTZ,
    lapses     BIGINT,
    skipped    TEXT,
    paused     BOOLEAN,
    told_at    TIMESTAMPTZ,
    -- the smallest first, before those who joined earlier; why, where that is so
    turn       BIGINT,
    priority_reason TEXT,
    until      TIMESTAMPTZ,
    warn_at    TIMESTAMPTZ,
    -- of those who handed their seat on: the registration that has it, or the one in the other session
    successor_id UUID,
    sequence   BIGINT NOT NULL,
    -- denormalised from the session, for pages in order of its start
    starts_at  TIMESTAMPTZ NOT NULL,
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
    id         UUID PRIMARY KEY,
    learner_id UUID NOT NULL REFERENCES person (id),
    wanted_id  UUID NOT NULL REFERENCES session (id),
    session_id UUID NOT NULL REFERENCES session (id),
    rank       BIGINT NOT NULL,
    score      DOUBLE PRECISION NOT NULL,
    shown_at   TIMESTAMPTZ NOT NULL,
    expires_at TIMESTAMPTZ NOT NULL,
    taken_id   UUID,
    body       JSONB NOT NULL
);

-- Secret calendar addresses; the secrets themselves are not kept.
CREATE TABLE feed (
    person_id UUID PRIMARY KEY REFERENCES person (id),
    digest    TEXT NOT NULL UNIQUE
);

-- Answers to requests that came with a key.
CREATE TABLE remembered (
    person_id UUID NOT NULL,
    key       TEXT NOT NULL,
    digest    TEXT NOT NULL,
    answer    JSONB NOT NULL,
    at        TIMESTAMPTZ NOT NULL,
    PRIMARY KEY (person_id, key)
);
CREATE INDEX remembered_by_age ON remembered (at);

CREATE TABLE timer (
    kind            TEXT NOT NULL CHECK (kind IN ('offer-warning', 'offer-lapse', 'wait-end')),
    registration_id UUID NOT NULL,
    due             TIMESTAMPTZ NOT NULL,
    -- when it can be claimed: when it is due, or when the lease of whoever claimed it ends
    free_at         TIMESTAMPTZ NOT NULL,
    PRIMARY KEY (kind, registration_id)
);
CREATE INDEX timer_by_freedom ON timer (free_at, kind, registration_id);

-- The journal's last number. Its row lock is taken last in a transaction and held to its end, so that numbers have no gaps
-- and follow the order of commits.
CREATE TABLE journal_head (
    single BIGINT PRIMARY KEY CHECK (single = 1),
    last BIGINT NOT NULL
) WITH (fillfactor = 70);
INSERT INTO journal_head (single, last) VALUES (1, 0);

CREATE TABLE journal (
    sequence        BIGINT PRIMARY KEY,
    id              UUID NOT NULL,
    at              TIMESTAMPTZ NOT NULL,
    kind            TEXT NOT NULL,
    actor           TEXT NOT NULL,
    session_id      UUID,
    learner_id      UUID,
    registration_id UUID,
    reason          TEXT,
    correlation     UUID NOT NULL,
    event           JSONB NOT NULL,
    seats           JSONB
);
CREATE INDEX journal_of_registration ON journal (registration_id, sequence) WHERE registration_id IS NOT NULL;

-- How far each follower of the journal has come.
CREATE TABLE follower (
    name     TEXT PRIMARY KEY,
    sequence BIGINT NOT NULL
);
