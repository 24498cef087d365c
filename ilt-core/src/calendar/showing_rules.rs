//! How far calendars show something, as tables.

use jiff::{SignedDuration, Timestamp};
use rstest::rstest;

use super::*;
use crate::attendance::Attendance;
use crate::ids::{PersonId, RegistrationId, SessionId};
use crate::journal::Actor;
use crate::registration::{Registration, Status};
use crate::session::{Session, SessionStatus};
use crate::testing::plans::{self, id, now};

const DAYS: u16 = 2;

fn session() -> Session {
    let mut session = plans::session(10, 1, 1, 10);
    let first = session.parts[0].clone();
    let mut second = first.clone();
    second.starts_at += SignedDuration::from_hours(24);
    session.parts = vec![first, second];
    session.status = SessionStatus::Published { at: now() };
    session
}

fn own(status: Status) -> Registration {
    Registration {
        id: RegistrationId(id(1)),
        session: SessionId(id(10)),
        learner: PersonId(id(1)),
        by: Actor::system("test"),
        created_at: now(),
        status,
        attendance: Attendance::default(),
        sequence: 0,
    }
}

fn confirmed() -> Registration {
    own(Status::Confirmed { at: now() })
}

fn given_back() -> Registration {
    own(Status::Cancelled { at: now() })
}

/// Seats on so many days.
fn showing(seats: u16, waits: bool, differs: &[(Why, Option<u32>)]) -> Showing {
    let at = || SeatAt { booking: "b".to_owned(), seat: "s".to_owned() };
    let place = || Place { event_type: Some("7".to_owned()), schedule: None };
    let instructor = PersonId(id(9));
    let difference = |(why, of): &(Why, Option<u32>)| Difference {
        why: why.clone(),
        part: None,
        registration: of.map(|of| RegistrationId(id(of))),
    };
    Showing {
        kept: Kept {
            places: (0..DAYS.min(seats)).map(|part| (Spot { part, instructor }, place())).collect(),
            seats: (0..seats).map(|part| ((RegistrationId(id(1)), part), at())).collect(),
        },
        waits_since: waits.then(now),
        looked_at: Some(now()),
        differs: differs.iter().map(difference).collect(),
    }
}

#[rstest]
#[case::on_every_day(confirmed(), showing(2, false, &[]), Shown::Kept)]
#[case::that_others_change_the_session_is_nothing_to_it(confirmed(), showing(2, true, &[]), Shown::Kept)]
#[case::on_one_day_of_two(confirmed(), showing(1, true, &[]), Shown::Pending)]
#[case::not_yet(confirmed(), Showing::default(), Shown::Pending)]
#[case::nobody_who_teaches_is_linked(confirmed(), showing(0, false, &[(Why::NotLinked, None)]), Shown::None)]
#[case::somebody_is_being_linked(confirmed(), showing(0, true, &[(Why::NotLinked, None)]), Shown::Pending)]
#[case::without_an_address(confirmed(), showing(0, false, &[(Why::NoAddress, Some(1))]), Shown::None)]
#[case::somebody_else_without_an_address(confirmed(), showing(1, false, &[(Why::NoAddress, Some(2))]), Shown::Pending)]
#[case::strangers_are_not_in_the_way(confirmed(), showing(1, false, &[(Why::Strangers(3), None)]), Shown::Pending)]
#[case::whoever_showed_it_was_unlinked(confirmed(), showing(0, false, &[]), Shown::None)]
#[case::being_given_back(given_back(), showing(2, true, &[]), Shown::Pending)]
#[case::given_back(given_back(), showing(0, false, &[]), Shown::None)]
fn a_seat_is_shown(#[case] of: Registration, #[case] showing: Showing, #[case] shown: Shown) {
    assert_eq!(showing.seat(&of, &session(), now()), shown);
}

/// Calendars that are set up later show nothing of what is over.
#[test]
fn what_was_over_before_is_not_going_to_be_shown() {
    let over = session().ends_at();
    assert_eq!(Showing::default().seat(&confirmed(), &session(), over), Shown::None);
    assert_eq!(Showing::default().session(&session(), over), Shown::None);
}

#[rstest]
#[case::nothing_is_known_yet(Showing::default(), Shown::Pending)]
#[case::it_is_there(showing(2, false, &[]), Shown::Kept)]
#[case::it_is_there_and_changes(showing(2, true, &[]), Shown::Pending)]
#[case::it_was_looked_at_and_is_nowhere(showing(0, false, &[(Why::NotLinked, None)]), Shown::None)]
fn a_session_is_shown(#[case] showing: Showing, #[case] shown: Shown) {
    assert_eq!(showing.session(&session(), now()), shown);
}

#[test]
fn a_draft_is_not_going_to_be_shown() {
    let draft = Session { status: SessionStatus::Draft, ..session() };
    assert_eq!(Showing::default().session(&draft, Timestamp::UNIX_EPOCH), Shown::None);
}
