-- Learners whom PostgreSQL answers otherwise than the catalogue does: with another score at some place. Nobody is good.
SELECT learner.id, place.rank, ours.session AS ours, ours.score, theirs.id AS theirs, theirs.score
  FROM learner
 CROSS JOIN generate_series(1, 3) AS place (rank)
  LEFT JOIN answer AS ours ON ours.learner = learner.id AND ours.rank = place.rank
  LEFT JOIN LATERAL (
      SELECT id, score, row_number() OVER () AS rank FROM top_three(learner.id)) AS theirs ON theirs.rank = place.rank
 WHERE learner.id <= 200
   AND coalesce(abs(ours.score - theirs.score), 1) > 1e-9
   AND NOT (ours.session IS NULL AND theirs.id IS NULL);
