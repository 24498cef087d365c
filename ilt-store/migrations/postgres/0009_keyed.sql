-- An index of live registrations is only for those who name its key. A plan made while the table was small could otherwise
-- read the other one whole for every learner, since all that is live is in both, and would go on when thousands are.

DROP INDEX registration_live;
CREATE UNIQUE INDEX registration_live ON registration (learner_id, session_id)
 WHERE learner_id IS NOT NULL AND status IN ('confirmed', 'held', 'waitlisted', 'offered');
DROP INDEX registration_of_session;
CREATE INDEX registration_of_session ON registration (session_id)
 WHERE session_id IS NOT NULL AND status IN ('confirmed', 'held', 'waitlisted', 'offered');
