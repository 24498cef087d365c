-- What happened stays: a registration ends by a step that is journalled, and the journal is only ever added to.

CREATE FUNCTION refuse_to_lose() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN
    RAISE EXCEPTION 'a row of % is never lost: %', TG_TABLE_NAME, TG_ARGV[0] USING ERRCODE = 'restrict_violation';
END;
$$;

CREATE TRIGGER registration_stays BEFORE DELETE ON registration
    FOR EACH ROW EXECUTE FUNCTION refuse_to_lose('cancel it, so that the journal knows');
CREATE TRIGGER registration_stays_whole BEFORE TRUNCATE ON registration
    FOR EACH STATEMENT EXECUTE FUNCTION refuse_to_lose('cancel them, so that the journal knows');

CREATE TRIGGER journal_stays_as_it_is BEFORE DELETE OR UPDATE ON journal
    FOR EACH ROW EXECUTE FUNCTION refuse_to_lose('an entry is neither deleted nor changed');
CREATE TRIGGER journal_stays_whole BEFORE TRUNCATE ON journal
    FOR EACH STATEMENT EXECUTE FUNCTION refuse_to_lose('entries are neither deleted nor changed');

-- When the last entry happened, so that no later one claims to have happened before it.
ALTER TABLE journal_head ADD COLUMN last_at TIMESTAMPTZ;
UPDATE journal_head SET last_at = (SELECT at FROM journal ORDER BY sequence DESC LIMIT 1);
