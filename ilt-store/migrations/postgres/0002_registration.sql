-- Registration as a whole: approval, swaps, groups, seat blocks, sessions that move, and timers of more than registrations.

ALTER TABLE registration
    DROP CONSTRAINT registration_status_check,
    DROP CONSTRAINT status_has_its_data,
    -- whoever must approve has, before there was a seat
    ADD COLUMN approved BOOLEAN NOT NULL DEFAULT false,
    -- the seat in another session that is given back for this one
    ADD COLUMN gives_back_id UUID,
    -- those who wait together, all or none
    ADD COLUMN group_id UUID,
    -- who was there, part by part, and what that came to
    ADD COLUMN attendance JSONB,
    ADD COLUMN outcome TEXT CHECK (outcome IN ('attended', 'partial', 'no-show', 'excused')),
    ADD CONSTRAINT registration_status_check CHECK (status IN
        ('confirmed', 'held', 'waitlisted', 'offered', 'declined', 'request-lapsed', 'not-placed', 'cancelled',
         'late-cancelled', 'transferred', 'substituted', 'session-cancelled')),
    ADD CONSTRAINT status_has_its_data CHECK (
        CASE WHEN status IN ('waitlisted', 'offered')
             THEN since IS NOT NULL AND automatic IS NOT NULL AND lapses IS NOT NULL AND paused IS NOT NULL
                  AND turn IS NOT NULL AND (status = 'waitlisted' OR until IS NOT NULL)
             WHEN status = 'held' THEN status_at IS NOT NULL AND until IS NOT NULL
             WHEN status IN ('transferred', 'substituted') THEN status_at IS NOT NULL AND successor_id IS NOT NULL
             ELSE status_at IS NOT NULL END);

DROP INDEX registration_live;
CREATE UNIQUE INDEX registration_live ON registration (learner_id, session_id)
    WHERE status IN ('confirmed', 'held', 'waitlisted', 'offered');
DROP INDEX registration_of_session;
CREATE INDEX registration_of_session ON registration (session_id)
    WHERE status IN ('confirmed', 'held', 'waitlisted', 'offered');
CREATE INDEX registration_of_group ON registration (group_id) WHERE group_id IS NOT NULL;

ALTER TABLE timer RENAME COLUMN registration_id TO subject_id;
ALTER TABLE timer DROP CONSTRAINT timer_kind_check;
ALTER TABLE timer ADD CONSTRAINT timer_kind_check CHECK (kind IN
    ('offer-warning', 'offer-lapse', 'wait-end', 'request-reminder', 'request-lapse', 'queue-turn', 'minimum', 'blocks', 'unmarked'));

-- when its time, place, room or instructors last changed after it was published
ALTER TABLE session ADD COLUMN moved_at TIMESTAMPTZ;
-- seats that are set aside for dealers
ALTER TABLE session ADD COLUMN blocks JSONB NOT NULL DEFAULT '[]';
CREATE INDEX session_by_location ON session (location_id, ends_at);

-- Who teaches what, found by person.
CREATE TABLE session_instructor (
    person_id  UUID NOT NULL,
    session_id UUID NOT NULL REFERENCES session (id),
    PRIMARY KEY (person_id, session_id)
);
CREATE INDEX session_instructor_of_session ON session_instructor (session_id);
INSERT INTO session_instructor (session_id, person_id)
SELECT s.id, i.person_id::uuid FROM session s, jsonb_array_elements_text(s.instructors) AS i (person_id);

-- managers for whose teams somebody decides as well, as a deputy
ALTER TABLE person ADD COLUMN stands_in_for JSONB NOT NULL DEFAULT '[]';

-- how many were placed from the queues of a course's past sessions
CREATE INDEX session_by_course ON session (course_id, ends_at);
CREATE INDEX journal_of_queue ON journal (session_id)
    WHERE kind IN ('registration.waitlisted', 'registration.promoted', 'registration.offer-taken');
