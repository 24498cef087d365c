-- Whoever's seat clashes since its session was moved is shown what can be taken instead.

CREATE TABLE timer_new (
    kind       TEXT NOT NULL CHECK (kind IN
               ('offer-warning', 'offer-lapse', 'wait-end', 'request-reminder', 'request-lapse', 'queue-turn', 'minimum', 'blocks',
                'unmarked', 'reminders', 'clash-help')),
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
