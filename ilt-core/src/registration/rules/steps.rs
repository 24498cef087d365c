//! Which step follows which: a table of all of them.

use crate::attendance::Attendance;
use crate::desk::Refusal;
use crate::journal::{Actor, Event};
use crate::registration::{Registration, Status, Wait};
use crate::testing::Network;
use crate::testing::plans::{id, now};
use crate::testing::statements::moved;

fn wait() -> Wait {
    Wait::new(now(), false)
}

#[test]
fn every_step_from_every_state() {
    let at = now();
    let states = [
        Status::Confirmed { at },
        Status::Held { at, until: at, gives_back: None },
        Status::Waitlisted { wait: wait() },
        Status::Waitlisted { wait: Wait { paused: true, told_at: Some(at), ..wait() } },
        Status::Offered { wait: wait(), until: at, warn_at: Some(at) },
        Status::Declined { at },
        Status::RequestLapsed { at },
        Status::NotPlaced { at },
        Status::Cancelled { at },
        Status::LateCancelled { at },
        Status::Transferred { at, to: id(3).into() },
        Status::Substituted { at, to: id(3).into() },
        Status::SessionCancelled { at },
    ];
    let steps = [
        moved(at, at),
        Event::Requested { until: at, gives_back: None },
        Event::RequestPassedOn,
        Event::Approved,
        Event::ApprovedBeforehand,
        Event::Declined,
        Event::RequestLapsed,
        Event::AdmittedBeyond,
        Event::OfferMade { until: at, warn_at: at },
        Event::OfferWarned,
        Event::OfferTaken,
        Event::OfferDeclined,
        Event::OfferLapsed,
        Event::WaitPaused,
        Event::Prioritised { priority: None, by: None },
        Event::WaitResumed,
        Event::SeatAnnounced,
        Event::WaitEnded,
        Event::Promoted,
        Event::Skipped { why: Refusal::OfferExpired },
        Event::Cancelled { late: false },
        Event::Cancelled { late: true },
        Event::Transferred { to: id(3).into(), late: false },
        Event::Substituted { to: id(3).into() },
        Event::Displaced { to: Some(id(3).into()) },
        Event::Displaced { to: None },
        Event::TookOver { of: id(3).into() },
        Event::EndedWithSession,
    ];
    let mut table = Vec::new();
    for step in &steps {
        let late = matches!(step, Event::Cancelled { late: true });
        table.push(format!("{}{}", step.word(), if late { " late" } else { "" }));
        for state in &states {
            let mut registration = registration(state.clone());
            let before = registration.clone();
            match registration.step(step, at) {
                Ok(()) => {
                    assert_eq!(registration.sequence, 1, "calendars see every step");
                    table.push(format!("    {} → {}", state.word(), registration.status.word()));
                }
                Err(_) => assert_eq!(registration, before, "a step that is refused changes nothing"),
            }
        }
    }
    insta::assert_snapshot!(table.join("\n"));
}

#[test]
fn a_step_that_cannot_be_taken_names_both_sides() {
    let mut registration = registration(Status::Cancelled { at: now() });
    let refused = registration.step(&Event::OfferTaken, now()).expect_err("it is over");
    assert_eq!(refused.to_string(), "`registration.offer-taken` cannot follow `cancelled`");
}

fn registration(status: Status) -> Registration {
    Registration {
        id: id(1).into(),
        session: id(2).into(),
        learner: Network::ADA,
        by: Actor::Person(Network::ADA),
        created_at: now(),
        status,
        attendance: Attendance::default(),
        sequence: 0,
    }
}
