//! What holds whatever happens.

use std::cmp::Reverse;
use std::collections::{BTreeMap, BTreeSet};

use ilt_core::ids::RegistrationId;
use ilt_core::journal::{Actor, Event};
use ilt_core::policy::Rule;
use ilt_core::registration::decide::clashes;
use ilt_core::registration::promote::{Next, next};
use ilt_core::registration::{Registration, Status};
use ilt_core::session::{Block, Claim};
use ilt_core::testing::{Network, put_rows};
use ilt_core::world::World;
use jiff::Timestamp;
use proptest::prelude::*;

use crate::acts::network;

/// The five numbers are a count of the registrations, and add up.
pub fn numbers_add_up(world: &World) -> Result<(), TestCaseError> {
    for session in world.sessions.values() {
        let count = |claim| {
            world.registrations.of_session(session.id).filter(|it| it.status.claim() == Some(claim)).count()
        };
        let seats = session.seats;
        prop_assert_eq!((seats.confirmed + seats.over_capacity) as usize, count(Claim::Confirmed));
        prop_assert!(
            seats.over_capacity == 0 || seats.open() == 0,
            "a seat is open beside people beyond the capacity"
        );
        prop_assert_eq!(seats.held as usize, count(Claim::Held));
        prop_assert_eq!(seats.reserved, session.blocks.iter().map(Block::free).sum::<u32>());
        prop_assert_eq!(seats.offered as usize, count(Claim::Offered));
        prop_assert_eq!(seats.waitlisted as usize, count(Claim::Waitlisted));
        prop_assert_eq!(seats.taken() + seats.open(), seats.capacity);
    }
    Ok(())
}

/// Nobody has two registrations for one session that both count.
pub fn nobody_is_registered_twice(world: &World) -> Result<(), TestCaseError> {
    let mut seen = BTreeSet::new();
    for it in world.registrations.iter().filter(|it| it.status.is_live()) {
        prop_assert!(seen.insert((it.learner, it.session)), "{} is twice in {}", it.learner, it.session);
    }
    Ok(())
}

/// The higher priority first, then whoever joined earlier.
fn turn(registration: &Registration) -> (Reverse<u8>, Timestamp) {
    let level = match &registration.status {
        Status::Waitlisted { wait } => wait.priority.as_ref().map_or(0, |priority| priority.level),
        other => panic!("{} waits for nothing", other.word()),
    };
    (Reverse(level), registration.created_at)
}

/// The queue is in order of priority and then of joining, and wherever anything happened nobody waits for a seat that is open
/// and theirs, without being told so or why not.
pub fn the_queue_is_fair(after: &Network, from: usize) -> Result<(), TestCaseError> {
    let touched: BTreeSet<_> = after.entries().skip(from).filter_map(|entry| entry.session).collect();
    for session in after.world.sessions.values() {
        let turns: Vec<_> = after.world.registrations.queue(session.id).map(turn).collect();
        prop_assert!(turns.is_sorted(), "{:?}", turns);
        if touched.contains(&session.id) {
            let rest = next(&after.world, session.id, None, after.now);
            // Whoever was told why they are passed over may by now have another obstacle, by a seat that another queue gave them.
            let was_told = match &rest {
                Next::Step(waiting, Event::Skipped { .. }, _) => {
                    matches!(&waiting.status, Status::Waitlisted { wait } if wait.skipped.is_some())
                }
                _ => false,
            };
            prop_assert!(was_told || matches!(rest, Next::Rest), "{:?}", rest);
        }
    }
    Ok(())
}

/// Whoever was given a seat from the queue was the first who could have it: those who are still before them are paused, were
/// told why not, have let this seat pass, or are not of the dealer it is set aside for.
pub fn nobody_jumps_the_queue(before: &World, after: &Network, from: usize) -> Result<(), TestCaseError> {
    let given = after.entries().skip(from).filter(|entry| {
        let is_given =
            matches!(entry.event, Event::OfferMade { .. } | Event::Promoted | Event::Requested { .. });
        is_given && entry.actor == Actor::system("desk")
    });
    for entry in given {
        let (Some(id), Some(session)) = (entry.registration, entry.session) else { continue };
        let Some(theirs) = before.registrations.get(id).filter(|it| it.status.waits()) else { continue };
        let freed_at = after.world.sessions[&session].freed_at;
        let has_blocks =
            [before, &after.world].iter().any(|world| !world.sessions[&session].blocks.is_empty());
        let dealer = |it: &Registration| after.world.people[&it.learner].dealer;
        let is_excused = |it: &Registration| match &it.status {
            Status::Waitlisted { wait } => {
                let has_passed = |at: Option<Timestamp>| at.is_some() && at >= freed_at;
                let had_its_say = wait.paused || wait.skipped.is_some() || has_passed(wait.passed_at);
                had_its_say || has_passed(wait.told_at) || (has_blocks && dealer(it) != dealer(theirs))
            }
            _ => true,
        };
        let still_before = after.world.registrations.queue(session).filter(|it| turn(it) < turn(theirs));
        let jumped: Vec<_> = still_before.filter(|it| !is_excused(it)).collect();
        prop_assert!(jumped.is_empty(), "{:?} came before {:?}", theirs, jumped);
    }
    Ok(())
}

/// Nobody has two seats that they cannot both attend, but one that is given back for the other.
pub fn nobody_is_in_two_places(world: &World) -> Result<(), TestCaseError> {
    for held in world.registrations.iter().filter(|it| it.status.takes_a_seat()) {
        let mut clash = clashes(world, held.learner, &world.sessions[&held.session], None);
        // Whoever was moved meanwhile gives back what they were moved to.
        let is_for = |one: RegistrationId, other: RegistrationId| {
            let gives = |it: &Registration| {
                it.status.gives_back() == Some(other)
                    || world.given_back(it).is_some_and(|given| given.id == other)
            };
            world.registrations.get(one).is_some_and(gives)
        };
        clash.retain(|it| {
            it.registration.is_none_or(|other| !is_for(other, held.id) && !is_for(held.id, other))
        });
        prop_assert!(clash.is_empty(), "{:?}", clash);
    }
    Ok(())
}

/// Those who wait together are all in the queue, or all offered a seat.
pub fn groups_are_whole(world: &World) -> Result<(), TestCaseError> {
    let mut groups: BTreeMap<_, Vec<_>> = BTreeMap::new();
    for registration in world.registrations.iter() {
        if let Some(group) = registration.status.group().filter(|_| registration.status.is_live()) {
            groups.entry(group).or_default().push(registration.status.waits());
        }
    }
    for waits in groups.values() {
        prop_assert!(waits.iter().all(|it| *it == waits[0]), "{:?}", groups);
    }
    Ok(())
}

/// What is given to one of those who wait together is given to all of them: nobody of the group is left waiting.
pub fn groups_are_served_whole(before: &World, after: &Network, from: usize) -> Result<(), TestCaseError> {
    let mut served: BTreeMap<_, BTreeSet<_>> = BTreeMap::new();
    for entry in after.entries().skip(from) {
        let by_desk = entry.actor == Actor::system("desk");
        let is_given = match entry.event {
            Event::OfferTaken => true,
            Event::OfferMade { .. } | Event::Promoted | Event::Requested { .. } | Event::SeatAnnounced => {
                by_desk
            }
            _ => false,
        };
        let known = entry.registration.and_then(|id| before.registrations.get(id)).filter(|_| is_given);
        if let Some((known, group)) = known.and_then(|known| Some((known, known.status.group()?))) {
            served.entry((group, entry.event.word())).or_default().insert(known.id);
        }
    }
    for ((group, word), served) in served {
        let members = before.registrations.iter().filter(|it| it.status.group() == Some(group));
        let waits_on = |it: &&Registration| {
            after.world.registrations.get(it.id).is_some_and(|it| it.status.group() == Some(group))
        };
        let without: Vec<_> = members.filter(waits_on).filter(|it| !served.contains(&it.id)).collect();
        prop_assert!(without.is_empty(), "{} without {:?}", word, without);
    }
    Ok(())
}

/// Nobody gets past a closed gate: with the approval on, a seat that is new has been approved by whoever may.
pub fn the_gate_holds(network: &Network, from: usize) -> Result<(), TestCaseError> {
    let is_closed = network.world.rules_for(None, None).is_on(Rule::Approval);
    let news: Vec<_> = network.entries().skip(from).collect();
    for entry in news.iter().filter(|_| is_closed) {
        let got_in = matches!(entry.event, Event::Registered | Event::Promoted | Event::OfferTaken);
        let by_learner = entry.actor.person() == entry.learner || entry.actor.person().is_none();
        let earlier = network.entries().filter(|it| it.registration == entry.registration);
        let approved =
            earlier.into_iter().any(|it| matches!(it.event, Event::Approved | Event::ApprovedBeforehand));
        let moved = news.iter().any(|it| matches!(it.event, Event::Transferred { .. }));
        prop_assert!(!got_in || !by_learner || approved || moved, "{:?}", entry);
    }
    Ok(())
}

/// Replaying the journal leads to the same sessions and registrations, and every entry tells the seats it left.
pub fn replay_agrees(end: &Network) -> Result<(), TestCaseError> {
    let mut replayed = network().world;
    for entry in end.entries() {
        replayed.apply(entry).expect("it follows what is known");
        if let Some(session) = entry.session {
            prop_assert_eq!(entry.seats, replayed.sessions.get(&session).map(|session| session.seats));
        }
    }
    prop_assert_eq!(&replayed.sessions, &end.world.sessions);
    prop_assert_eq!(&replayed.registrations, &end.world.registrations);
    Ok(())
}

/// What was saved is all that changed: rows alone lead to the same state as the journal.
pub fn rows_agree(end: &Network) -> Result<(), TestCaseError> {
    let mut kept = network().world;
    for changes in &end.saved {
        put_rows(&mut kept, changes);
    }
    prop_assert_eq!(&kept.sessions, &end.world.sessions);
    prop_assert_eq!(&kept.registrations, &end.world.registrations);
    Ok(())
}
