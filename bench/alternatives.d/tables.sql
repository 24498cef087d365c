-- The tables of bench/alternatives, as the catalogue knows them.
CREATE TABLE location (id uuid PRIMARY KEY, lat float8 NOT NULL, lon float8 NOT NULL);
CREATE TABLE course (
    id uuid PRIMARY KEY, track text, topics text[] NOT NULL, equivalents uuid[] NOT NULL, prerequisites uuid[] NOT NULL);
CREATE TABLE session (
    id uuid PRIMARY KEY, course uuid NOT NULL, location uuid NOT NULL,
    starts_at timestamptz NOT NULL, ends_at timestamptz NOT NULL, closes_at timestamptz NOT NULL,
    status text NOT NULL, open integer NOT NULL, waiting integer NOT NULL, waitlist boolean NOT NULL);
CREATE TABLE part (session uuid NOT NULL, starts_at timestamptz NOT NULL, ends_at timestamptz NOT NULL);
CREATE TABLE learner (
    id integer PRIMARY KEY, lat float8 NOT NULL, lon float8 NOT NULL, interests text[] NOT NULL,
    deadline timestamptz NOT NULL, wanted uuid NOT NULL);
CREATE TABLE completion (learner integer NOT NULL, course uuid NOT NULL, until timestamptz NOT NULL);
CREATE TABLE seat (
    learner integer NOT NULL, session uuid NOT NULL, location uuid NOT NULL,
    starts_at timestamptz NOT NULL, ends_at timestamptz NOT NULL);
-- What ours answered.
CREATE TABLE answer (learner integer NOT NULL, rank integer NOT NULL, session uuid NOT NULL, score float8 NOT NULL);

CREATE FUNCTION kilometres(lat float8, lon float8, other_lat float8, other_lon float8) RETURNS float8
    LANGUAGE sql IMMUTABLE PARALLEL SAFE
    RETURN 2 * 6371.0088 * asin(least(1, sqrt(
        sin(radians(other_lat - lat) / 2) ^ 2
        + cos(radians(lat)) * cos(radians(other_lat)) * sin(radians(other_lon - lon) / 2) ^ 2)));

-- Common entries over all entries of two lists (Jaccard).
CREATE FUNCTION likeness(one text[], other text[]) RETURNS float8 LANGUAGE sql IMMUTABLE PARALLEL SAFE
    RETURN coalesce(
        (SELECT count(*) FROM (SELECT unnest(one) INTERSECT SELECT unnest(other)) AS common)::float8
        / nullif((SELECT count(*) FROM (SELECT unnest(one) UNION SELECT unnest(other)) AS everything), 0), 0);
