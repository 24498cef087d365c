-- Whoever's seat clashes since its session was moved is shown what can be taken instead.

ALTER TABLE timer DROP CONSTRAINT timer_kind_check;
ALTER TABLE timer ADD CONSTRAINT timer_kind_check CHECK (kind IN
    ('offer-warning', 'offer-lapse', 'wait-end', 'request-reminder', 'request-lapse', 'queue-turn', 'minimum', 'blocks',
     'unmarked', 'reminders', 'clash-help'));
