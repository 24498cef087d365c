//! Where dealers' own rules want those who wait already: asked anew when somebody wishes it, after the rules or their settings have changed.
//!
//! # Invariants
//! * Where a person has put somebody, they stay: rules speak of those of whom nobody has spoken.
//! * Where a rule did not answer, what it would have said is not known: nobody is moved for that.
//! * Whoever leaves the queue meanwhile, or is put elsewhere, is left alone ([`Command::Reconsider`]).
//!
//! # Not here
//! Who may wish it (the host), what rules may say ([`ilt_core::opinion`]).

use std::collections::BTreeSet;

use futures::{StreamExt as _, TryStreamExt as _, stream};
use ilt_core::access::Sight;
use ilt_core::desk::{Command, Order, Reply};
use ilt_core::ids::{DealerId, PersonId};
use ilt_core::journal::{Actor, Event};
use ilt_core::plugin::Whose;
use ilt_core::ports::{Cursor, RegistrationQuery};
use ilt_core::registration::{Priority, Registration, Status};
use jiff::Timestamp;
use uuid::Uuid;

use super::{Engine, Trouble};

/// Registrations that are asked about in one go.
const PAGE: u32 = 200;
/// Of these, how many side by side.
const AT_ONCE: usize = 16;

/// What came of asking anew.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Anew {
    /// How many of those who wait were looked at.
    pub asked: usize,
    /// How many of them come earlier or later now.
    pub moved: usize,
    /// How many stay where they are since a rule gave no answer.
    pub unanswered: usize,
    /// Where to go on, when there are more.
    pub next: Option<Cursor<Timestamp>>,
}

/// What came of asking about one.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
enum Came {
    Moved,
    Stays,
    Unanswered,
}

impl Engine {
    /// Asks the rules anew about some of those who wait for a session to come, by its start, and puts them where they are wanted now.
    ///
    /// # Errors
    /// [`Trouble`] when the store fails or the desk is busy; whoever was put elsewhere until then stays so.
    pub async fn ask_anew(
        &self,
        whose: &Whose,
        after: Option<Cursor<Timestamp>>,
        correlation: Uuid,
    ) -> Result<Anew, Trouble> {
        let query = RegistrationQuery {
            sight: self.sight_of(whose),
            learner: None,
            statuses: vec!["waitlisted".to_owned()],
            from: Some(self.ports.clock.now()),
            to: None,
            after,
            limit: PAGE,
        };
        let waiting = self.ports.reads.registrations(&query).await?;
        let last = waiting.last().filter(|_| waiting.len() == PAGE as usize);
        let next = last
            .map(|(registration, session, _)| Cursor { value: session.starts_at(), id: registration.id.0 });
        let asked = waiting.len();
        let asking = stream::iter(waiting).map(|(one, ..)| self.reconsidered(one, correlation));
        let came: Vec<Came> = asking.buffered(AT_ONCE).try_collect().await?;
        let count = |what| came.iter().filter(|it| **it == what).count();
        Ok(Anew { asked, moved: count(Came::Moved), unanswered: count(Came::Unanswered), next })
    }

    /// Whose queues are looked at: a dealer's rules have no say in others'.
    fn sight_of(&self, whose: &Whose) -> Sight {
        let dealers = whose.dealers(self.catalogue().dealers());
        let some = |dealers: BTreeSet<DealerId>| Sight::Some {
            own: PersonId(Uuid::nil()),
            teams: Vec::new(),
            team_at: Vec::new(),
            dealers: dealers.into_iter().collect(),
        };
        dealers.map_or(Sight::Everyone, some)
    }

    /// Asks about one.
    async fn reconsidered(&self, registration: Registration, correlation: Uuid) -> Result<Came, Trouble> {
        if self.is_a_persons_doing(&registration).await? {
            return Ok(Came::Stays);
        }
        let (granted, is_whole) = self.in_front(registration.learner, registration.session).await?;
        if !is_whole {
            return Ok(Came::Unanswered);
        }
        let was = priority(&registration).cloned();
        let command = Command::Reconsider { registration: registration.id, was: was.clone() };
        let order = Order { granted, ..Order::new(Actor::system("plugin"), command, None, correlation) };
        let reply = self.order(order).await?;
        let Reply::Registration { registration: now, .. } = reply else { return Ok(Came::Stays) };
        let is_moved = now.status.waits() && priority(&now) != was.as_ref();
        Ok(if is_moved { Came::Moved } else { Came::Stays })
    }

    /// Whether a person put them where they are, and not a rule; whoever stands where they joined was put there by nobody.
    async fn is_a_persons_doing(&self, registration: &Registration) -> Result<bool, Trouble> {
        let history = self.ports.journal.of_registration(registration.id).await?;
        let last = history.iter().rev().find_map(|entry| match &entry.event {
            Event::Prioritised { by, .. } => Some(by.is_none()),
            _ => None,
        });
        Ok(last.unwrap_or_else(|| priority(registration).is_some()))
    }
}

fn priority(registration: &Registration) -> Option<&Priority> {
    match &registration.status {
        Status::Waitlisted { wait } => wait.priority.as_ref(),
        _ => None,
    }
}
