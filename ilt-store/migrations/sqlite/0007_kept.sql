-- What happened stays: a registration ends by a step that is journalled, and the journal is only ever added to.

CREATE TRIGGER registration_stays BEFORE DELETE ON registration
BEGIN
    SELECT RAISE(ABORT, 'a registration is never deleted: cancel it, so that the journal knows');
END;

CREATE TRIGGER journal_stays BEFORE DELETE ON journal
BEGIN
    SELECT RAISE(ABORT, 'an entry of the journal is never deleted');
END;

CREATE TRIGGER journal_stays_as_it_is BEFORE UPDATE ON journal
BEGIN
    SELECT RAISE(ABORT, 'an entry of the journal is never changed');
END;

-- When the last entry happened, so that no later one claims to have happened before it.
ALTER TABLE journal_head ADD COLUMN last_at INTEGER;
UPDATE journal_head SET last_at = (SELECT at FROM journal ORDER BY sequence DESC LIMIT 1);
