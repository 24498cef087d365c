//! Whatever is asked in whatever order: the five numbers add up, nobody sits twice, and the journal tells it all.
//!
//! The desk runs here without a store; the host's simulation runs it with one, and with crashes.

mod acts;
mod laws;

use std::collections::BTreeSet;
use std::sync::Mutex;

use acts::{Act, Plan, act, network, perform};
use laws::{
    groups_are_served_whole, groups_are_whole, nobody_is_in_two_places, nobody_is_registered_twice,
    nobody_jumps_the_queue, numbers_add_up, replay_agrees, rows_agree, the_gate_holds, the_queue_is_fair,
};
use proptest::prelude::*;
use proptest::test_runner::TestRunner;

/// Histories in continuous integration.
const HISTORIES: u32 = 1_000;

/// What the histories must have come across, or they prove too little.
const SEEN: [&str; 35] = [
    "block.refilled",
    "block.released",
    "block.saved",
    "block.used",
    "attendance.marked",
    "registration.admitted-beyond-capacity",
    "registration.approved",
    "registration.approved-beforehand",
    "registration.cancelled",
    "registration.confirmed",
    "registration.declined",
    "registration.displaced",
    "registration.not-placed",
    "registration.offer-declined",
    "registration.offer-lapsed",
    "registration.offer-taken",
    "registration.offer-warned",
    "registration.offered",
    "registration.prioritised",
    "registration.promoted",
    "registration.request-lapsed",
    "registration.requested",
    "registration.seat-announced",
    "registration.session-cancelled",
    "registration.session-moved",
    "registration.skipped",
    "registration.substituted",
    "registration.took-over",
    "registration.transferred",
    "registration.wait-paused",
    "registration.wait-resumed",
    "registration.waitlisted",
    "session.below-minimum",
    "session.cancelled",
    "session.changed",
];

#[test]
fn whatever_is_asked_the_rules_hold() {
    let seen = Mutex::new(BTreeSet::new());
    let config = ProptestConfig { cases: HISTORIES, failure_persistence: None, ..ProptestConfig::default() };
    let histories = prop::collection::vec(act(), 1..90);
    let held = TestRunner::new(config).run(&histories, |acts| {
        let words = history(&acts)?;
        seen.lock().expect("nobody panicked").extend(words);
        Ok(())
    });
    if let Err(broken) = held {
        panic!("{broken}");
    }
    let seen = seen.into_inner().expect("nobody panicked");
    let unseen: Vec<_> = SEEN.iter().filter(|word| !seen.contains(*word)).collect();
    assert!(unseen.is_empty(), "no history came across {unseen:?}");
}

/// Plays one history, and answers what was journalled.
fn history(acts: &[Act]) -> Result<BTreeSet<&'static str>, TestCaseError> {
    let mut network = network();
    // A session that is moved tells its people; it does not throw out those who have another one then.
    let stays = !acts.iter().any(|act| matches!(act, Act::Session(_, Plan::Move(_))));
    for act in acts {
        let before = network.world.clone();
        let told = network.entries().count();
        perform(&mut network, act);
        numbers_add_up(&network.world)?;
        nobody_is_registered_twice(&network.world)?;
        the_queue_is_fair(&network, told)?;
        nobody_jumps_the_queue(&before, &network, told)?;
        the_gate_holds(&network, told)?;
        groups_are_whole(&network.world)?;
        groups_are_served_whole(&before, &network, told)?;
        if stays {
            nobody_is_in_two_places(&network.world)?;
        }
    }
    replay_agrees(&network)?;
    rows_agree(&network)?;
    Ok(network.entries().map(|entry| entry.event.word()).collect())
}
