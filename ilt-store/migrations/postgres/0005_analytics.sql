-- What its schema finds wrong with a statement, which goes to the dead letters and nowhere else then.
ALTER TABLE statement ADD COLUMN fault TEXT;

-- What each statement counted, so that it counts once, and so that it can be taken back.
CREATE TABLE counted (
    statement_id UUID PRIMARY KEY,
    course_id    UUID NOT NULL,
    month        TEXT NOT NULL,
    measure      TEXT NOT NULL
);

-- How many there are of each, by month and course.
CREATE TABLE monthly (
    month     TEXT NOT NULL,
    course_id UUID NOT NULL,
    measure   TEXT NOT NULL,
    count     BIGINT NOT NULL CHECK (count >= 0),
    PRIMARY KEY (month, course_id, measure)
);
CREATE INDEX monthly_by_course ON monthly (course_id, month);
