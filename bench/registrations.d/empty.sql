-- As if nobody had ever registered.
SET search_path = ilt;
TRUNCATE registration, remembered, journal, timer, shown;
UPDATE journal_head SET last = 0;
BEGIN;
UPDATE tally SET seated = 0 WHERE seated > 0;
UPDATE session SET confirmed = 0, open = capacity WHERE confirmed > 0;
COMMIT;
ALTER SEQUENCE bench_journal RESTART;
VACUUM ANALYZE session, person;
CHECKPOINT;
