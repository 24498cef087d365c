-- What people would rather have, and reminders of what they are registered for.

-- in the person's order
ALTER TABLE person ADD COLUMN preferred_locations TEXT NOT NULL DEFAULT '[]';
-- weekdays, or stretches of them
ALTER TABLE person ADD COLUMN preferred_times TEXT NOT NULL DEFAULT '[]';
-- how they are told
ALTER TABLE person ADD COLUMN notify_by TEXT NOT NULL DEFAULT '["mail"]';
UPDATE person SET preferred_locations = json_array(preferred_location_id) WHERE preferred_location_id IS NOT NULL;
ALTER TABLE person DROP COLUMN preferred_location_id;

-- whoever was to be reminded until then has been
ALTER TABLE session ADD COLUMN reminded_at INTEGER;

CREATE TABLE timer_new (
    kind       TEXT NOT NULL CHECK (kind IN
               ('offer-warning', 'offer-lapse', 'wait-end', 'request-reminder', 'request-lapse', 'queue-turn', 'minimum', 'blocks',
                'unmarked', 'reminders')),
    subject_id TEXT NOT NULL,
    due        INTEGER NOT NULL,
    -- when it can be claimed: when it is due, or when the lease of whoever claimed it ends
    free_at    INTEGER NOT NULL,
    PRIMARY KEY (kind, subject_id)
);
INSERT INTO timer_new (kind, subject_id, due, free_at) SELECT kind, subject_id, due, free_at FROM timer;
DROP TABLE timer;
ALTER TABLE timer_new RENAME TO timer;
CREATE INDEX timer_by_freedom ON timer (free_at, kind, subject_id);
