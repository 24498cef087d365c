//! Handing a seat on: to another session for the same learner, or to another learner in the same session.

use jiff::Timestamp;

use crate::catalog::Person;
use crate::desk::Refusal;
use crate::registration::decide::{Except, full, late, obstacle, queue_is_open, takeable, taught};
use crate::registration::{Registration, Status};
use crate::session::Session;
use crate::world::World;

const WAITS_TOGETHER: &str =
    "the learner waits there together with others, who get their seats together: leave that queue first";
const WAITS_FOR_ANOTHER_SEAT: &str =
    "the learner waits there with another seat to give back for it: leave that queue, or register there";

/// What it takes to move a learner's seat to the session `to`: the seat there is as good as taken when this says yes. Answers
/// whether the seat that is left is given back late.
///
/// The seat that is left is in nobody's way, and nothing has happened to it when this says no.
pub fn transfer(
    world: &World,
    registration: &Registration,
    learner: &Person,
    to: &Session,
    seats_left: u32,
    reason: Option<&str>,
    now: Timestamp,
) -> Result<bool, Refusal> {
    confirmed(registration)?;
    if registration.session == to.id {
        return Err(Refusal::invalid("/session", "is the session that this registration is for"));
    }
    let late = late(world, registration, reason, now)?;
    let course = takeable(world, to, Some(learner), now)?;
    if let Some(obstacle) = obstacle(world, learner, to, course, Except::Session(registration.session)) {
        return Err(obstacle);
    }
    if let Some(known) = world.registrations.live(learner.id, to.id) {
        if known.status.takes_a_seat() {
            return Err(Refusal::invalid("/session", "the learner has a seat there already"));
        }
        if known.status.group().is_some() {
            return Err(Refusal::invalid("/session", WAITS_TOGETHER));
        }
        // Two seats must not be given back for one.
        if matches!(Except::given_back(world, known), Except::Session(given) if given != registration.session)
        {
            return Err(Refusal::invalid("/session", WAITS_FOR_ANOTHER_SEAT));
        }
    }
    if seats_left == 0 {
        return Err(full(world, to, Some(learner)));
    }
    Ok(late)
}

/// What it takes to wait for the session `to` while keeping a seat that is given back for it.
pub fn swap(
    world: &World,
    registration: &Registration,
    learner: &Person,
    to: &Session,
    now: Timestamp,
) -> Result<(), Refusal> {
    confirmed(registration)?;
    if registration.session == to.id {
        return Err(Refusal::invalid("/session", "is the session that this registration is for"));
    }
    let course = takeable(world, to, Some(learner), now)?;
    if let Some(obstacle) = obstacle(world, learner, to, course, Except::Session(registration.session)) {
        return Err(obstacle);
    }
    if queue_is_open(world, to, Some(learner)) { Ok(()) } else { Err(full(world, to, Some(learner))) }
}

/// What it takes for `substitute` to come instead: the session has not begun, and they could have registered themselves.
pub fn substitute(
    world: &World,
    registration: &Registration,
    substitute: &Person,
    now: Timestamp,
) -> Result<(), Refusal> {
    confirmed(registration)?;
    let (session, course) = taught(world, registration)?;
    if now >= session.starts_at() {
        return Err(Refusal::RegistrationClosed { closed_at: session.starts_at() });
    }
    let known = world.registrations.live(substitute.id, session.id);
    if known.is_some_and(|known| known.status.takes_a_seat()) {
        return Err(Refusal::invalid("/learner", "has a seat in this session already"));
    }
    obstacle(world, substitute, session, course, Except::Nothing).map_or(Ok(()), Err)
}

fn confirmed(registration: &Registration) -> Result<(), Refusal> {
    match &registration.status {
        Status::Confirmed { .. } => Ok(()),
        other => Err(Refusal::NotConfirmed { was: other.word().to_owned() }),
    }
}
