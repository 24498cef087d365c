//! Every way to a confirmed seat asks every obstacle of now.

use std::collections::BTreeSet;

use ilt_core::catalog::{Person, Role};
use ilt_core::ids::RegistrationId;
use ilt_core::journal::{Entry, Event};
use ilt_core::policy::Rule;
use ilt_core::session::Session;
use ilt_core::world::World;

use super::one_life::{given_back, sessions_overlap};
use super::{Broken, Promise, named};

/// Whether somebody has a confirmed seat by this.
pub(super) const fn gives_a_seat(event: &Event) -> bool {
    matches!(
        event,
        Event::Registered
            | Event::AdmittedBeyond
            | Event::WalkedIn { .. }
            | Event::OfferTaken
            | Event::Promoted
            | Event::Approved
            | Event::TookOver { .. }
    )
}

/// An entry that gives a seat to somebody who may not have it, as things are before it; seats in `given_up` are gone with the
/// same transaction. Whoever is let in with a recorded reason of an admin is let in.
pub(super) fn passed(world: &World, entry: &Entry, given_up: &BTreeSet<RegistrationId>) -> Option<Broken> {
    if !gives_a_seat(&entry.event) {
        return None;
    }
    let learner = world.people.get(&entry.learner?)?;
    let session = world.sessions.get(&entry.session?)?;
    let by_admin = entry
        .actor
        .person()
        .is_none_or(|by| world.people.get(&by).is_some_and(|person| person.is(Role::Admin)));
    let is_override = entry.reason.is_some() && by_admin;
    let except = if is_override { None } else { Some(given_up) };
    let why = keeps_away(world, learner, session, entry.registration, except)?;
    let how = format!(
        "{} has a seat in {} by {}, although {why}",
        named(learner.id),
        named(session.id),
        entry.event.word()
    );
    Some(Broken::new(Promise::Gate, how))
}

/// What keeps a learner from a seat, in words. Seats elsewhere count but those in `given_up`; not at all when absent.
pub(super) fn keeps_away(
    world: &World,
    learner: &Person,
    session: &Session,
    own: Option<RegistrationId>,
    given_up: Option<&BTreeSet<RegistrationId>>,
) -> Option<String> {
    if !learner.active {
        return Some("they have left".to_owned());
    }
    if !learner.is(Role::Learner) {
        return Some("they are no learner".to_owned());
    }
    let course = world.courses.get(&session.course)?;
    let missing = world.book().missing(course, world.completions_of(learner.id), session.starts_at());
    if !missing.is_empty() {
        return Some("a prerequisite is missing".to_owned());
    }
    let given_up = given_up?;
    let gives_back = own.and_then(|id| world.registrations.get(id)).and_then(|it| given_back(world, it));
    let seats = world.registrations.of_learner(learner.id).filter(|it| {
        let is_left = given_up.contains(&it.id) || gives_back == Some(it.id) || own == Some(it.id);
        it.status.takes_a_seat() && it.session != session.id && !is_left
    });
    let mut sessions = seats.filter_map(|it| world.sessions.get(&it.session));
    if let Some(other) = sessions.find(|other| sessions_overlap(session, other)) {
        return Some(format!("they have a seat in {} at that time", named(other.id)));
    }
    let mut teaches =
        world.sessions.values().filter(|it| it.is_planned() && it.instructors.contains(&learner.id));
    if let Some(taught) = teaches.find(|it| it.id == session.id || sessions_overlap(session, it)) {
        return Some(format!("they teach {} at that time", named(taught.id)));
    }
    cap(world, learner, session)
}

/// Whether the learner's dealer has as many seats as one dealer may have.
fn cap(world: &World, learner: &Person, session: &Session) -> Option<String> {
    let most = world.rules_for(Some(session.course), Some(learner)).count(Rule::DealerCap) as usize;
    learner.dealer.filter(|_| most > 0)?;
    let seated = world.registrations.of_session(session.id).filter(|it| {
        let holder = world.people.get(&it.learner);
        it.status.takes_a_seat()
            && it.learner != learner.id
            && holder.is_some_and(|holder| holder.dealer == learner.dealer)
    });
    (seated.count() >= most).then(|| format!("their dealer has {most} seats already"))
}
