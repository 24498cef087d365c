//! A client: asks for one thing on one host, and hears what is answered.

use std::cell::{Cell, RefCell};
use std::rc::Rc;

use ilt_core::access::Sight;
use ilt_core::desk::{Answer, Command, Key, Refusal, Reply};
use ilt_core::journal::Actor;
use ilt_core::ports::{RegistrationQuery, StoreError};
use ilt_host::engine::{Engine, Trouble};
use uuid::Uuid;

use crate::draw::Want;

/// What clients have heard, by the number of their request.
pub type Heard = Rc<RefCell<Vec<(u32, Result<Answer, Trouble>)>>>;

/// Somebody waits for an answer, as long as this is there.
pub struct Waits(Rc<Cell<u32>>);

impl Waits {
    /// One more who waits.
    pub fn on(waiting: &Rc<Cell<u32>>) -> Self {
        waiting.set(waiting.get() + 1);
        Self(waiting.clone())
    }
}

impl Drop for Waits {
    fn drop(&mut self) {
        self.0.set(self.0.get() - 1);
    }
}

/// Asks as a web client would: looks things up where a page does, then leaves the order.
pub async fn ask(
    engine: Engine,
    actor: Actor,
    want: Want,
    key: Option<(Key, String)>,
    correlation: Uuid,
) -> Result<Answer, Trouble> {
    let answered = match want {
        Want::Do(command) => {
            let command = looked_up(&engine, command).await?;
            engine.ask(actor, command, key, correlation).await
        }
        Want::Alternatives(learner, session) => {
            let wanted = engine.ports().reads.sessions(&[session]).await?.pop();
            let Some(wanted) = wanted else { return Ok(Err(Refusal::not_found("session"))) };
            engine.alternatives(actor, learner, &wanted, correlation).await.map(|_| Reply::Done)
        }
        Want::Roster(session) => {
            engine.ports().reads.roster(session, &Sight::Everyone).await?;
            Ok(Reply::Done)
        }
        Want::Registrations(learner) => {
            let query = RegistrationQuery {
                sight: Sight::Everyone,
                learner: Some(learner),
                statuses: Vec::new(),
                from: None,
                to: None,
                after: None,
                limit: 50,
            };
            engine.ports().reads.registrations(&query).await?;
            Ok(Reply::Done)
        }
        Want::Help(learner, session) => {
            let facts = engine.facts(learner).await?;
            let wanted = engine.ports().reads.sessions(&[session]).await?.pop();
            if let Some(wanted) = wanted {
                engine.helpful(&facts, &facts.missing(wanted.course, wanted.starts_at()));
            }
            Ok(Reply::Done)
        }
    };
    match answered {
        Ok(reply) => Ok(Ok(reply)),
        Err(Trouble::Refused(refusal)) => Ok(Err(refusal)),
        Err(trouble) => Err(trouble),
    }
}

/// A session is cancelled with proposals for its people, which are worked out before.
async fn looked_up(engine: &Engine, mut command: Command) -> Result<Command, Trouble> {
    match &mut command {
        Command::CancelSession { session, proposals, .. } | Command::WeighMinimum { session, proposals } => {
            *proposals = engine.rebooking(*session).await?;
        }
        Command::EndWait { registration, shown } => *shown = engine.instead_of(*registration).await?,
        _ => {}
    }
    Ok(command)
}

/// Whether it is a fault of ours, and not of the times.
pub fn is_ours(trouble: &Trouble) -> bool {
    match trouble {
        Trouble::Ours | Trouble::Store(StoreError::Corrupt(_) | StoreError::Failed(_)) => true,
        Trouble::Refused(_)
        | Trouble::Busy { .. }
        | Trouble::Stopping
        | Trouble::Store(StoreError::Conflict(_) | StoreError::Away(_)) => false,
    }
}
