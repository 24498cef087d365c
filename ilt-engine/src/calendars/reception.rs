//! What people do over there by themselves, decided by the desk: who may have the seat that they booked is registered, all others are
//! turned away with the reason; and who is called absent there is absent, where nobody here has said anything.
//!
//! # Invariants
//! * The desk decides by the rules that hold for a learner who registers: nobody overrides anything, joins a queue or sits beyond the
//!   capacity by it.
//! * A seat is asked for under one key, however often it is found: whoever gave it back meanwhile is not registered by it again.
//! * What somebody is told names nobody.

use ilt_core::attendance::decide::Merged;
use ilt_core::calendar::{Absence, Deed, Did, SeatAt, Settled, Stranger, Turned};
use ilt_core::desk::{Command, Key, MarkPlan, OnFull, Refusal, Reply};
use ilt_core::ids::{PersonId, RegistrationId, SessionId};
use ilt_core::journal::Actor;
use ilt_core::ranking::Shown;
use ilt_core::registration::{Registration, Status};
use ilt_core::session::{Session, SessionStatus};
use jiff::Timestamp;
use uuid::Uuid;

use super::words;
use crate::alternatives::invites_alternatives;
use crate::{Engine, Trouble};

/// The part of this system that speaks for those who act in a calendar.
pub const CALENDAR: &str = "calendar";
/// Strangers of one session of whom it is decided in one turn.
const MOST_AT_ONCE: usize = 20;
/// Answers are remembered under the digest of what was asked; of one seat it is always the same.
const DIGEST: &str = "seat";

/// Decides on what people do over there. Clones are the same.
#[derive(Clone)]
pub struct Reception {
    /// Whose desk is asked.
    pub engine: Engine,
}

/// What was decided.
#[derive(Debug, Default)]
pub struct Received {
    /// Who is turned away, and why.
    pub turned: Turned,
    /// What was done here.
    pub done: Vec<Deed>,
}

impl Received {
    /// Whether nothing is otherwise than before.
    pub fn is_nothing(&self) -> bool {
        let Self { turned, done } = self;
        turned.is_empty() && done.is_empty()
    }
}

/// What becomes of one seat.
enum Outcome {
    /// It is this registration's.
    Theirs(RegistrationId),
    /// Its owner cannot have it.
    TurnedAway(String),
}

impl Reception {
    /// Decides on what was found of a session.
    ///
    /// # Errors
    /// When the desk could not decide; it can be asked again, and says the same.
    pub async fn receive(&self, session: SessionId, found: &Settled) -> Result<Received, Trouble> {
        let mut received = Received::default();
        for stranger in found.strangers.iter().take(MOST_AT_ONCE) {
            match self.stranger(session, stranger).await? {
                Outcome::TurnedAway(reason) => {
                    received.turned.insert(stranger.at.clone(), reason);
                }
                Outcome::Theirs(registration) => received.done.push(Deed {
                    did: Did::Adopted,
                    part: stranger.part,
                    registration: Some(registration),
                }),
            }
        }
        if !found.absent.is_empty() {
            received.done.extend(self.absences(session, &found.absent).await?);
        }
        Ok(received)
    }

    async fn stranger(&self, session: SessionId, stranger: &Stranger) -> Result<Outcome, Trouble> {
        let reads = &self.engine.ports().reads;
        let learner = match stranger.mail.as_str() {
            "" => None,
            mail => reads.by_mail(mail).await?,
        };
        let Some(learner) = learner else { return Ok(Outcome::TurnedAway(words::NOBODY.to_owned())) };
        let asked = Asked::of(&stranger.at, learner);
        let (on_full, automatic, reason) = (OnFull::Alternatives, false, None);
        let command = Command::Register { session, learner, on_full, automatic, reason };
        match self.ask(command, &asked, "").await {
            Ok(Reply::Registration { registration, .. }) => {
                Ok(theirs(reads.registration(registration.id).await?.map(|(now, _)| now)))
            }
            Ok(_) => Err(Trouble::Ours),
            Err(Trouble::Refused(refusal)) => {
                let shown = self.instead(session, learner, &refusal, &asked).await?;
                Ok(Outcome::TurnedAway(words::refused(&refusal, shown.as_deref())))
            }
            Err(trouble) => Err(trouble),
        }
    }

    async fn ask(&self, command: Command, asked: &Asked, what: &str) -> Result<Reply, Trouble> {
        let Asked { learner, seat } = *asked;
        // No client can choose this key: there is a blank in it.
        let key = Key { person: learner, key: format!("{CALENDAR} {seat}{what}") };
        self.engine.ask(Actor::system(CALENDAR), command, Some((key, DIGEST.to_owned())), seat).await
    }

    /// The best alternative, as a sentence, where one helps; recorded as shown.
    async fn instead(
        &self,
        wanted: SessionId,
        learner: PersonId,
        refusal: &Refusal,
        asked: &Asked,
    ) -> Result<Option<String>, Trouble> {
        if !invites_alternatives(refusal) {
            return Ok(None);
        }
        let reads = &self.engine.ports().reads;
        let Some(session) = reads.sessions(&[wanted]).await?.pop() else { return Ok(None) };
        let mut shown = self.engine.ranked(learner, &session).await?;
        shown.truncate(1);
        let Some(best) = shown.first().map(|it| it.session) else { return Ok(None) };
        let Some(best) = reads.sessions(&[best]).await?.pop() else { return Ok(None) };
        self.show(wanted, learner, shown, asked).await?;
        let catalogue = self.engine.catalogue();
        let (course, location) =
            (catalogue.courses().get(&best.course), catalogue.locations().get(&best.location));
        Ok(course.zip(location).and_then(|(course, location)| words::instead(&best, course, location)))
    }

    async fn show(
        &self,
        wanted: SessionId,
        learner: PersonId,
        shown: Vec<Shown>,
        asked: &Asked,
    ) -> Result<(), Trouble> {
        let command = Command::Show { learner, wanted, shown };
        self.ask(command, asked, " instead").await.map(drop)
    }

    /// Marks who is absent, as of the start: whatever somebody has said here since then is later, and counts.
    async fn absences(&self, id: SessionId, absent: &[Absence]) -> Result<Vec<Deed>, Trouble> {
        let session = self.engine.ports().reads.sessions(&[id]).await?.pop();
        let is_open = |it: &Session| matches!(it.status, SessionStatus::Published { .. });
        let Some(session) = session.filter(is_open) else { return Ok(Vec::new()) };
        let (mut marks, mut deeds) = (Vec::new(), Vec::new());
        for Absence { registration, part } in absent {
            let Some(starts_at) = session.parts.get(usize::from(*part)).map(|it| it.starts_at) else {
                continue;
            };
            marks.push(mark(*registration, *part, starts_at));
            deeds.push(Deed { did: Did::Heard, part: *part, registration: Some(*registration) });
        }
        let (actor, command) = (Actor::system(CALENDAR), Command::MarkAttendance { session: id, marks });
        let correlation = Uuid::new_v5(&id.0, CALENDAR.as_bytes());
        let results = match self.engine.ask(actor, command, None, correlation).await {
            Ok(Reply::Marked { results }) => results,
            Ok(_) => return Err(Trouble::Ours),
            Err(Trouble::Refused(_)) => return Ok(Vec::new()),
            Err(trouble) => return Err(trouble),
        };
        let is_new = |(_, result): &(Deed, Result<Merged, Refusal>)| *result == Ok(Merged::Applied);
        Ok(deeds.into_iter().zip(results).filter(is_new).map(|(deed, _)| deed).collect())
    }
}

/// Who is asked for, and by which seat.
struct Asked {
    learner: PersonId,
    seat: Uuid,
}

impl Asked {
    fn of(at: &SeatAt, learner: PersonId) -> Self {
        Self { learner, seat: Uuid::new_v5(&Uuid::NAMESPACE_OID, at.seat.as_bytes()) }
    }
}

/// What becomes of a seat by the registration that was answered, as that is now.
fn theirs(registration: Option<Registration>) -> Outcome {
    let said = match registration.map(|it| (it.id, it.status)) {
        Some((id, Status::Confirmed { .. })) => return Outcome::Theirs(id),
        Some((_, Status::Held { .. })) => words::WAITS_FOR_APPROVAL,
        Some((_, Status::Waitlisted { .. })) => words::WAITS_IN_LINE,
        Some((_, Status::Offered { .. })) => words::HAS_AN_OFFER,
        Some((
            _,
            Status::Declined { .. }
            | Status::RequestLapsed { .. }
            | Status::NotPlaced { .. }
            | Status::Transferred { .. }
            | Status::Substituted { .. }
            | Status::Cancelled { .. }
            | Status::LateCancelled { .. }
            | Status::SessionCancelled { .. },
        ))
        | None => words::NO_MORE,
    };
    Outcome::TurnedAway(said.to_owned())
}

fn mark(registration: RegistrationId, part: u16, starts_at: Timestamp) -> MarkPlan {
    let client = Uuid::new_v5(&registration.0, format!("absent/{part}").as_bytes());
    let whole = MarkPlan::whole(registration, u32::from(part) + 1);
    MarkPlan { minutes: Some(0), at: Some(starts_at), client: Some(client), ..whole }
}
