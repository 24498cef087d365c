-- What people would rather have, and reminders of what they are registered for.

ALTER TABLE person
    -- in the person's order
    ADD COLUMN preferred_locations JSONB NOT NULL DEFAULT '[]',
    -- weekdays, or stretches of them
    ADD COLUMN preferred_times JSONB NOT NULL DEFAULT '[]',
    -- how they are told
    ADD COLUMN notify_by JSONB NOT NULL DEFAULT '["mail"]';
UPDATE person SET preferred_locations = jsonb_build_array(preferred_location_id)
 WHERE preferred_location_id IS NOT NULL;
ALTER TABLE person DROP COLUMN preferred_location_id;

-- whoever was to be reminded until then has been
ALTER TABLE session ADD COLUMN reminded_at TIMESTAMPTZ;

ALTER TABLE timer DROP CONSTRAINT timer_kind_check;
ALTER TABLE timer ADD CONSTRAINT timer_kind_check CHECK (kind IN
    ('offer-warning', 'offer-lapse', 'wait-end', 'request-reminder', 'request-lapse', 'queue-turn', 'minimum', 'blocks',
     'unmarked', 'reminders'));
