//! Where a dealer's own rules want somebody who joins a queue: asked before the desk decides, so that no guest runs inside a transaction.

use ilt_core::desk::{Command, OnFull};
use ilt_core::ids::{PersonId, SessionId};
use ilt_core::opinion::{Granted, Joining, first_in_line};

use super::{Engine, Trouble};

impl Engine {
    /// What the rules of the learner's dealer say, should they join a queue by this command; nothing when they cannot, or have none.
    pub(super) async fn granted(&self, command: &Command) -> Option<Box<Granted>> {
        if self.ports.rules.are_nobodys() {
            return None;
        }
        let (learner, session) = self.may_join(command).await.ok()??;
        self.in_front(learner, session).await
    }

    /// What the rules of a learner's dealer say of them in the queue of a session; nothing when it has none.
    pub(super) async fn in_front(&self, learner: PersonId, session: SessionId) -> Option<Box<Granted>> {
        let person = self.people.get(learner).await.ok()??;
        if !self.ports.rules.has_opinions(person.dealer) {
            return None;
        }
        let joining = self.joining(learner, session).await.ok()??;
        let (granted, faults) = first_in_line(learner, self.ports.rules.precedence(&joining).await);
        if !faults.is_empty() {
            self.ports.rules.complain(person.dealer, &faults);
        }
        granted.map(Box::new)
    }

    /// Who may join which queue. People who wait together are not asked about: what is one's would be everybody's.
    async fn may_join(&self, command: &Command) -> Result<Option<(PersonId, SessionId)>, Trouble> {
        Ok(match command {
            Command::Register { learner, session, on_full: OnFull::Waitlist, .. } => {
                Some((*learner, *session))
            }
            Command::Swap { registration, session, .. } => {
                let known = self.ports.reads.registration(*registration).await?;
                known.map(|(known, _)| (known.learner, *session))
            }
            _ => None,
        })
    }

    /// What the rules are told of somebody who joins a queue.
    ///
    /// # Errors
    /// As [`Engine::facts`].
    async fn joining(&self, learner: PersonId, session: SessionId) -> Result<Option<Joining>, Trouble> {
        let facts = self.facts(learner).await?;
        let catalogue = self.catalogue();
        let session = catalogue.session(session);
        Ok(session.and_then(|session| facts.joining(&catalogue, session, self.ports.clock.now())))
    }
}
