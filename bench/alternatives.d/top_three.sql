WITH ask AS (
    SELECT learner.*, wanted.course, timestamptz '2027-03-01T08:00:00Z' AS now,
           greatest(wanted.starts_at, timestamptz '2027-03-01T08:00:00Z') AS reference
      FROM learner JOIN session AS wanted ON wanted.id = learner.wanted
     WHERE learner.id = :learner
), held AS MATERIALIZED (
    SELECT completion.course, completion.until, course.track
      FROM ask JOIN completion ON completion.learner = ask.id JOIN course ON course.id = completion.course
     WHERE completion.until > ask.now
), near AS MATERIALIZED (
    SELECT location.id, power(2, -kilometres(ask.lat, ask.lon, location.lat, location.lon) / 100) AS proximity
      FROM location CROSS JOIN ask
), stand_in AS MATERIALIZED (
    SELECT kin.course, kin.prerequisites,
           kin.relevance + CASE WHEN kin.counts THEN 0 ELSE
               0.05 * likeness(kin.topics, ask.interests)
               + CASE WHEN EXISTS (SELECT FROM held WHERE held.track = kin.track) THEN 0.05 ELSE 0 END END AS relevance
      FROM ask JOIN kin ON kin.wanted = ask.course
     WHERE (kin.course = ask.course
            OR NOT EXISTS (SELECT FROM held WHERE held.course = kin.course OR held.course = ANY (kin.equivalents)))
       AND NOT EXISTS (
           SELECT FROM unnest(kin.prerequisites) AS needed JOIN course ON course.id = needed
            WHERE NOT EXISTS (
                SELECT FROM held WHERE held.course = course.id OR held.course = ANY (course.equivalents)))
), ranked AS (
    SELECT session.id, session.starts_at, session.location, stand_in.prerequisites,
           0.40 * near.proximity
           + 0.35 * (0.5 * power(2, -greatest(0, extract(epoch FROM session.starts_at - ask.reference)::float8) / 86400 / 30)
                     + 0.3 * CASE WHEN session.open > 0 THEN 0.7 + 0.3 * least(1, session.open / 5.0::float8)
                                  ELSE 0.3 / (session.waiting + 1.0::float8) END
                     + 0.2 * CASE WHEN session.ends_at <= ask.deadline THEN 1 ELSE 0 END)
           + 0.25 * stand_in.relevance AS score
      FROM ask
      CROSS JOIN stand_in
      JOIN session ON session.course = stand_in.course AND session.status = 'published'
      JOIN near ON near.id = session.location
     WHERE session.starts_at > ask.now AND session.closes_at > ask.now
       AND (session.open > 0 OR session.waitlist)
       AND session.id <> ask.wanted
     ORDER BY score DESC, session.starts_at, session.id
    OFFSET 0
)
-- What is dear is asked from the top down, only until three have passed.
SELECT ranked.id, ranked.score
  FROM ranked CROSS JOIN ask
 WHERE NOT EXISTS (SELECT FROM seat WHERE seat.learner = ask.id AND seat.session = ranked.id)
   AND NOT EXISTS (
       SELECT FROM unnest(ranked.prerequisites) AS needed JOIN course ON course.id = needed
        WHERE NOT EXISTS (
            SELECT FROM held
             WHERE held.until > ranked.starts_at
               AND (held.course = course.id OR held.course = ANY (course.equivalents))))
   AND NOT EXISTS (
       SELECT FROM seat
         JOIN location AS there ON there.id = seat.location
         JOIN location AS here ON here.id = ranked.location
         JOIN part ON part.session = ranked.id
        WHERE seat.learner = ask.id
          AND greatest(part.starts_at, seat.starts_at) - CASE WHEN part.starts_at <= seat.starts_at THEN part.ends_at ELSE seat.ends_at END
              < CASE WHEN here.id = there.id THEN interval '0'
                     ELSE greatest(interval '30 minutes',
                                   kilometres(here.lat, here.lon, there.lat, there.lon) / 60 * interval '1 hour') END)
 LIMIT 3;
