-- Registration as a whole: approval, swaps, groups, seat blocks, sessions that move, and timers of more than registrations.
-- What a check allows cannot be altered here, so tables with a new one are written anew; nothing refers to them.

CREATE TABLE registration_new (
    id              TEXT PRIMARY KEY,
    session_id      TEXT NOT NULL REFERENCES session (id),
    learner_id      TEXT NOT NULL REFERENCES person (id),
    created_by      TEXT NOT NULL,
    created_at      INTEGER NOT NULL,
    status          TEXT NOT NULL CHECK (status IN
                    ('confirmed', 'held', 'waitlisted', 'offered', 'declined', 'request-lapsed', 'not-placed', 'cancelled',
                    'late-cancelled', 'transferred', 'substituted', 'session-cancelled')),
    status_at       INTEGER,
    since           INTEGER,
    automatic       BOOLEAN,
    passed_at       INTEGER,
    lapses          INTEGER,
    skipped         TEXT,
    paused          BOOLEAN,
    told_at         INTEGER,
    turn            INTEGER,
    priority_reason TEXT,
    until           INTEGER,
    warn_at         INTEGER,
    successor_id    TEXT,
    sequence        INTEGER NOT NULL,
    starts_at       INTEGER NOT NULL,
    -- whoever must approve has, before there was a seat
    approved        BOOLEAN NOT NULL DEFAULT false,
    -- the seat in another session that is given back for this one
    gives_back_id   TEXT,
    -- those who wait together, all or none
    group_id        TEXT,
    -- who was there, part by part, and what that came to
    attendance      TEXT,
    outcome         TEXT CHECK (outcome IN ('attended', 'partial', 'no-show', 'excused')),
    CONSTRAINT status_has_its_data CHECK (
        CASE WHEN status IN ('waitlisted', 'offered')
             THEN since IS NOT NULL AND automatic IS NOT NULL AND lapses IS NOT NULL AND paused IS NOT NULL
                  AND turn IS NOT NULL AND (status = 'waitlisted' OR until IS NOT NULL)
             WHEN status = 'held' THEN status_at IS NOT NULL AND until IS NOT NULL
             WHEN status IN ('transferred', 'substituted') THEN status_at IS NOT NULL AND successor_id IS NOT NULL
             ELSE status_at IS NOT NULL END)
);
INSERT INTO registration_new (id, session_id, learner_id, created_by, created_at, status, status_at, since, automatic,
                              passed_at, lapses, skipped, paused, told_at, turn, priority_reason, until, warn_at,
                              successor_id, sequence, starts_at)
SELECT id, session_id, learner_id, created_by, created_at, status, status_at, since, automatic, passed_at, lapses, skipped,
       paused, told_at, turn, priority_reason, until, warn_at, successor_id, sequence, starts_at
  FROM registration;
DROP TABLE registration;
ALTER TABLE registration_new RENAME TO registration;

CREATE UNIQUE INDEX registration_live ON registration (learner_id, session_id)
    WHERE status IN ('confirmed', 'held', 'waitlisted', 'offered');
CREATE INDEX registration_of_session ON registration (session_id)
    WHERE status IN ('confirmed', 'held', 'waitlisted', 'offered');
CREATE INDEX registration_queue ON registration (session_id, turn, since, id) WHERE status = 'waitlisted';
CREATE INDEX registration_of_learner ON registration (learner_id, starts_at, id);
CREATE INDEX registration_by_start ON registration (starts_at, id);
CREATE INDEX registration_of_group ON registration (group_id) WHERE group_id IS NOT NULL;

CREATE TABLE timer_new (
    kind       TEXT NOT NULL CHECK (kind IN
               ('offer-warning', 'offer-lapse', 'wait-end', 'request-reminder', 'request-lapse', 'queue-turn', 'minimum', 'blocks', 'unmarked')),
    subject_id TEXT NOT NULL,
    due        INTEGER NOT NULL,
    -- when it can be claimed: when it is due, or when the lease of whoever claimed it ends
    free_at    INTEGER NOT NULL,
    PRIMARY KEY (kind, subject_id)
);
INSERT INTO timer_new (kind, subject_id, due, free_at) SELECT kind, registration_id, due, free_at FROM timer;
DROP TABLE timer;
ALTER TABLE timer_new RENAME TO timer;
CREATE INDEX timer_by_freedom ON timer (free_at, kind, subject_id);

-- when its time, place, room or instructors last changed after it was published
ALTER TABLE session ADD COLUMN moved_at INTEGER;
-- seats that are set aside for dealers
ALTER TABLE session ADD COLUMN blocks TEXT NOT NULL DEFAULT '[]';
CREATE INDEX session_by_location ON session (location_id, ends_at);

-- Who teaches what, found by person.
CREATE TABLE session_instructor (
    person_id  TEXT NOT NULL,
    session_id TEXT NOT NULL REFERENCES session (id),
    PRIMARY KEY (person_id, session_id)
);
CREATE INDEX session_instructor_of_session ON session_instructor (session_id);
INSERT INTO session_instructor (session_id, person_id)
SELECT s.id, i.value FROM session s, json_each(s.instructors) AS i;

-- managers for whose teams somebody decides as well, as a deputy
ALTER TABLE person ADD COLUMN stands_in_for TEXT NOT NULL DEFAULT '[]';

-- how many were placed from the queues of a course's past sessions
CREATE INDEX session_by_course ON session (course_id, ends_at);
CREATE INDEX journal_of_queue ON journal (session_id)
    WHERE kind IN ('registration.waitlisted', 'registration.promoted', 'registration.offer-taken');
