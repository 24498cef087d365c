-- Seats belong to people: each write of a session is compared with what was read, and its numbers with who has the seats.

-- raised by one with every write; a write that rests on an older one is refused
ALTER TABLE session ADD COLUMN revision BIGINT NOT NULL DEFAULT 1;

-- How many people have what of a session, counted by the database itself, whoever writes registrations. A session whose numbers
-- differed before there was a tally has none until they are put right (`ilt-host ledgers --repair`).
CREATE TABLE tally (
    session_id UUID PRIMARY KEY REFERENCES session (id),
    seated     BIGINT NOT NULL,
    held       BIGINT NOT NULL,
    offered    BIGINT NOT NULL,
    waitlisted BIGINT NOT NULL
) WITH (fillfactor = 50);
INSERT INTO tally (session_id, seated, held, offered, waitlisted)
SELECT s.id, count(*) FILTER (WHERE r.status = 'confirmed'), count(*) FILTER (WHERE r.status = 'held'),
       count(*) FILTER (WHERE r.status = 'offered'), count(*) FILTER (WHERE r.status = 'waitlisted')
  FROM session s LEFT JOIN registration r ON r.session_id = s.id
   AND r.status IN ('confirmed', 'held', 'offered', 'waitlisted')
 GROUP BY s.id
HAVING s.confirmed + s.over_capacity = count(*) FILTER (WHERE r.status = 'confirmed')
   AND s.held = count(*) FILTER (WHERE r.status = 'held') AND s.offered = count(*) FILTER (WHERE r.status = 'offered')
   AND s.waitlisted = count(*) FILTER (WHERE r.status = 'waitlisted');

CREATE FUNCTION tally_of_new_session() RETURNS trigger LANGUAGE plpgsql SET search_path FROM CURRENT AS $$
BEGIN
    INSERT INTO tally (session_id, seated, held, offered, waitlisted) SELECT id, 0, 0, 0, 0 FROM added;
    RETURN NULL;
END $$;
CREATE TRIGGER tally_of_new_session AFTER INSERT ON session REFERENCING NEW TABLE AS added
    FOR EACH STATEMENT EXECUTE FUNCTION tally_of_new_session();

CREATE FUNCTION tally_of_new_registration() RETURNS trigger LANGUAGE plpgsql SET search_path FROM CURRENT AS $$
BEGIN
    UPDATE tally SET seated = tally.seated + more.seated, held = tally.held + more.held,
                     offered = tally.offered + more.offered, waitlisted = tally.waitlisted + more.waitlisted
      FROM (SELECT session_id, count(*) FILTER (WHERE status = 'confirmed') AS seated,
                   count(*) FILTER (WHERE status = 'held') AS held, count(*) FILTER (WHERE status = 'offered') AS offered,
                   count(*) FILTER (WHERE status = 'waitlisted') AS waitlisted
              FROM added WHERE status IN ('confirmed', 'held', 'offered', 'waitlisted') GROUP BY session_id) AS more
     WHERE tally.session_id = more.session_id;
    RETURN NULL;
END $$;
CREATE TRIGGER tally_of_new_registration AFTER INSERT ON registration REFERENCING NEW TABLE AS added
    FOR EACH STATEMENT EXECUTE FUNCTION tally_of_new_registration();

CREATE FUNCTION tally_of_step() RETURNS trigger LANGUAGE plpgsql SET search_path FROM CURRENT AS $$
BEGIN
    UPDATE tally SET seated = tally.seated + more.seated, held = tally.held + more.held,
                     offered = tally.offered + more.offered, waitlisted = tally.waitlisted + more.waitlisted
      FROM (SELECT session_id, sum(change) FILTER (WHERE status = 'confirmed') AS seated,
                   sum(change) FILTER (WHERE status = 'held') AS held, sum(change) FILTER (WHERE status = 'offered') AS offered,
                   sum(change) FILTER (WHERE status = 'waitlisted') AS waitlisted
              FROM (SELECT session_id, status, 1 AS change FROM after UNION ALL
                    SELECT session_id, status, -1 FROM before) AS steps
             GROUP BY session_id) AS moved,
           LATERAL (SELECT coalesce(moved.seated, 0) AS seated, coalesce(moved.held, 0) AS held,
                           coalesce(moved.offered, 0) AS offered, coalesce(moved.waitlisted, 0) AS waitlisted) AS more
     WHERE tally.session_id = moved.session_id
       AND (more.seated, more.held, more.offered, more.waitlisted) <> (0, 0, 0, 0);
    RETURN NULL;
END $$;
CREATE TRIGGER tally_of_step AFTER UPDATE ON registration REFERENCING OLD TABLE AS before NEW TABLE AS after
    FOR EACH STATEMENT EXECUTE FUNCTION tally_of_step();

-- At the end of every transaction the ledger's numbers are those of its people, or nothing of it has happened.
CREATE FUNCTION ledger_equals_people(wanted UUID) RETURNS void LANGUAGE plpgsql SET search_path FROM CURRENT AS $$
BEGIN
    PERFORM FROM session s JOIN tally t ON t.session_id = s.id
      WHERE s.id = wanted AND (s.confirmed + s.over_capacity, s.held, s.offered, s.waitlisted)
                           <> (t.seated, t.held, t.offered, t.waitlisted);
    IF FOUND THEN
        RAISE EXCEPTION 'the seats of session % differ from its people', wanted USING ERRCODE = 'IL001';
    END IF;
END $$;
CREATE FUNCTION ledger_equals_people_of_session() RETURNS trigger LANGUAGE plpgsql SET search_path FROM CURRENT AS $$
BEGIN PERFORM ledger_equals_people(NEW.id); RETURN NULL; END $$;
CREATE FUNCTION ledger_equals_people_of_tally() RETURNS trigger LANGUAGE plpgsql SET search_path FROM CURRENT AS $$
BEGIN PERFORM ledger_equals_people(NEW.session_id); RETURN NULL; END $$;
CREATE CONSTRAINT TRIGGER ledger_equals_people AFTER UPDATE ON session DEFERRABLE INITIALLY DEFERRED FOR EACH ROW
    WHEN ((OLD.confirmed, OLD.held, OLD.offered, OLD.waitlisted, OLD.over_capacity)
          IS DISTINCT FROM (NEW.confirmed, NEW.held, NEW.offered, NEW.waitlisted, NEW.over_capacity))
    EXECUTE FUNCTION ledger_equals_people_of_session();
CREATE CONSTRAINT TRIGGER ledger_equals_people AFTER INSERT OR UPDATE ON tally DEFERRABLE INITIALLY DEFERRED FOR EACH ROW
    EXECUTE FUNCTION ledger_equals_people_of_tally();
