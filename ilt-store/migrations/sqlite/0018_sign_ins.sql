-- Who is signed in to the pages, and where. Of a token only its digest is known.
CREATE TABLE sign_in (
    id           TEXT PRIMARY KEY,
    person_id    TEXT NOT NULL REFERENCES person (id),
    -- by which way they came in
    way          TEXT NOT NULL,
    token        TEXT NOT NULL UNIQUE,
    -- the token that was replaced, and until when it is good
    token_before TEXT,
    before_until INTEGER,
    -- what they could do when the token was made
    powers       TEXT NOT NULL,
    begun_at     INTEGER NOT NULL,
    seen_at      INTEGER NOT NULL,
    proven_at    INTEGER NOT NULL,
    ended_at     INTEGER
);
CREATE INDEX sign_in_of_person ON sign_in (person_id, seen_at) WHERE ended_at IS NULL;
CREATE INDEX sign_in_by_token_before ON sign_in (token_before) WHERE token_before IS NOT NULL;
