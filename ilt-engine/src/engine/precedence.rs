//! Where a dealer's own rules want somebody who joins a queue: asked before the desk decides, so that no guest runs inside a transaction.

use ilt_core::desk::{Command, OnFull};
use ilt_core::ids::{PersonId, SessionId};
use ilt_core::opinion::{Granted, Heard, Joining, first_in_line};

use super::{Engine, Trouble};

impl Engine {
    /// What the rules of the learner's dealer say, should they join a queue by this command; nothing when they cannot, or have none.
    pub(super) async fn granted(&self, command: &Command) -> Option<Box<Granted>> {
        if self.ports.rules.are_nobodys() {
            return None;
        }
        let (learner, session) = self.may_join(command).await.ok()??;
        self.in_front(learner, session).await.ok()?.0
    }

    /// What the rules of a learner's dealer say of them in the queue of a session, nothing when it has none; and whether all answered.
    ///
    /// # Errors
    /// As [`Engine::facts`].
    pub(super) async fn in_front(
        &self,
        learner: PersonId,
        session: SessionId,
    ) -> Result<(Option<Box<Granted>>, bool), Trouble> {
        let dealer = self.people.get(learner).await?.and_then(|person| person.dealer);
        if !self.ports.rules.has_opinions(dealer) {
            return Ok((None, true));
        }
        let Some(joining) = self.joining(learner, session).await? else { return Ok((None, true)) };
        let Heard { said, silent } = self.ports.rules.precedence(&joining).await;
        let (granted, faults) = first_in_line(learner, said);
        if !faults.is_empty() {
            self.ports.rules.complain(dealer, &faults);
        }
        Ok((granted.map(Box::new), silent == 0))
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
