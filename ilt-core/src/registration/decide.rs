//! Taking a seat or a place in the queue, and giving it back: from what is known to what happens.

use jiff::Timestamp;

use crate::catalog::{Course, Person, Role};
use crate::desk::{ClashWith, OnFull, Refusal};
use crate::ids::{PersonId, RegistrationId, SessionId};
use crate::journal::Event;
use crate::policy::{Rule, Rules};
use crate::registration::{Registration, Status, waits_until};
use crate::schedule::after_business_days;
use crate::session::{Session, SessionStatus, closes_at, is_late, late_from};
use crate::world::World;

/// A wish to register.
#[derive(Debug, Clone, Copy)]
pub struct Wish<'a> {
    /// Of whom.
    pub learner: &'a Person,
    /// For which session.
    pub session: &'a Session,
    /// What to do when no seat is open.
    pub on_full: OnFull,
    /// "Book me without asking" when it comes to the queue.
    pub automatic: bool,
    /// An admin gave a reason to override a clash, or to let the learner in beyond the capacity.
    pub overrides: bool,
    /// The place that the learner has in the queue already.
    pub place: Option<&'a Registration>,
    /// Whoever must approve asks for it themselves; what was approved in the queue counts as well.
    pub is_approved: bool,
    /// Seats that the learner can take: those that nobody who comes before them in the queue may have.
    pub seats_left: u32,
}

impl Wish<'_> {
    /// Which of the learner's seats do not count as a clash.
    pub fn except(&self, world: &World) -> Except {
        match self.place {
            _ if self.overrides => Except::Everything,
            Some(place) => Except::given_back(world, place),
            None => Except::Nothing,
        }
    }
}

/// Which seats of a learner do not count as a clash.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Except {
    /// Every seat counts.
    Nothing,
    /// The seat in this session is given up.
    Session(SessionId),
    /// An admin overrides whatever clashes.
    Everything,
}

impl Except {
    /// What one who waits would give up: the seat that is given back for the one waited for, while there is one.
    pub fn given_back(world: &World, registration: &Registration) -> Self {
        world.given_back(registration).map_or(Self::Nothing, |given| Self::Session(given.session))
    }
}

/// What a wish leads to.
///
/// The order of the checks is the order in which a person wants to hear of them: a session that cannot be taken by
/// anybody first, then what this learner lacks, then the seats.
pub fn register(world: &World, wish: Wish<'_>, now: Timestamp) -> Result<Event, Refusal> {
    let course = match takeable(world, wish.session, Some(wish.learner), now) {
        Err(Refusal::RegistrationClosed { .. }) if wish.overrides => {
            open_to_anybody(world, wish.session, now)?
        }
        other => other?,
    };
    if let Some(obstacle) = obstacle(world, wish.learner, wish.session, course, wish.except(world)) {
        return Err(obstacle);
    }
    let rules = world.rules_for(Some(course.id), Some(wish.learner));
    if wish.seats_left > 0 {
        let is_approved = wish.is_approved || wish.place.is_some_and(|place| place.status.is_approved());
        let request = request(wish.session, rules, is_approved, None, now);
        return Ok(request.unwrap_or(Event::Registered));
    }
    match wish.on_full {
        OnFull::Waitlist if queue_is_open(world, wish.session, Some(wish.learner)) => {
            Ok(Event::Waitlisted { automatic: wish.automatic, gives_back: None, group: None })
        }
        OnFull::BeyondCapacity if wish.overrides => Ok(Event::AdmittedBeyond),
        OnFull::Waitlist | OnFull::Alternatives | OnFull::BeyondCapacity => {
            Err(full(world, wish.session, Some(wish.learner)))
        }
    }
}

/// Whether people may wait for a session that is full.
pub fn queue_is_open(world: &World, session: &Session, learner: Option<&Person>) -> bool {
    session.waitlist && world.rules_for(Some(session.course), learner).is_on(Rule::Waitlist)
}

/// What is answered when no seat is open.
pub fn full(world: &World, session: &Session, learner: Option<&Person>) -> Refusal {
    let waitlist_open = queue_is_open(world, session, learner);
    Refusal::SessionFull { session: session.id, waitlist_open, waitlisted: session.seats.waitlisted }
}

/// The request that a seat must wait for, in place of whatever would have given it; nothing where nobody has to approve.
///
/// It holds the seat so many business days, and not beyond the start.
pub fn request(
    session: &Session,
    rules: Rules<'_>,
    is_approved: bool,
    gives_back: Option<RegistrationId>,
    now: Timestamp,
) -> Option<Event> {
    if is_approved || !rules.is_on(Rule::Approval) {
        return None;
    }
    let lapses_at = after_business_days(now, &session.zone(), rules.count(Rule::ApprovalDays));
    Some(Event::Requested { until: lapses_at.min(session.starts_at()), gives_back })
}

/// Whether somebody said why.
pub fn is_given(reason: Option<&str>) -> bool {
    reason.is_some_and(|text| !text.trim().is_empty())
}

/// Whether several people, who come together, would have more seats than one dealer's people may have.
pub fn cap_reached_together<'a>(
    world: &World,
    session: &Session,
    registrations: impl Iterator<Item = &'a Registration>,
) -> Option<Refusal> {
    let mut others = Vec::new();
    for person in registrations.filter_map(|it| world.people.get(&it.learner)) {
        if let Some(reached) = cap_reached(world, person, session, &others) {
            return Some(reached);
        }
        others.push(person);
    }
    None
}

/// Whether anybody may register for a session now; its course when so.
pub fn takeable<'a>(
    world: &'a World,
    session: &Session,
    learner: Option<&Person>,
    now: Timestamp,
) -> Result<&'a Course, Refusal> {
    match &session.status {
        SessionStatus::Draft => return Err(Refusal::RegistrationNotOpen),
        SessionStatus::Cancelled { reason, .. } => {
            return Err(Refusal::SessionCancelled { reason: reason.clone() });
        }
        SessionStatus::Completed { at } => return Err(Refusal::RegistrationClosed { closed_at: *at }),
        SessionStatus::Published { .. } => {}
    }
    let course = world.courses.get(&session.course).ok_or_else(|| Refusal::not_found("course"))?;
    let closed_at = closes_at(session, world.rules_for(Some(course.id), learner));
    if now >= closed_at {
        return Err(Refusal::RegistrationClosed { closed_at });
    }
    Ok(course)
}

/// The course of a session that is still to come: where an admin may send people.
pub fn open_to_anybody<'a>(
    world: &'a World,
    session: &Session,
    now: Timestamp,
) -> Result<&'a Course, Refusal> {
    if !session.is_live(now) || now >= session.starts_at() {
        return Err(Refusal::RegistrationClosed { closed_at: session.starts_at() });
    }
    world.courses.get(&session.course).ok_or_else(|| Refusal::not_found("course"))
}

/// What keeps this learner from a session, whatever its seats: a prerequisite, or a clash.
pub fn obstacle(
    world: &World,
    learner: &Person,
    session: &Session,
    course: &Course,
    except: Except,
) -> Option<Refusal> {
    if !learner.active || !learner.is(Role::Learner) {
        return Some(Refusal::Forbidden { needed: "an active person with the role learner".to_owned() });
    }
    let completions = world.completions_of(learner.id);
    let missing = world.book().missing(course, completions, session.starts_at());
    if !missing.is_empty() {
        return Some(Refusal::PrerequisitesMissing { missing });
    }
    let with = match except {
        Except::Everything => Vec::new(),
        Except::Nothing => clashes(world, learner.id, session, None),
        Except::Session(given_up) => clashes(world, learner.id, session, Some(given_up)),
    };
    if with.is_empty() { cap_reached(world, learner, session, &[]) } else { Some(Refusal::Clash { with }) }
}

/// Whether the learner's dealer has as many seats of a session as one dealer may have, when `others` come as well.
pub fn cap_reached(
    world: &World,
    learner: &Person,
    session: &Session,
    others: &[&Person],
) -> Option<Refusal> {
    let most = world.rules_for(Some(session.course), Some(learner)).count(Rule::DealerCap);
    let of_dealer = |known: &&Registration| {
        let holder = world.people.get(&known.learner);
        known.learner != learner.id && holder.is_some_and(|holder| holder.dealer == learner.dealer)
    };
    if most == 0 || learner.dealer.is_none() {
        return None;
    }
    let seated = world.registrations.of_session(session.id).filter(|known| known.status.takes_a_seat());
    let coming = others.iter().filter(|other| other.id != learner.id && other.dealer == learner.dealer);
    let is_full = seated.filter(of_dealer).count() + coming.count() >= most as usize;
    is_full.then_some(Refusal::DealerCapReached { most })
}

/// The learner's seats, and what they teach, that keep them from `session`, earliest first. Waiting elsewhere is in nobody's way; a
/// seat in `except` is to be given up.
pub fn clashes(
    world: &World,
    learner: PersonId,
    session: &Session,
    except: Option<SessionId>,
) -> Vec<ClashWith> {
    let mut found = seats_in_the_way(world, learner, session, except);
    let taught =
        world.sessions.values().filter(|other| other.is_planned() && other.instructors.contains(&learner));
    found.extend(taught.filter_map(|other| clash(world, learner, session, other, None)));
    found.sort_by_key(|clash| (clash.starts_at, clash.session));
    found
}

/// The seats of a person that keep them from being at `session`, whether to learn or to teach.
pub fn seats_in_the_way(
    world: &World,
    person: PersonId,
    session: &Session,
    except: Option<SessionId>,
) -> Vec<ClashWith> {
    let held = world.registrations.of_learner(person).filter(|held| {
        held.status.takes_a_seat() && held.session != session.id && Some(held.session) != except
    });
    let clash = |held: &Registration| {
        clash(world, person, session, world.sessions.get(&held.session)?, Some(held.id))
    };
    let mut found: Vec<_> = held.filter_map(clash).collect();
    found.sort_by_key(|clash| (clash.starts_at, clash.session));
    found
}

/// Whether nobody can be at both sessions, with the way between them.
fn clash(
    world: &World,
    person: PersonId,
    session: &Session,
    other: &Session,
    registration: Option<RegistrationId>,
) -> Option<ClashWith> {
    let travel = world.rules_for(Some(session.course), world.people.get(&person)).travel();
    let there = world.stretches(other);
    let pair = world.stretches(session).iter().find_map(|one| {
        there.iter().find(|two| travel.clashes(one, two)).map(|two| travel.between(one, two))
    })?;
    Some(ClashWith {
        registration,
        session: (!other.is_private()).then_some(other.id),
        starts_at: other.starts_at(),
        ends_at: other.ends_at(),
        travel_minutes: u32::try_from(pair.as_mins()).unwrap_or(u32::MAX),
    })
}

/// Whether whoever was offered a seat, or has asked for one, may still have it.
pub fn may_have(world: &World, registration: &Registration) -> Result<(), Refusal> {
    let (session, course) = taught(world, registration)?;
    let learner = world.people.get(&registration.learner).ok_or_else(|| Refusal::not_found("person"))?;
    obstacle(world, learner, session, course, Except::given_back(world, registration)).map_or(Ok(()), Err)
}

/// Whether one who waits, and was told that a seat is there for the first to accept, can have it.
///
/// It needs `seats`: as many as wait together.
pub fn accept_announced(
    world: &World,
    registration: &Registration,
    seats: usize,
    now: Timestamp,
) -> Result<(), Refusal> {
    let (session, course) = taught(world, registration)?;
    let learner = world.people.get(&registration.learner).ok_or_else(|| Refusal::not_found("person"))?;
    let rules = world.rules_for(Some(course.id), Some(learner));
    if !session.is_live(now) || now >= waits_until(session.starts_at(), rules) {
        return Err(Refusal::OfferExpired);
    }
    if (session.seats_for(learner.dealer) as usize) < seats {
        return Err(full(world, session, Some(learner)));
    }
    may_have(world, registration)
}

/// What giving a registration back leads to.
pub fn cancel(
    world: &World,
    registration: &Registration,
    reason: Option<&str>,
    now: Timestamp,
) -> Result<Event, Refusal> {
    match registration.status {
        // A queue is left, and a request taken back, at any time, without being late.
        Status::Held { .. } | Status::Waitlisted { .. } | Status::Offered { .. } => {
            return Ok(Event::Cancelled { late: false });
        }
        Status::Confirmed { .. } => {}
        Status::Declined { .. }
        | Status::RequestLapsed { .. }
        | Status::NotPlaced { .. }
        | Status::Transferred { .. }
        | Status::Substituted { .. }
        | Status::Cancelled { .. }
        | Status::LateCancelled { .. }
        | Status::SessionCancelled { .. } => {
            return Err(Refusal::AlreadyCancelled { was: registration.status.word().to_owned() });
        }
    }
    late(world, registration, reason, now).map(|late| Event::Cancelled { late })
}

/// The session of a registration, and its course.
pub(super) fn taught<'a>(
    world: &'a World,
    registration: &Registration,
) -> Result<(&'a Session, &'a Course), Refusal> {
    let session = world.sessions.get(&registration.session).ok_or_else(|| Refusal::not_found("session"))?;
    let course = world.courses.get(&session.course).ok_or_else(|| Refusal::not_found("course"))?;
    Ok((session, course))
}

/// Whether a seat given back now is given back late.
pub fn is_late_now(world: &World, registration: &Registration, now: Timestamp) -> bool {
    taught(world, registration).is_ok_and(|(session, course)| {
        let rules = world.rules_for(Some(course.id), world.people.get(&registration.learner));
        is_late(session, course, rules, now) && !free_to_leave(session, registration)
    })
}

/// Whether the session was moved since the learner got the seat: they may leave it without being late.
pub fn free_to_leave(session: &Session, registration: &Registration) -> bool {
    match registration.status {
        Status::Confirmed { at } => session.moved_at.is_some_and(|moved| at <= moved),
        _ => false,
    }
}

/// Whether a seat given back now is given back late; that needs a reason.
pub(super) fn late(
    world: &World,
    registration: &Registration,
    reason: Option<&str>,
    now: Timestamp,
) -> Result<bool, Refusal> {
    let (session, course) = taught(world, registration)?;
    if now >= session.ends_at() {
        return Err(Refusal::RegistrationClosed { closed_at: session.ends_at() });
    }
    let late = is_late_now(world, registration, now);
    if late && !is_given(reason) {
        let rules = world.rules_for(Some(course.id), world.people.get(&registration.learner));
        return Err(Refusal::LateCancellationNeedsReason { late_from: late_from(session, course, rules) });
    }
    Ok(late)
}
