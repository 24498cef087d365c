-- Keys of other systems. Of a key only its digest is known.
CREATE TABLE api_key (
    id        UUID PRIMARY KEY,
    -- in whose name it asks
    owner_id  UUID NOT NULL REFERENCES person (id),
    name      TEXT NOT NULL,
    digest    TEXT NOT NULL UNIQUE,
    -- what it may ask for, with blanks between
    scopes    TEXT NOT NULL,
    made_by   UUID NOT NULL REFERENCES person (id),
    made_at   TIMESTAMPTZ NOT NULL,
    ends_at   TIMESTAMPTZ NOT NULL,
    used_at   TIMESTAMPTZ,
    ended_at  TIMESTAMPTZ
);
CREATE INDEX api_key_of_owner ON api_key (owner_id, made_at) WHERE ended_at IS NULL;
