-- When the time or place of a published session last changed; moved_at is about its rooms and instructors as well.
ALTER TABLE session ADD COLUMN rescheduled_at INTEGER;
