//! Reminders of what people are registered for (PRODUCT.md, "reminders").
//!
//! Who is reminded is decided when it is time, from the state as it is then: a seat that was given back is not remembered
//! by anything, so nobody has to think of taking a reminder back.

use jiff::{Timestamp, ToSpan as _};

use crate::desk::batch::{About, Desk, Stop};
use crate::desk::{Order, Reply, TimerKind};
use crate::ids::{PersonId, SessionId};
use crate::journal::Event;
use crate::policy::Rule;
use crate::registration::{Registration, Status};
use crate::schedule::{Zone, morning};
use crate::session::{Session, SessionStatus};

impl Desk<'_> {
    /// Reminds those whose reminder became due since the last one, and sets the timer for the next.
    pub(super) fn remind(&mut self, order: &Order, id: SessionId) -> Result<Reply, Stop> {
        let due = self.world.sessions.get(&id).map_or_else(Vec::new, |session| self.to_be_reminded(session));
        for (registration, days) in due {
            self.record(order, &order.actor, About::registration(&registration), Event::Reminded { days })?;
            self.touched.plans.insert(id);
        }
        let next = self.next_reminder_of(id);
        self.set_timer(TimerKind::Reminders, id, next);
        Ok(Reply::Done)
    }

    /// Has the people of a session reminded when it is next time to.
    pub(super) fn watch_reminders(&mut self, id: SessionId) {
        let next = self.next_reminder_of(id);
        self.set_timer_of_plan(TimerKind::Reminders, id, next);
    }

    fn next_reminder_of(&self, id: SessionId) -> Option<Timestamp> {
        self.world.sessions.get(&id).and_then(|session| self.next_reminder(session))
    }

    fn to_be_reminded(&self, session: &Session) -> Vec<(Registration, u32)> {
        let now = self.context.now;
        if !is_to_come(session, now) {
            return Vec::new();
        }
        let confirmed = self.world.registrations.of_session(session.id).filter_map(|it| match it.status {
            Status::Confirmed { at } => Some((it, session.reminded_at.map_or(at, |before| before.max(at)))),
            _ => None,
        });
        let due = confirmed.filter_map(|(it, since)| {
            let dues = self.reminders(session, &self.zone_of(it.learner, session));
            let days =
                dues.iter().filter(|(due, _)| since < *due && *due <= now).map(|(_, days)| *days).min();
            Some((it.clone(), days?))
        });
        due.collect()
    }

    fn next_reminder(&self, session: &Session) -> Option<Timestamp> {
        let now = self.context.now;
        if !is_to_come(session, now) {
            return None;
        }
        let people = self.world.registrations.of_session(session.id);
        let zones = people.map(|it| self.zone_of(it.learner, session)).chain([session.zone()]);
        zones
            .flat_map(|zone| self.reminders(session, &zone))
            .map(|(due, _)| due)
            .filter(|due| now < *due)
            .min()
    }

    /// When somebody in a zone is reminded, and how many days before the start that is.
    fn reminders(&self, session: &Session, zone: &Zone) -> Vec<(Timestamp, u32)> {
        let rules = self.world.rules_for(Some(session.course), None);
        let first_day = session.starts_at().to_zoned(zone.rules().clone()).date();
        let due = |rule| {
            let days = rules.count(rule);
            let due = morning(first_day.checked_sub(i64::from(days).days()).ok()?, zone)?;
            (days > 0).then_some((due, days))
        };
        [Rule::ReminderFirst, Rule::ReminderLast].into_iter().filter_map(due).collect()
    }

    fn zone_of(&self, learner: PersonId, session: &Session) -> Zone {
        self.world.people.get(&learner).map_or_else(|| session.zone(), |person| person.zone.clone())
    }
}

fn is_to_come(session: &Session, now: Timestamp) -> bool {
    matches!(session.status, SessionStatus::Published { .. }) && now < session.starts_at()
}
