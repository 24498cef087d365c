//! A client: asks for one thing on one host, and hears what is answered.

use std::cell::{Cell, RefCell};
use std::rc::Rc;

use ilt_core::access::Sight;
use ilt_core::desk::{Answer, Command, Help, Key, Reference, Refusal, Reply, SessionPicture};
use ilt_core::ids::{PersonId, SessionId};
use ilt_core::journal::Actor;
use ilt_core::ports::{RegistrationQuery, StoreError};
use ilt_core::session::Session;
use ilt_engine::{Engine, Trouble};
use uuid::Uuid;

use crate::draw::Want;
use crate::kind::Kind;

/// What clients have heard, by the number of their request.
pub type Heard = Rc<RefCell<Vec<Answered>>>;

/// An answer to a request.
pub struct Answered {
    /// To which.
    pub number: u32,
    /// What was wanted: the request, or to hear again what was answered to it.
    pub kind: Kind,
    /// Whether somebody had heard an answer to it before this was asked.
    pub was_heard: bool,
    /// What was answered, or why nothing was.
    pub answer: Result<Answer, Trouble>,
}

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
            let help = Box::new(help(&engine, learner, session).await?);
            engine.ask(actor, Command::Help { learner, wanted: session, help }, key, correlation).await
        }
    };
    match answered {
        Ok(reply) => Ok(Ok(reply)),
        Err(Trouble::Refused(refusal)) => Ok(Err(refusal)),
        Err(trouble) => Err(trouble),
    }
}

/// What helps one who was refused: sessions with what is missing, and alternatives.
async fn help(engine: &Engine, learner: PersonId, wanted: SessionId) -> Result<Help, Trouble> {
    let reads = &engine.ports().reads;
    let facts = engine.facts(learner).await?;
    let mut help = Help::default();
    let Some(wanted) = reads.sessions(&[wanted]).await?.pop() else { return Ok(help) };
    let helpful = engine.helpful(&facts, &facts.missing(wanted.course, wanted.starts_at()));
    help.sessions = reads.sessions(&helpful).await?.iter().map(|it| picture(engine, it)).collect();
    for shown in engine.ranked(learner, &wanted).await? {
        let Some(session) = reads.sessions(&[shown.session]).await?.pop() else { continue };
        help.shown.push((shown, picture(engine, &session)));
    }
    Ok(help)
}

/// A session as it is shown, whoever teaches.
fn picture(engine: &Engine, session: &Session) -> SessionPicture {
    let (catalogue, now) = (engine.catalogue(), engine.ports().clock.now());
    let reference = Reference {
        courses: catalogue.courses(),
        locations: catalogue.locations(),
        rules: catalogue.rules(),
    };
    SessionPicture::of(session, reference, |_| None, now)
}

/// A session is cancelled with proposals for its people, which are worked out before.
async fn looked_up(engine: &Engine, mut command: Command) -> Result<Command, Trouble> {
    match &mut command {
        Command::CancelSession { session, proposals, .. } | Command::WeighMinimum { session, proposals } => {
            *proposals = engine.rebooking(*session).await?;
        }
        Command::EndWait { registration, shown } | Command::HelpClash { registration, shown } => {
            *shown = engine.instead_of(*registration).await?;
        }
        _ => {}
    }
    Ok(command)
}

/// Whether it is a fault of ours, and not of the times.
pub fn is_ours(trouble: &Trouble) -> bool {
    match trouble {
        Trouble::Ours
        | Trouble::Store(
            StoreError::NotHeld(_) | StoreError::Differs(_) | StoreError::Corrupt(_) | StoreError::Failed(_),
        ) => true,
        Trouble::Refused(_)
        | Trouble::Busy { .. }
        | Trouble::Stopping
        | Trouble::Store(StoreError::Conflict(_) | StoreError::Away(_)) => false,
    }
}
