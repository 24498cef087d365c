-- The transaction of statements.sql as one function: one round trip, which no service that decides outside its database has.
-- The journal of both is numbered by a sequence, which is cheaper than the host's and has gaps.
SET search_path = ilt;
CREATE SEQUENCE bench_journal;

CREATE FUNCTION bench_register(learner_number bigint, session_number bigint) RETURNS text LANGUAGE plpgsql AS $$
DECLARE
    who uuid := ('00000000-0000-0001-0000-' || lpad(to_hex(learner_number), 12, '0'))::uuid;
    what uuid := ('00000000-0000-0002-0000-' || lpad(to_hex(session_number), 12, '0'))::uuid;
    new uuid := gen_random_uuid();
    wanted session%ROWTYPE;
BEGIN
    SELECT * INTO wanted FROM session WHERE id = what FOR NO KEY UPDATE;
    PERFORM FROM person WHERE id = who FOR NO KEY UPDATE;
    IF EXISTS (SELECT FROM remembered WHERE person_id = who AND key = 'bench') THEN RETURN 'repeated'; END IF;
    IF EXISTS (SELECT FROM registration r JOIN session s ON s.id = r.session_id
                WHERE r.learner_id = who AND r.status IN ('confirmed', 'held', 'waitlisted', 'offered')
                  AND s.starts_at < wanted.ends_at AND s.ends_at > wanted.starts_at) THEN
        RETURN 'clash';
    END IF;
    IF wanted.open = 0 THEN RETURN 'full'; END IF;
    INSERT INTO registration (id, session_id, learner_id, created_by, created_at, status, status_at, sequence, starts_at)
    VALUES (new, what, who, who::text, now(), 'confirmed', now(), 0, wanted.starts_at);
    UPDATE session SET confirmed = confirmed + 1, open = open - 1 WHERE id = what;
    INSERT INTO remembered (person_id, key, digest, answer, at)
    VALUES (who, 'bench', 'digest', jsonb_build_object('Ok', jsonb_build_object('id', new)), now());
    INSERT INTO journal (sequence, id, at, kind, actor, session_id, learner_id, registration_id, correlation, event, seats)
    VALUES (nextval('bench_journal'), gen_random_uuid(), now(), 'registration.confirmed', who::text, what, who, new,
            gen_random_uuid(), '"registered"', jsonb_build_object('capacity', wanted.capacity, 'confirmed', wanted.confirmed + 1));
    RETURN 'confirmed';
END $$;
