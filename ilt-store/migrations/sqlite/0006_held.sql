-- Seats belong to people: each write of a session is compared with what was read, and its numbers with who has the seats.

-- raised by one with every write; a write that rests on an older one is refused
ALTER TABLE session ADD COLUMN revision INTEGER NOT NULL DEFAULT 1;

ALTER TABLE session ADD COLUMN seated INTEGER GENERATED ALWAYS AS (confirmed + over_capacity) VIRTUAL;
CREATE UNIQUE INDEX session_ledger ON session (id, seated, held, offered, waitlisted);

-- How many people have what of a session, counted by the database itself, whoever writes registrations. The ledger is a key that
-- this refers to, so at the end of every transaction both are the same, or nothing of it has happened. A session whose numbers
-- differed before there was a tally has none until they are put right (`ilt-host ledgers --repair`).
CREATE TABLE tally (
    session_id TEXT PRIMARY KEY,
    seated     INTEGER NOT NULL,
    held       INTEGER NOT NULL,
    offered    INTEGER NOT NULL,
    waitlisted INTEGER NOT NULL,
    FOREIGN KEY (session_id, seated, held, offered, waitlisted)
        REFERENCES session (id, seated, held, offered, waitlisted) DEFERRABLE INITIALLY DEFERRED
);

INSERT INTO tally (session_id, seated, held, offered, waitlisted)
SELECT s.id, count(*) FILTER (WHERE r.status = 'confirmed') AS seated, count(*) FILTER (WHERE r.status = 'held') AS held,
       count(*) FILTER (WHERE r.status = 'offered') AS offered, count(*) FILTER (WHERE r.status = 'waitlisted') AS waitlisted
  FROM session s LEFT JOIN registration r ON r.session_id = s.id
   AND r.status IN ('confirmed', 'held', 'offered', 'waitlisted')
 GROUP BY s.id
HAVING s.seated = count(*) FILTER (WHERE r.status = 'confirmed') AND s.held = count(*) FILTER (WHERE r.status = 'held')
   AND s.offered = count(*) FILTER (WHERE r.status = 'offered')
   AND s.waitlisted = count(*) FILTER (WHERE r.status = 'waitlisted');

CREATE TRIGGER tally_of_new_session AFTER INSERT ON session BEGIN
    INSERT INTO tally (session_id, seated, held, offered, waitlisted) VALUES (NEW.id, 0, 0, 0, 0);
END;
CREATE TRIGGER tally_of_new_registration AFTER INSERT ON registration
    WHEN NEW.status IN ('confirmed', 'held', 'offered', 'waitlisted') BEGIN
    UPDATE tally SET seated = seated + (NEW.status = 'confirmed'), held = held + (NEW.status = 'held'),
                     offered = offered + (NEW.status = 'offered'), waitlisted = waitlisted + (NEW.status = 'waitlisted')
     WHERE session_id = NEW.session_id;
END;
CREATE TRIGGER tally_of_step AFTER UPDATE OF status ON registration WHEN OLD.status <> NEW.status BEGIN
    UPDATE tally SET seated = seated + (NEW.status = 'confirmed') - (OLD.status = 'confirmed'),
                     held = held + (NEW.status = 'held') - (OLD.status = 'held'),
                     offered = offered + (NEW.status = 'offered') - (OLD.status = 'offered'),
                     waitlisted = waitlisted + (NEW.status = 'waitlisted') - (OLD.status = 'waitlisted')
     WHERE session_id = NEW.session_id;
END;
