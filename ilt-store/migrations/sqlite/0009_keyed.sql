-- PostgreSQL's indexes of live registrations are only for those who name their key; SQLite looks by the key as it is.
SELECT 1;
