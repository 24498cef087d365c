//! Timers, whatever their kind.

use jiff::SignedDuration;
use rstest::rstest;

use crate::desk::{Command, SessionPlan, Timer, TimerKind};
use crate::ids::SessionId;
use crate::testing::Network;
use crate::testing::plans::{id, published};

/// A session that was never changed since it was planned, and Ada's registration for it; both over long ago.
#[rstest]
fn a_timer_that_has_nothing_left_to_do_is_gone(
    #[values(
        TimerKind::OfferWarning,
        TimerKind::OfferLapse,
        TimerKind::WaitEnd,
        TimerKind::RequestReminder,
        TimerKind::RequestLapse,
        TimerKind::QueueTurn,
        TimerKind::Minimum,
        TimerKind::Blocks,
        TimerKind::Unmarked,
        TimerKind::Reminders
    )]
    kind: TimerKind,
) {
    let mut network = Network::new().with_session(100, 1, 35);
    let starts = network.session(100).parts[0].starts;
    let plan = SessionPlan { minimum: 2, ..published(SessionId(id(101)), starts, 2) };
    network
        .ask(Network::ROOT, Command::SaveSessions { plans: vec![plan], historic: false })
        .expect("planned");
    network.register(Network::ADA, 101).expect("a seat");
    let of_registration = TimerKind::OF_REGISTRATIONS.contains(&kind);
    let subject = if of_registration { network.id_of(Network::ADA, 101).0 } else { id(101) };
    network.now = network.session(101).ends_at() + SignedDuration::from_hours(24 * 30);

    let timer = Timer { kind, subject, due: network.now };
    network.by_itself(timer.command()).expect("timers are answered");
    let set = &network.saved.last().expect("saved").timers;
    assert_eq!(set.get(&(kind, subject)), Some(&None), "it would fire again and again");
}
