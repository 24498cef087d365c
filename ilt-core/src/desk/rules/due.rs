//! Timers, whatever their kind.

use jiff::SignedDuration;

use crate::desk::{Command, SessionPlan, Timer, TimerKind};
use crate::ids::SessionId;
use crate::testing::Network;
use crate::testing::plans::{id, published};

/// A session that was never changed since it was planned, and Ada's registration for it; both over long ago.
#[test]
fn a_timer_that_has_nothing_left_to_do_is_gone() {
    let mut network = Network::new().with_session(100, 1, 35);
    let starts = network.session(100).parts[0].starts;
    let plan = SessionPlan { minimum: 2, ..published(SessionId(id(101)), starts, 2) };
    network
        .ask(Network::ROOT, Command::SaveSessions { plans: vec![plan], historic: false })
        .expect("planned");
    network.register(Network::ADA, 101).expect("a seat");
    let registration = network.id_of(Network::ADA, 101).0;
    network.now = network.session(101).ends_at() + SignedDuration::from_hours(24 * 30);

    for kind in TimerKind::ALL {
        let of_registration = TimerKind::OF_REGISTRATIONS.contains(&kind);
        let subject = if of_registration { registration } else { id(101) };
        network.by_itself(Timer { kind, subject, due: network.now }.command()).expect("timers are answered");
        let set = &network.saved.last().expect("saved").timers;
        assert_eq!(set.get(&(kind, subject)), Some(&None), "{kind:?} would fire again and again");
    }
}
