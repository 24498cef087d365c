-- Looking things up in the journal: what happened to a session or a person, and what somebody did, latest first. What happened when is
-- found by halves, since numbers follow the order of time; what happened to a registration had its index already.
CREATE INDEX journal_of_session ON journal (session_id, sequence) WHERE session_id IS NOT NULL;
CREATE INDEX journal_of_learner ON journal (learner_id, sequence) WHERE learner_id IS NOT NULL;
CREATE INDEX journal_of_actor ON journal (actor, sequence);
