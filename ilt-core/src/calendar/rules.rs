//! What calendars show, as tables.

use jiff::{SignedDuration, Timestamp};
use rstest::rstest;

use super::*;
use crate::attendance::{Attendance, Mark};
use crate::catalog::{Location, Place as Point};
use crate::desk::Refusal;
use crate::ids::{EventId, PersonId, RegistrationId, SessionId};
use crate::journal::{Actor, Entry, Event};
use crate::ports::{Roster, RosterLine};
use crate::registration::{Registration, Status, Wait};
use crate::schedule::Part;
use crate::session::{Seats, Session, SessionStatus};
use crate::testing::plans::{self, berlin, id, now};

fn location() -> Location {
    Location {
        name: "Hall".to_owned(),
        address: "Musterstr. 1".to_owned(),
        ..plans::location(1, "Köln", Point { lat: 50.9, lon: 6.9 })
    }
}

fn line(number: u32, status: Status) -> RosterLine {
    let mark = |minutes, excused| Mark { minutes, excused, at: now(), client: None, arrived_at: None };
    let registration = Registration {
        id: RegistrationId(id(number)),
        session: SessionId(id(10)),
        learner: PersonId(id(number)),
        by: Actor::system("test"),
        created_at: now(),
        status,
        attendance: Attendance {
            marks: [(1, mark(0, number == 2)), (3, mark(0, false))].into(),
            settled: None,
        },
        sequence: 0,
    };
    let mut person = plans::person(number);
    (person.name, person.email) = (" Ada Able ".to_owned(), "ADA@dealer.example".to_owned());
    RosterLine { registration, person, position: None }
}

fn everybody() -> Vec<RosterLine> {
    let (at, until) = (now(), now());
    let wait = Wait::new(at, false);
    let statuses = [
        Status::Confirmed { at },
        Status::Confirmed { at },
        Status::Held { at, until, gives_back: None },
        Status::Offered { wait: wait.clone(), until, warn_at: None },
        Status::Waitlisted { wait },
    ];
    (1..).zip(statuses).map(|(number, status)| line(number, status)).collect()
}

fn session() -> Session {
    let mut session = plans::session(10, 1, 1, 10);
    session.parts[0].room = "2.04".to_owned();
    session.seats =
        Seats { confirmed: 2, held: 1, offered: 1, reserved: 3, waitlisted: 1, ..Seats::empty(12) };
    session.instructors = vec![PersonId(id(21)), PersonId(id(22))];
    session
}

fn mirror(session: Session, now: Timestamp) -> Mirror {
    let course = plans::course(1, "Forklift Safety", None, &[]);
    Mirror::of(&Roster { session, lines: everybody() }, &course, &location(), now)
}

#[test]
fn who_is_sure_of_a_seat_is_shown_and_what_anybody_may_take_is_on_sale() {
    let mirror = mirror(session(), now());
    let seats: Vec<_> =
        mirror.seats.iter().map(|it| (it.registration.0, it.name.as_str(), it.mail.as_str())).collect();
    assert_eq!(seats, [(id(1), "Ada Able", "ada@dealer.example"), (id(2), "Ada Able", "ada@dealer.example")]);
    assert_eq!(mirror.capacity, 2 + 5, "of twelve, two are not sure and three are set aside");
    assert_eq!(
        (mirror.days[0].title.as_str(), mirror.days[0].place.as_str()),
        ("Forklift Safety", "2.04, Hall, Musterstr. 1, Köln, Germany")
    );
    let absent: Vec<_> = mirror.seats.iter().map(|it| it.absent.clone()).collect();
    assert_eq!(
        absent,
        [[(0, true)].into(), [(0, false)].into()],
        "excused is not absent, and there is no third part"
    );
    assert!(!format!("{mirror:?}").to_lowercase().contains("ada"), "nobody is named in a log");
}

#[test]
fn each_day_says_which_it_is_and_what_is_full_still_has_a_page() {
    let mut full = session();
    let next = full.parts[0].starts.tomorrow().expect("a day");
    full.parts.push(Part::new(next, berlin(), SignedDuration::from_hours(3), String::new()).expect("a part"));
    full.seats = Seats { reserved: 12, ..Seats::empty(12) };
    let mirror = Mirror { seats: Vec::new(), ..mirror(full, now()) };
    let titles: Vec<_> = mirror.days.iter().map(|it| (it.part, it.title.as_str())).collect();
    assert_eq!(titles, [(0, "Forklift Safety (1/2)"), (1, "Forklift Safety (2/2)")]);
    let empty = Roster {
        session: Session { seats: Seats { reserved: 12, ..Seats::empty(12) }, ..session() },
        lines: Vec::new(),
    };
    let course = plans::course(1, "Forklift Safety", None, &[]);
    assert_eq!(Mirror::of(&empty, &course, &location(), now()).capacity, 1);
}

#[rstest]
#[case::is_published(SessionStatus::Published { at: now() }, Stage::Open)]
#[case::took_place(SessionStatus::Completed { at: now() }, Stage::Open)]
#[case::is_prepared(SessionStatus::Draft, Stage::Gone { reason: "The session is not open for registration.".into() })]
#[case::is_called_off(SessionStatus::Cancelled { at: now(), reason: " Ill. ".into(), announced: true }, Stage::Gone { reason: "Ill.".into() })]
#[case::without_a_word(SessionStatus::Cancelled { at: now(), reason: " ".into(), announced: true }, Stage::Gone { reason: "The session was cancelled.".into() })]
fn a_session_is_seen_while_it(#[case] status: SessionStatus, #[case] expected: Stage) {
    let is_open = expected == Stage::Open;
    let mirror = mirror(Session { status, ..session() }, now());
    assert_eq!((mirror.stage.clone(), mirror.seats.len()), (expected, if is_open { 2 } else { 0 }));
    let link = Link { user: "4".into(), username: "ina".into(), sealed: Vec::new(), at: now() };
    let spots = mirror.spots(&[(PersonId(id(22)), link)].into());
    let expected = is_open.then_some(Spot { part: 0, instructor: PersonId(id(22)) });
    assert_eq!(spots, expected.into_iter().collect(), "in the calendar of the first who is linked");
    assert!(mirror.spots(&[].into()).is_empty(), "in nobody's when nobody is");
}

#[rstest]
#[case::before(-1, false, Phase::ToCome)]
#[case::when_it_begins(0, false, Phase::Running)]
#[case::until_its_last_second(6 * 3_600 - 1, false, Phase::Running)]
#[case::when_it_ends(6 * 3_600, false, Phase::Past)]
#[case::whatever_the_clock_says(-1, true, Phase::Past)]
fn a_day_is_over_by_the_clock_or_when_it_is_recorded(
    #[case] seconds: i64,
    #[case] completed: bool,
    #[case] phase: Phase,
) {
    let mut session = session();
    let now = session.parts[0].starts_at + SignedDuration::from_secs(seconds);
    if completed {
        session.status = SessionStatus::Completed { at: now };
    }
    assert_eq!(mirror(session, now).days[0].phase, phase);
}

#[test]
fn entries_make_due_what_they_are_about_and_nothing_twice() {
    let entry = |session: u32, event| Entry {
        sequence: 1,
        id: EventId(id(1)),
        at: now(),
        actor: Actor::system("test"),
        session: Some(SessionId(id(session))),
        learner: None,
        registration: None,
        reason: None,
        correlation: id(2),
        event,
        seats: None,
    };
    let place = location();
    let entries = [
        entry(10, Event::Registered),
        entry(10, Event::Cancelled { late: false }),
        entry(11, Event::Skipped { why: Refusal::RegistrationNotOpen }),
        entry(12, Event::SessionPublished),
        entry(13, Event::WaitResumed),
        entry(14, Event::CoursesSaved(vec![plans::course(3, "A", None, &[])])),
        entry(14, Event::LocationsSaved(vec![place])),
        entry(14, Event::PeopleSaved(vec![plans::person(7)])),
    ];
    let expected = Concern {
        sessions: [SessionId(id(10)), SessionId(id(12))].into(),
        courses: [id(3).into()].into(),
        locations: [id(1).into()].into(),
        people: [PersonId(id(7))].into(),
    };
    assert_eq!(concern(&entries), expected);
    assert!(concern(&entries[2..3]).is_empty());
}
