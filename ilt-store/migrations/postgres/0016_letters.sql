-- What calendars told, as it came. Numbers follow the commits: whoever gives them holds the row of the last one.
CREATE TABLE letter_head (
    single BIGINT PRIMARY KEY CHECK (single = 1),
    last   BIGINT NOT NULL
) WITH (fillfactor = 70);
INSERT INTO letter_head (single, last) VALUES (1, 0);

CREATE TABLE letter (
    number      BIGINT PRIMARY KEY,
    instance    TEXT NOT NULL,
    digest      TEXT NOT NULL,
    received_at TIMESTAMPTZ NOT NULL,
    kind        TEXT NOT NULL,
    booking     TEXT,
    body        TEXT NOT NULL
);
CREATE UNIQUE INDEX letter_once ON letter (instance, digest);
CREATE INDEX letter_by_age ON letter (received_at, number);

-- Which session is meant by something over there.
CREATE INDEX calendar_place_by_event_type ON calendar_place (event_type) WHERE event_type IS NOT NULL;
CREATE INDEX calendar_seat_by_booking ON calendar_seat (booking);
