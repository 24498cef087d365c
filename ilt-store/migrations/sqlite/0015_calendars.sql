-- What calendars are to show, and what is known of them.

-- Sessions to be looked at: how often that was wanted, and whose it is just now.
CREATE TABLE calendar_due (
    session_id   TEXT PRIMARY KEY,
    wanted       INTEGER NOT NULL,
    since        INTEGER NOT NULL,
    due_at       INTEGER NOT NULL,
    leased_until INTEGER NOT NULL,
    attempts     INTEGER NOT NULL
);
CREATE INDEX calendar_due_by_time ON calendar_due (due_at, session_id);
CREATE INDEX calendar_due_by_age ON calendar_due (since);

-- Where a part of a session may be: written down before anything is made there.
CREATE TABLE calendar_place (
    session_id    TEXT NOT NULL,
    part          INTEGER NOT NULL,
    instructor_id TEXT NOT NULL,
    event_type    TEXT,
    schedule      TEXT,
    PRIMARY KEY (session_id, part, instructor_id)
);
CREATE INDEX calendar_place_by_instructor ON calendar_place (instructor_id);

-- Who has which seat there.
CREATE TABLE calendar_seat (
    session_id      TEXT NOT NULL,
    registration_id TEXT NOT NULL,
    part            INTEGER NOT NULL,
    booking         TEXT NOT NULL,
    seat            TEXT NOT NULL,
    PRIMARY KEY (session_id, registration_id, part)
);
CREATE INDEX calendar_seat_by_registration ON calendar_seat (registration_id);

-- When a session was looked at last, and what differs.
CREATE TABLE calendar_look (
    session_id  TEXT PRIMARY KEY,
    at          INTEGER NOT NULL,
    differences INTEGER NOT NULL,
    differs     TEXT NOT NULL
);
CREATE INDEX calendar_look_differing ON calendar_look (at, session_id) WHERE differences > 0;

-- Instructors whose calendars can be written to; their keys are sealed.
CREATE TABLE calendar_link (
    instructor_id TEXT PRIMARY KEY,
    user_id       TEXT NOT NULL,
    username      TEXT NOT NULL,
    sealed        BLOB NOT NULL,
    linked_at     INTEGER NOT NULL
);
