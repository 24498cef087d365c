//! Giving seats that came free to whoever is next in the queue.

use std::collections::BTreeSet;

use jiff::Timestamp;

use crate::catalog::Person;
use crate::desk::Refusal;
use crate::fault::Fault;
use crate::ids::{DealerId, GroupId, SessionId};
use crate::journal::Event;
use crate::planted::{self, Bug};
use crate::policy::Rule;
use crate::registration::decide::{Except, cap_reached_together, obstacle, request};
use crate::registration::{Asking, Registration, Status, Wait, asking};
use crate::session::Session;
use crate::world::{Turn, World};

/// What the queue of a session does next.
#[derive(Debug, Clone, PartialEq)]
pub enum Next {
    /// Something happens to one registration, whose turn it was; go on after it.
    Step(Box<Registration>, Event, Turn),
    /// Nothing: no seat is open, or nobody can take one.
    Rest,
    /// Only the first of the queue are known, if any, and none of them can take the seat: more must be loaded.
    NeedMore,
}

/// What the queue of `session` does next, while a seat is open: from its beginning, or after the turn of the last step. Seats
/// become only fewer from step to step, so whoever comes before that could not be given one now either.
///
/// Whoever passed on an offer since seats last came free is not asked again for the same seat, whoever is kept away by a
/// clash or a prerequisite is told so, once, and stays in line, and a place that is paused is passed over.
pub fn next(world: &World, session: SessionId, after: Option<Turn>, now: Timestamp) -> Next {
    let Some(session) = world.sessions.get(&session) else { return Next::Rest };
    if !session.has_seats() || !session.is_live(now) {
        return Next::Rest;
    }
    let is_known_whole = world.knows_queue_of(session);
    for (turn, registration) in world.registrations.queue_after(session.id, after) {
        if !is_known_whole && !world.queues.reaches(session.id, turn) {
            return Next::NeedMore;
        }
        let Status::Waitlisted { wait } = &registration.status else { continue };
        let since_freed =
            |at: Option<Timestamp>| at.is_some_and(|at| session.freed_at.is_none_or(|freed| at >= freed));
        if wait.paused || since_freed(wait.passed_at) || since_freed(wait.told_at) {
            continue;
        }
        if session.seats_for(dealer_of(world, registration)) == 0 {
            continue;
        }
        if let Some(event) = give(world, session, registration, wait, now) {
            return Next::Step(Box::new(registration.clone()), event, turn);
        }
    }
    if is_known_whole { Next::Rest } else { Next::NeedMore }
}

/// What happens to the one whose turn it is; `None` when nothing does, because it was said before or it is too late.
fn give(
    world: &World,
    session: &Session,
    registration: &Registration,
    wait: &Wait,
    now: Timestamp,
) -> Option<Event> {
    if let Some(why) = keeps_away(world, session, registration).or_else(|| keeps_group(world, session, wait))
    {
        return (wait.skipped.as_deref() != Some(why.code())).then_some(Event::Skipped { why });
    }
    let rules = world.rules_for(Some(session.course), world.people.get(&registration.learner));
    let automatic_until = session.starts_at().saturating_sub(rules.days(Rule::AutomaticUntil));
    if wait.automatic && automatic_until.is_ok_and(|until| now < until) {
        let request = request(session, rules, wait.approved, wait.gives_back, now);
        return Some(request.unwrap_or(Event::Promoted));
    }
    match asking(now, session.starts_at(), &session.zone(), rules) {
        Asking::Next { until, warn_at } => Some(Event::OfferMade { until, warn_at }),
        Asking::Everybody => Some(Event::SeatAnnounced),
        Asking::Nobody => None,
    }
}

/// Not enough of a queue is known to say what it leaves.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Unknown;

/// Seats of `session` that `learner` can take, whether or not they wait for one: those that nobody who comes before them may have.
pub fn seats_left(
    world: &World,
    session: &Session,
    learner: &Person,
    now: Timestamp,
) -> Result<u32, Unknown> {
    let own = world.registrations.live(learner.id, session.id).and_then(|known| match &known.status {
        Status::Waitlisted { wait } => Some((wait.turn(), known.id)),
        _ => None,
    });
    Ok(left_by_queue(world, session, own, now)?.seats_for(learner.dealer))
}

/// The session as if everybody who waits, up to a turn, had taken the open seat that they may have.
///
/// At the end of every transaction the queue has been served, so those are people who were told of a seat that is there for the
/// first to accept, and those whom only time or a rule has made able to take one.
pub fn left_by_queue(
    world: &World,
    session: &Session,
    before: Option<Turn>,
    now: Timestamp,
) -> Result<Session, Unknown> {
    let mut left = session.clone();
    if session.seats.waitlisted == 0 || !session.is_live(now) {
        return Ok(left);
    }
    let is_known_whole = world.knows_queue_of(session);
    let mut groups = BTreeSet::new();
    for (turn, registration) in world.registrations.queue_after(session.id, None) {
        if !left.has_seats() || before.is_some_and(|own| own <= turn) {
            return Ok(left);
        }
        if !is_known_whole && !world.queues.reaches(session.id, turn) {
            return Err(Unknown);
        }
        let Status::Waitlisted { wait } = &registration.status else { continue };
        if !may_have(world, &left, registration, wait, now) {
            continue;
        }
        match wait.group {
            None => left.take_one(dealer_of(world, registration)),
            Some(group) if groups.insert(group) => {
                for one in together(world, session, group) {
                    left.take_one(dealer_of(world, one));
                }
            }
            Some(_) => {}
        }
    }
    if is_known_whole || !left.has_seats() { Ok(left) } else { Err(Unknown) }
}

/// Whether one who waits may have a seat that is open now, be it that it is theirs to accept.
fn may_have(
    world: &World,
    session: &Session,
    registration: &Registration,
    wait: &Wait,
    now: Timestamp,
) -> bool {
    let has_passed = wait.passed_at.is_some_and(|at| session.freed_at.is_none_or(|freed| at >= freed));
    let rules = world.rules_for(Some(session.course), world.people.get(&registration.learner));
    !wait.paused
        && !has_passed
        && session.seats_for(dealer_of(world, registration)) > 0
        && asking(now, session.starts_at(), &session.zone(), rules) != Asking::Nobody
        && keeps_away(world, session, registration).is_none()
        && keeps_group(world, session, wait).is_none()
}

fn together<'a>(
    world: &'a World,
    session: &Session,
    group: GroupId,
) -> impl Iterator<Item = &'a Registration> {
    world.registrations.queue(session.id).filter(move |it| it.status.group() == Some(group))
}

/// Seats that people of these dealers could have together: those open to anybody, and what is set aside for each.
pub fn seats_together(session: &Session, dealers: &[Option<DealerId>]) -> u32 {
    let set_aside = session.blocks.iter().map(|block| {
        let theirs = dealers.iter().filter(|dealer| **dealer == Some(block.dealer)).count();
        block.free().min(u32::try_from(theirs).unwrap_or(u32::MAX))
    });
    session.seats.open() + set_aside.sum::<u32>()
}

fn dealer_of(world: &World, registration: &Registration) -> Option<DealerId> {
    world.people.get(&registration.learner).and_then(|learner| learner.dealer)
}

fn keeps_away(world: &World, session: &Session, registration: &Registration) -> Option<Refusal> {
    let course = world.courses.get(&session.course).filter(|_| !planted::is(Bug::PromotionWithoutGate))?;
    let Some(learner) = world.people.get(&registration.learner) else {
        return Some(Refusal::not_found("person"));
    };
    obstacle(world, learner, session, course, Except::given_back(world, registration))
}

/// Why those who wait together with one whose turn it is cannot be placed with them.
fn keeps_group(world: &World, session: &Session, wait: &Wait) -> Option<Refusal> {
    let group = wait.group?;
    let others: Vec<_> = together(world, session, group).collect();
    if others.iter().any(|other| keeps_away(world, session, other).is_some()) {
        return Some(Refusal::GroupHeldUp);
    }
    if let Some(why) = cap_reached_together(world, session, others.iter().copied()) {
        return Some(why);
    }
    let needed = u32::try_from(others.len()).unwrap_or(u32::MAX);
    let dealers: Vec<_> = others.iter().map(|it| dealer_of(world, it)).collect();
    let open = seats_together(session, &dealers);
    (needed > open).then_some(Refusal::GroupTooLarge { needed, open })
}
