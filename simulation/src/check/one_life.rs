//! Nobody is twice in one session, or in two at once.

use std::collections::BTreeSet;

use ilt_core::ids::RegistrationId;
use ilt_core::registration::{Registration, Status};
use ilt_core::session::Session;
use ilt_core::world::World;

use super::{Broken, Promise, named};

/// Somebody who has two live registrations for one session, or two seats that overlap; seats in `excused` may.
pub(super) fn broken(world: &World, excused: &BTreeSet<RegistrationId>) -> Option<Broken> {
    let mut live: Vec<&Registration> = world.registrations.iter().filter(|it| it.status.is_live()).collect();
    live.sort_unstable_by_key(|it| (it.learner, it.session));
    let twice =
        live.windows(2).find(|pair| (pair[0].learner, pair[0].session) == (pair[1].learner, pair[1].session));
    if let Some([one, ..]) = twice {
        let how = format!("{} is registered twice for {}", named(one.learner), named(one.session));
        return Some(Broken::new(Promise::OneLife, how));
    }
    let seated: Vec<&Registration> = live.into_iter().filter(|it| it.status.takes_a_seat()).collect();
    seated.iter().enumerate().find_map(|(at, one)| {
        let others = seated[at + 1..].iter().take_while(|other| other.learner == one.learner);
        let clash = others.into_iter().find(|other| {
            let is_swap =
                given_back(world, one) == Some(other.id) || given_back(world, other) == Some(one.id);
            let may = is_swap || excused.contains(&one.id) || excused.contains(&other.id);
            !may && overlap(world, one, other)
        })?;
        let (who, one, other) = (named(one.learner), named(one.session), named(clash.session));
        Some(Broken::new(Promise::OneLife, format!("{who} has seats in {one} and {other} at one time")))
    })
}

/// The seat that is given back for the one that is waited for, wherever it was moved to since.
pub(super) fn given_back(world: &World, waits: &Registration) -> Option<RegistrationId> {
    let mut id = waits.status.gives_back()?;
    while let Some(Status::Transferred { to, .. }) = world.registrations.get(id).map(|it| &it.status) {
        id = *to;
    }
    Some(id)
}

fn overlap(world: &World, one: &Registration, other: &Registration) -> bool {
    match (world.sessions.get(&one.session), world.sessions.get(&other.session)) {
        (Some(one), Some(other)) => sessions_overlap(one, other),
        _ => false,
    }
}

/// Whether two sessions take place at one time, wherever they are.
pub(super) fn sessions_overlap(one: &Session, other: &Session) -> bool {
    one.parts.iter().any(|one| {
        other.parts.iter().any(|other| one.starts_at < other.ends_at() && other.starts_at < one.ends_at())
    })
}
