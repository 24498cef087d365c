-- Of a session that was cancelled: whether it was ever published. A draft that was given up stays unknown to learners.
ALTER TABLE session ADD COLUMN announced INTEGER NOT NULL DEFAULT 1;
