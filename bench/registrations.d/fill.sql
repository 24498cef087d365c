-- A network for bench/registrations, as the host's own schema keeps it: one course, one centre, learners and sessions.
SET search_path = ilt;
INSERT INTO dealer (id, name, city, lat, lon, zone, version)
VALUES ('00000000-0000-0000-0000-000000000001', 'Dealer', 'Köln', 50.9, 6.9, 'Europe/Berlin', 1);
INSERT INTO location (id, name, address, city, country, lat, lon, zone, rooms, version)
VALUES ('00000000-0000-0000-0000-000000000001', 'Centre', '', 'Köln', '', 50.9, 6.9, 'Europe/Berlin', '[]', 1);
INSERT INTO course (id, title, summary, programme_type, topics, length_seconds, travel, prerequisites, equivalents, version)
VALUES ('00000000-0000-0000-0000-000000000001', 'Course', '', 'compliance', '[]', 21600, false, '[]', '[]', 1);
INSERT INTO person (id, name, folded, email, dealer_id, roles, interests, zone, active, version)
SELECT ('00000000-0000-0001-0000-' || lpad(to_hex(n), 12, '0'))::uuid, 'Learner ' || n, 'learner ' || n,
       'learner' || n || '@dealer.example', '00000000-0000-0000-0000-000000000001',
       '[{"role": "learner", "dealer": "00000000-0000-0000-0000-000000000001"}]', '[]', 'Europe/Berlin', true, 1
  FROM generate_series(1, :learners) AS n;
-- Each on a day of its own within two years, so that a catalogue has something to sort.
INSERT INTO session (id, course_id, location_id, parts, instructors, starts_at, ends_at, status, status_at, waitlist, minimum,
                     version, capacity, confirmed, held, offered, reserved, open, waitlisted, over_capacity)
SELECT ('00000000-0000-0002-0000-' || lpad(to_hex(n), 12, '0'))::uuid, '00000000-0000-0000-0000-000000000001',
       '00000000-0000-0000-0000-000000000001',
       jsonb_build_array(jsonb_build_object(
           'starts', to_char(day, 'YYYY-MM-DD') || 'T09:00:00', 'zone', 'UTC', 'length', 'PT6H',
           'starts_at', to_char(day, 'YYYY-MM-DD') || 'T09:00:00Z', 'room', '')),
       '[]', (day + interval '9 hours') AT TIME ZONE 'UTC', (day + interval '15 hours') AT TIME ZONE 'UTC',
       'published', now(), true, 0, 1, :capacity, 0, 0, 0, 0, :capacity, 0, 0
  FROM generate_series(1, :sessions) AS n, LATERAL (SELECT current_date + 30 + (n % 700)::int) AS d (day);
VACUUM ANALYZE;
