-- What calendars are to show, and what is known of them.

-- Sessions to be looked at: how often that was wanted, and whose it is just now.
CREATE TABLE calendar_due (
    session_id   UUID PRIMARY KEY,
    wanted       BIGINT NOT NULL,
    since        TIMESTAMPTZ NOT NULL,
    due_at       TIMESTAMPTZ NOT NULL,
    leased_until TIMESTAMPTZ NOT NULL,
    attempts     BIGINT NOT NULL
);
CREATE INDEX calendar_due_by_time ON calendar_due (due_at, session_id);
CREATE INDEX calendar_due_by_age ON calendar_due (since);

-- Where a part of a session may be: written down before anything is made there.
CREATE TABLE calendar_place (
    session_id    UUID NOT NULL,
    part          BIGINT NOT NULL,
    instructor_id UUID NOT NULL,
    event_type    TEXT,
    schedule      TEXT,
    PRIMARY KEY (session_id, part, instructor_id)
);
CREATE INDEX calendar_place_by_instructor ON calendar_place (instructor_id);

-- Who has which seat there.
CREATE TABLE calendar_seat (
    session_id      UUID NOT NULL,
    registration_id UUID NOT NULL,
    part            BIGINT NOT NULL,
    booking         TEXT NOT NULL,
    seat            TEXT NOT NULL,
    PRIMARY KEY (session_id, registration_id, part)
);
CREATE INDEX calendar_seat_by_registration ON calendar_seat (registration_id);

-- When a session was looked at last, and what differs.
CREATE TABLE calendar_look (
    session_id  UUID PRIMARY KEY,
    at          TIMESTAMPTZ NOT NULL,
    differences BIGINT NOT NULL,
    differs     JSONB NOT NULL
);
CREATE INDEX calendar_look_differing ON calendar_look (at, session_id) WHERE differences > 0;

-- Instructors whose calendars can be written to; their keys are sealed.
CREATE TABLE calendar_link (
    instructor_id UUID PRIMARY KEY,
    user_id       TEXT NOT NULL,
    username      TEXT NOT NULL,
    sealed        BYTEA NOT NULL,
    linked_at     TIMESTAMPTZ NOT NULL
);
