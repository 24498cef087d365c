-- Indexes, and what can be known before anybody asks: which course stands in for which, all but the learner's own share.
CREATE INDEX ON session (course, starts_at) WHERE status = 'published';
CREATE INDEX ON part (session);
CREATE INDEX ON completion (learner);
CREATE INDEX ON seat (learner);
CREATE INDEX ON answer (learner);

CREATE TABLE kin AS
SELECT wanted.id AS wanted, other.id AS course, other.track, other.topics, other.equivalents, other.prerequisites,
       other.id = wanted.id OR other.id = ANY (wanted.equivalents) AS counts,
       CASE WHEN other.id = wanted.id THEN 1.0
            WHEN other.id = ANY (wanted.equivalents) THEN 0.9
            WHEN other.track = wanted.track THEN 0.6 + 0.2 * likeness(other.topics, wanted.topics)
            ELSE 0.5 * likeness(other.topics, wanted.topics) END::float8 AS relevance
  FROM course AS wanted CROSS JOIN course AS other;
DELETE FROM kin WHERE relevance = 0;
CREATE INDEX ON kin (wanted);
VACUUM ANALYZE;
