//! Minimum size: a warning first, then a decision (PRODUCT.md, "minimum size").

use jiff::Timestamp;

use crate::desk::batch::{About, Desk, Stop};
use crate::desk::{Order, Reply, TimerKind};
use crate::ids::SessionId;
use crate::journal::Event;
use crate::policy::Rule;
use crate::ranking::Shown;
use crate::session::{Session, SessionStatus};

impl Desk<'_> {
    pub(super) fn weigh_minimum(
        &mut self,
        order: &Order,
        id: SessionId,
        proposals: &[Shown],
    ) -> Result<Reply, Stop> {
        let (now, next) = (self.context.now, self.next_weighing(id));
        self.set_timer(TimerKind::Minimum, id, next);
        let Some(session) = self.world.sessions.get(&id).filter(|session| is_awaited(session, now)) else {
            return Ok(Reply::Done);
        };
        let (confirmed, minimum) = (session.seats.confirmed + session.seats.over_capacity, session.minimum);
        let (warn_at, decide_at) = self.weighings(session);
        if confirmed >= minimum || now < warn_at {
            return Ok(Reply::Done);
        }
        let decide = now >= decide_at;
        let event = Event::SessionBelowMinimum { confirmed, minimum, decide };
        let cancels = self.world.rules_for(Some(session.course), None).is_on(Rule::MinimumCancels);
        self.record(order, &order.actor, About::session(id), event)?;
        if decide && cancels {
            let reason = format!("{confirmed} people are registered, and {minimum} are needed");
            self.call_off(order, id, &reason, proposals)?;
        }
        Ok(Reply::Done)
    }

    /// Has a session weighed when it is next time to.
    pub(super) fn watch_minimum(&mut self, id: SessionId) {
        let next = self.next_weighing(id);
        self.set_timer_of_plan(TimerKind::Minimum, id, next);
    }

    fn next_weighing(&self, id: SessionId) -> Option<Timestamp> {
        let now = self.context.now;
        let session = self.world.sessions.get(&id).filter(|session| is_awaited(session, now))?;
        let (warn_at, decide_at) = self.weighings(session);
        [warn_at, decide_at].into_iter().find(|at| now < *at)
    }

    /// When to warn, and when to decide.
    fn weighings(&self, session: &Session) -> (Timestamp, Timestamp) {
        let rules = self.world.rules_for(Some(session.course), None);
        let before_start =
            |rule| session.starts_at().saturating_sub(rules.days(rule)).unwrap_or(Timestamp::MIN);
        (before_start(Rule::MinimumWarn), before_start(Rule::MinimumDecide))
    }
}

fn is_awaited(session: &Session, now: Timestamp) -> bool {
    matches!(session.status, SessionStatus::Published { .. })
        && session.minimum > 0
        && now < session.starts_at()
}
