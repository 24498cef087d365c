-- One registration as an ordinary service does it: one transaction, a statement after the other, on prepared statements.
-- It locks, checks, and writes the same rows into the same tables under the same constraints as the host.
\set number :number + 1
\set learner :client_id * :each + :number
\set session (:learner * 7919) % :among + 1
BEGIN;
SELECT id AS session_id, starts_at, ends_at, capacity, confirmed, open FROM ilt.session
 WHERE id = ('00000000-0000-0002-0000-' || lpad(to_hex(:session::bigint), 12, '0'))::uuid FOR NO KEY UPDATE \gset
SELECT id AS learner_id FROM ilt.person
 WHERE id = ('00000000-0000-0001-0000-' || lpad(to_hex(:learner::bigint), 12, '0'))::uuid FOR NO KEY UPDATE \gset
SELECT count(*) AS repeated FROM ilt.remembered WHERE person_id = :learner_id::uuid AND key = 'bench' \gset
SELECT count(*) AS clashing FROM ilt.registration r JOIN ilt.session s ON s.id = r.session_id
 WHERE r.learner_id = :learner_id::uuid AND r.status IN ('confirmed', 'held', 'waitlisted', 'offered')
   AND s.starts_at < :ends_at::timestamptz AND s.ends_at > :starts_at::timestamptz \gset
\set may :open > 0 and :repeated = 0 and :clashing = 0
\if :may
INSERT INTO ilt.registration (id, session_id, learner_id, created_by, created_at, status, status_at, sequence, starts_at)
VALUES (gen_random_uuid(), :session_id::uuid, :learner_id::uuid, :learner_id::text, now(), 'confirmed', now(), 0,
        :starts_at::timestamptz) RETURNING id AS registration_id \gset
UPDATE ilt.session SET confirmed = confirmed + 1, open = open - 1 WHERE id = :session_id::uuid;
INSERT INTO ilt.remembered (person_id, key, digest, answer, at)
VALUES (:learner_id::uuid, 'bench', 'digest',
        jsonb_build_object('Ok', jsonb_build_object('id', :registration_id::text)), now());
INSERT INTO ilt.journal (sequence, id, at, kind, actor, session_id, learner_id, registration_id, correlation, event, seats)
VALUES (nextval('ilt.bench_journal'), gen_random_uuid(), now(), 'registration.confirmed', :learner_id::text,
        :session_id::uuid, :learner_id::uuid, :registration_id::uuid, gen_random_uuid(), '"registered"',
        jsonb_build_object('capacity', :capacity::int, 'confirmed', :confirmed::int + 1));
\endif
COMMIT;
