-- Plugins as they are used; they count among what the version of `reference` is about.
CREATE TABLE plugin (
    id   UUID PRIMARY KEY,
    body JSONB NOT NULL
);

-- What somebody uploaded, by what it is: whoever has the digest has the bytes, and they are never changed.
CREATE TABLE component (
    digest      TEXT PRIMARY KEY,
    description JSONB NOT NULL,
    uploaded_at TIMESTAMPTZ NOT NULL,
    uploaded_by TEXT NOT NULL,
    bytes       BYTEA NOT NULL
);
CREATE INDEX component_by_age ON component (uploaded_at);

-- What was done to plugins: seldom anything, among millions of entries.
CREATE INDEX journal_of_plugins ON journal ((event -> 'plugin_changed' -> 'plugin' ->> 'id'), sequence)
    WHERE kind IN ('plugin.added', 'plugin.revised', 'plugin.activated', 'plugin.rolled-back', 'plugin.switched-off', 'plugin.removed');
