//! Plans the sessions that another system schedules through Kafka, by the same rules as everybody else.

use std::sync::Arc;

use async_trait::async_trait;
use ilt_core::desk::{Command, Refusal, SessionPlan};
use ilt_core::fault::{Fault as _, Kind};
use ilt_core::journal::Actor;
use ilt_core::ports::{Statements, StoreError};
use ilt_core::statement::sort_of;
use ilt_kafka::consume::{Handler, Poison, Reason, Record, Wait};
use uuid::Uuid;

use super::envelope::{self, Event};
use super::failures::Failures;
use super::others::Others;
use super::plan::{Draft, Instructor, Wanted, read};
use super::request::{correlation, keys};
use super::wait;
use crate::engine::{Engine, Trouble};
use crate::followers::TurnFailed;

/// The name of the consumer.
pub const SESSIONS: &str = "sessions";

/// Plans what another system schedules.
pub struct Sessions {
    /// Who does it.
    pub engine: Engine,
    /// What we call ourselves in events: what we tell is not done once more.
    pub source: String,
    /// What we have told: whoever else calls themselves the same is found out by it.
    pub told: Arc<dyn Statements>,
    /// What the identifiers of extensions begin with.
    pub extension_base: String,
    /// The group that takes: what it had buried itself is done when it is put back.
    pub group: String,
    /// Records at which we fail; none at first.
    pub failures: Failures,
    /// What is left alone; nothing at first.
    pub others: Others,
}

/// What becomes of one event.
enum Outcome {
    Done,
    Never(Poison),
}

impl From<Poison> for Outcome {
    fn from(poison: Poison) -> Self {
        Self::Never(poison)
    }
}

#[async_trait]
impl Handler for Sessions {
    async fn settle(&self, records: &[Record]) -> Result<Vec<(usize, Poison)>, Wait> {
        let mut dead = Vec::new();
        for (place, record) in records.iter().enumerate() {
            match self.one(record).await {
                Ok(Outcome::Done) => {}
                Ok(Outcome::Never(poison)) => dead.push((place, poison)),
                Err(trouble) if self.is_at_fault(record, &trouble) => {
                    dead.push((place, Poison::new(Reason::ServerError, "this host fails at it each time")));
                }
                Err(trouble) => return Err(wait(trouble)),
            }
        }
        self.failures.forget(records);
        Ok(dead)
    }
}

impl Sessions {
    /// Settles a record: each event in it, in their order. It is buried when one of them never can be.
    async fn one(&self, record: &Record) -> Result<Outcome, Trouble> {
        let events = match envelope::open(record) {
            Ok(events) => events,
            Err(poison) => return Ok(poison.into()),
        };
        let mut dead: Option<Poison> = None;
        for event in &events {
            let Outcome::Never(mut poison) = self.event(record, event).await? else { continue };
            if !event.place.is_empty() {
                poison.said = format!("{}: {}", event.place, poison.said);
            }
            match &mut dead {
                Some(dead) => dead.said = format!("{}; {}", dead.said, poison.said),
                None => dead = Some(poison),
            }
        }
        Ok(dead.map_or(Outcome::Done, Outcome::Never))
    }

    async fn event(&self, record: &Record, event: &Event) -> Result<Outcome, Trouble> {
        if event.source.as_ref() == Some(&self.source) {
            self.look_at_our_own(event).await?;
            return Ok(Outcome::Done);
        }
        let word = match word(event) {
            Sense::Of(word) => word,
            Sense::SomebodyElses(verb) => {
                self.others.leave(verb);
                return Ok(Outcome::Done);
            }
            Sense::None => {
                let said = "/verb/id must say what it is about, unless the header ce_type does";
                return Ok(Poison::new(Reason::Invalid, said).into());
            }
        };
        let keys = match keys(record, event, &self.group) {
            Ok(keys) => keys,
            Err(poison) => return Ok(poison.into()),
        };
        if self.is_forgotten(record) {
            let said = "it is older than the answers that are remembered (desk.remember): nobody knows whether it was done";
            return Ok(Poison::new(Reason::Stale, said).into());
        }
        let wanted = read(word, &event.statement, &self.extension_base, &self.engine.catalogue());
        let command = match wanted {
            Err(wrong) => return Ok(Poison::new(Reason::Invalid, wrong.join("; ")).into()),
            Ok(Wanted::CalledOff { session, reason }) => {
                let proposals = self.engine.rebooking(session).await?;
                Command::CancelSession { session, reason, proposals }
            }
            Ok(Wanted::Planned(draft)) => match self.plan(*draft).await? {
                Ok(plan) => Command::SaveSessions { plans: vec![plan], historic: false },
                Err(poison) => return Ok(poison.into()),
            },
        };
        let mut outcome = Outcome::Done;
        for key in keys {
            let correlation = correlation(event, &key.0);
            let asked = self.engine.ask(Actor::system("kafka"), command.clone(), Some(key), correlation);
            outcome = match asked.await {
                Ok(_) => return Ok(Outcome::Done),
                Err(Trouble::Refused(Refusal::IdempotencyKeyReused)) => {
                    Poison::new(Reason::Conflict, "something else was done under its id").into()
                }
                Err(Trouble::Refused(refusal)) => Poison::new(Reason::Invalid, said(&refusal)).into(),
                Err(trouble) => return Err(trouble),
            };
        }
        Ok(outcome)
    }

    /// Says once when somebody else tells things in our name: nothing of theirs is done.
    async fn look_at_our_own(&self, event: &Event) -> Result<(), StoreError> {
        const SAID: &str = "somebody else has our name";
        let id = event.id.as_deref().or_else(|| event.statement["id"].as_str());
        let id = id.and_then(|it| it.parse::<Uuid>().ok());
        let is_ours = match id {
            Some(id) => !self.told.told(&[id]).await?.is_empty(),
            None => false,
        };
        if !is_ours && self.others.is_news(SAID) {
            tracing::warn!(
                source = self.source,
                "records name us as their source and are none that were told here: they are left alone. Does another system have the same kafka.source?"
            );
        }
        Ok(())
    }

    /// Whether the record is what we fail at, as far as anybody can tell: a database that is away or busy is waited for.
    fn is_at_fault(&self, record: &Record, trouble: &Trouble) -> bool {
        trouble.kind() == Kind::Broken && self.failures.is_enough(record)
    }

    /// Whether the answer to it may be forgotten already, so that it could be done twice.
    fn is_forgotten(&self, record: &Record) -> bool {
        let remember = jiff::SignedDuration::try_from(self.engine.settings().remember)
            .unwrap_or(jiff::SignedDuration::MAX);
        record.at.is_some_and(|at| self.engine.ports().clock.now().duration_since(at) >= remember)
    }

    async fn plan(&self, draft: Draft) -> Result<Result<SessionPlan, Poison>, StoreError> {
        let known = self.engine.ports().reads.sessions(&[draft.session]).await?.pop();
        let instructors = match &draft.instructor {
            None => known.as_ref().map_or_else(Vec::new, |it| it.instructors.clone()),
            Some(Instructor::Known(id)) => vec![*id],
            Some(Instructor::Mail(mail)) => match self.engine.ports().reads.by_mail(mail).await? {
                Some(id) => vec![id],
                None => {
                    return Ok(Err(Poison::new(
                        Reason::Invalid,
                        "/context/instructor is nobody who is known",
                    )));
                }
            },
        };
        let course_length = self.engine.catalogue().courses().get(&draft.course).map(|it| it.length);
        let plan = draft.plan(instructors, known.as_ref(), course_length.unwrap_or_default());
        Ok(plan.map_err(|wrong| Poison::new(Reason::Invalid, wrong)))
    }
}

/// What an event is about.
enum Sense<'a> {
    /// A session: what is to be done with it.
    Of(&'static str),
    /// Something else, called so.
    SomebodyElses(&'a str),
    /// Nobody can say.
    None,
}

/// What an event is about: by its type when that is one of ours, or else by its verb.
fn word(event: &Event) -> Sense<'_> {
    let ours = event.kind.as_deref().and_then(sort_of).map(|(_, verb)| verb.word());
    let verb = event.statement["verb"]["id"].as_str().filter(|it| !it.is_empty());
    let Some(name) = verb.or(event.kind.as_deref()) else { return Sense::None };
    match ours.or_else(|| name.rsplit('/').next()) {
        Some("scheduled" | "schedule") => Sense::Of("scheduled"),
        Some("rescheduled") => Sense::Of("rescheduled"),
        Some("cancelled" | "cancel") => Sense::Of("cancelled"),
        _ => Sense::SomebodyElses(name),
    }
}

/// A refusal by its code and its fields, without what is in them.
fn said(refusal: &Refusal) -> String {
    match refusal {
        Refusal::InvalidRequest { fields } => {
            let fields: Vec<_> = fields.iter().map(|it| format!("{} {}", it.pointer, it.detail)).collect();
            format!("{}: {}", refusal.code(), fields.join("; "))
        }
        other => other.code().to_owned(),
    }
}

impl From<Trouble> for TurnFailed {
    fn from(trouble: Trouble) -> Self {
        let leave_alone = match &trouble {
            Trouble::Busy { retry_after } => Some(*retry_after),
            _ => None,
        };
        Self { leave_alone, ..Self::because(&trouble) }
    }
}
