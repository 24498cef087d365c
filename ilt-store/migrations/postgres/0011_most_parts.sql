-- Most parts that a published session had before it was changed: a calendar that was told of them is told that they are gone.
ALTER TABLE session ADD COLUMN most_parts BIGINT NOT NULL DEFAULT 0;
