//! Whoever could take an open seat does not wait for it, unless an entry says why.

use std::collections::BTreeSet;

use ilt_core::ids::{DealerId, PersonId, RegistrationId, SessionId};
use ilt_core::registration::{Asking, Registration, Status, Wait, asking};
use ilt_core::session::{Block, Session};
use ilt_core::world::World;
use jiff::Timestamp;

use super::gate::keeps_away;
use super::{Broken, Promise, named};

/// No seat is given up.
static NOBODY: BTreeSet<RegistrationId> = BTreeSet::new();

/// Somebody who waits for a seat that they could take, and is not among those who may.
pub(super) fn waits_in_vain(
    world: &World,
    may_wait: &BTreeSet<RegistrationId>,
    now: Timestamp,
) -> Option<Broken> {
    let (waiting, why) = in_vain(world, now).find(|(waiting, _)| !may_wait.contains(&waiting.id))?;
    let (who, session) = (named(waiting.learner), named(waiting.session));
    Some(Broken::new(Promise::Queues, format!("{who} waits for {session}, where {why}")))
}

/// Whom a newcomer overtakes who is given a seat: the first who waits and could have it, when those who could leave none.
///
/// Whoever was told of a seat that is there for the first to accept may have it as well.
pub(super) fn overtaken_by(
    world: &World,
    session: SessionId,
    newcomer: PersonId,
    now: Timestamp,
) -> Option<&Registration> {
    let session = world.sessions.get(&session)?;
    if !session.has_seats() || !session.is_live(now) {
        return None;
    }
    let (mut left, mut first, mut groups) = (Open::of(session), None, BTreeSet::new());
    for waiting in world.registrations.queue(session.id) {
        let Status::Waitlisted { wait } = &waiting.status else { continue };
        if wait.group.is_some_and(|group| !groups.insert(group)) {
            continue;
        }
        let dealers = could_have(world, session, waiting, wait, now).filter(|it| left.can_have(it));
        for dealer in dealers.into_iter().flatten() {
            left.take(dealer);
            first = first.or(Some(waiting));
        }
    }
    let dealer = world.people.get(&newcomer).and_then(|it| it.dealer);
    first.filter(|_| !left.can_have(&[dealer]))
}

/// The dealers of one who waits and of all who wait with them, when nothing but seats can keep them away.
fn could_have(
    world: &World,
    session: &Session,
    waiting: &Registration,
    wait: &Wait,
    now: Timestamp,
) -> Option<Vec<Option<DealerId>>> {
    let has_passed = wait.passed_at.is_some_and(|at| session.freed_at.is_none_or(|freed| at >= freed));
    let learner = world.people.get(&waiting.learner)?;
    let rules = world.rules_for(Some(session.course), Some(learner));
    if wait.paused || has_passed || asking(now, session.starts_at(), &session.zone(), rules) == Asking::Nobody
    {
        return None;
    }
    let group = together(world, session, waiting, wait);
    let is_kept = group.iter().any(|it| {
        let person = world.people.get(&it.learner);
        person.is_none_or(|it_is| keeps_away(world, it_is, session, Some(it.id), Some(&NOBODY)).is_some())
    });
    let dealers = || group.iter().map(|it| world.people.get(&it.learner).and_then(|it| it.dealer)).collect();
    (!is_kept && !capped(world, session, &group)).then(dealers)
}

/// One who waits, and all who wait with them.
fn together<'a>(
    world: &'a World,
    session: &Session,
    waiting: &'a Registration,
    wait: &Wait,
) -> Vec<&'a Registration> {
    match wait.group {
        Some(group) => {
            world.registrations.queue(session.id).filter(|it| it.status.group() == Some(group)).collect()
        }
        None => vec![waiting],
    }
}

/// Seats that are open: to anybody, and to people of dealers for whom some are set aside.
struct Open {
    anybody: u32,
    aside: Vec<(DealerId, u32)>,
}

impl Open {
    fn of(session: &Session) -> Self {
        let aside = session.blocks.iter().map(|block| (block.dealer, block.free())).collect();
        Self { anybody: session.seats.open(), aside }
    }

    /// Whether there is a seat for everybody of these dealers at once.
    fn can_have(&self, dealers: &[Option<DealerId>]) -> bool {
        let aside = self.aside.iter().map(|(dealer, free)| {
            let theirs = dealers.iter().filter(|it| **it == Some(*dealer)).count();
            (*free as usize).min(theirs)
        });
        self.anybody as usize + aside.sum::<usize>() >= dealers.len()
    }

    fn take(&mut self, dealer: Option<DealerId>) {
        match self.aside.iter_mut().find(|(of, free)| Some(*of) == dealer && *free > 0) {
            Some((_, free)) => *free -= 1,
            None => self.anybody = self.anybody.saturating_sub(1),
        }
    }
}

/// Everybody who waits, could take a seat that is open, and was not told why they do not have it.
pub(super) fn in_vain(world: &World, now: Timestamp) -> impl Iterator<Item = (&Registration, String)> {
    let has_seat = move |session: &&Session| session.has_seats() && session.is_live(now);
    world.sessions.values().filter(has_seat).flat_map(move |session| {
        world.registrations.queue(session.id).filter_map(move |waiting| {
            let Status::Waitlisted { wait } = &waiting.status else { return None };
            Some((waiting, unexplained(world, session, waiting, wait, now)?))
        })
    })
}

fn unexplained(
    world: &World,
    session: &Session,
    waiting: &Registration,
    wait: &Wait,
    now: Timestamp,
) -> Option<String> {
    let since_freed =
        |at: Option<Timestamp>| at.is_some_and(|at| session.freed_at.is_none_or(|freed| at >= freed));
    if wait.paused || since_freed(wait.passed_at) || since_freed(wait.told_at) {
        return None;
    }
    let learner = world.people.get(&waiting.learner)?;
    let rules = world.rules_for(Some(session.course), Some(learner));
    if asking(now, session.starts_at(), &session.zone(), rules) == Asking::Nobody {
        return None;
    }
    if seats_for(session, &[learner.dealer]) == 0 {
        return None;
    }
    let group = together(world, session, waiting, wait);
    let keeps_one = |it: &&Registration| {
        let person = world.people.get(&it.learner)?;
        keeps_away(world, person, session, Some(it.id), Some(&NOBODY))
    };
    let obstacle = group.iter().find_map(keeps_one);
    let dealers: Vec<_> =
        group.iter().map(|it| world.people.get(&it.learner).and_then(|it| it.dealer)).collect();
    let open = seats_for(session, &dealers) as usize;
    let was_told =
        group.iter().any(|it| matches!(&it.status, Status::Waitlisted { wait } if wait.skipped.is_some()));
    match obstacle {
        Some(_) if was_told => None,
        // Somebody may be in two groups' way at once, and a dealer's limit may be near: those who are many are looked at kindly.
        None if open < group.len() && was_told => None,
        Some(why) => Some(format!("{open} seats are open, and nobody told them that {why}")),
        None if open < group.len() => Some(format!(
            "{open} seats are open, and nobody told their group of {} that it is too large",
            group.len()
        )),
        None if capped(world, session, &group) => None,
        None => Some(format!("{open} seats are open and nothing is in their way")),
    }
}

/// Whether a limit of seats for one dealer may keep a group away although it keeps none of its people.
fn capped(world: &World, session: &Session, group: &[&Registration]) -> bool {
    group.len() > 1
        && group.iter().any(|it| {
            let person = world.people.get(&it.learner);
            world.rules_for(Some(session.course), person).count(ilt_core::policy::Rule::DealerCap) > 0
        })
}

/// Seats that people of these dealers could have together.
fn seats_for(session: &Session, dealers: &[Option<DealerId>]) -> u32 {
    let of_block = |block: &Block| {
        let theirs = dealers.iter().filter(|it| **it == Some(block.dealer)).count();
        block.free().min(u32::try_from(theirs).unwrap_or(u32::MAX))
    };
    session.seats.open() + session.blocks.iter().map(of_block).sum::<u32>()
}
