//! What is done about a day, as a table: what is there, and the fewest steps that make it as wanted.

mod strangers;

use std::collections::BTreeMap;

use ilt_core::calendar::{Mirror, Phase, Seat, SeatAt, Stage, Turned, Why};
use ilt_core::ids::{RegistrationId, SessionId};
use ilt_core::schedule::Part;
use ilt_core::testing::plans::{berlin, id};
use jiff::{SignedDuration, Timestamp};
use rstest::rstest;
use serde_json::{Value, json};

use super::*;
use crate::api::{Booking, EventType, Schedule};
use crate::ids::{BookingUid, EventTypeId, ScheduleId, SeatUid};
use crate::mapping::{Attendees, Learner, SessionDay, booking};
use crate::personal::Personal;

const START: &str = "2027-01-12T08:00:00Z";
const ELSEWHEN: &str = "2027-01-19T08:00:00Z";

fn registration(number: u32) -> RegistrationId {
    RegistrationId(id(number))
}

fn wanted(learners: &[u32], phase: Phase) -> Wanted {
    let starts = "2027-01-12T09:00".parse().expect("a wall clock");
    let time = Part::new(starts, berlin(), SignedDuration::from_hours(3), String::new()).expect("a part");
    let day = SessionDay {
        session: SessionId(id(1)),
        part: 0,
        time: &time,
        title: "Safety",
        place: "Hall",
        seats: 4,
    };
    let plan = day.plan().expect("a plan");
    let seat = |number: &u32| {
        let (name, email) = (Personal::new("Ada"), Personal::new(format!("l{number}@dealer.example")));
        let learner = Learner { name: &name, email: &email, zone: &berlin(), language: None };
        let booking = booking(registration(*number), &learner, &Attendees::Own, EventTypeId(0), plan.start);
        WantedSeat { registration: registration(*number), booking, absent: (*number == 9).then_some(true) }
    };
    let seats = learners.iter().map(seat).collect();
    Wanted { plan: plan.clone(), phase, seats }
}

/// Somebody: a learner of ours by number, or a stranger.
fn guest(seat: &str, number: Option<u32>) -> Value {
    let address = number.map_or_else(|| "sid@example.com".to_owned(), |it| format!("L{it}@Dealer.example"));
    let metadata = number.map_or_else(|| json!({}), |it| json!({ "iltEnrolmentId": id(it).to_string() }));
    json!({ "name": "Ada", "email": address, "absent": false, "seatUid": seat, "metadata": metadata })
}

fn at(uid: &str, start: &str, guests: &[Value]) -> Booking {
    let start: Timestamp = start.parse().expect("a time");
    let booking = json!({
        "uid": uid, "status": "accepted", "start": start, "end": start + SignedDuration::from_hours(3),
        "eventTypeId": 4, "location": "Hall", "attendees": guests,
    });
    serde_json::from_value(booking).expect("a booking")
}

/// A day that is as it should be, with these bookings.
fn there(bookings: Vec<Booking>) -> There {
    let plan = wanted(&[], Phase::ToCome).plan;
    let mut event_type = serde_json::to_value(plan.event_type(ScheduleId(3))).expect("JSON");
    (event_type["id"], event_type["ownerId"]) = (4.into(), 1.into());
    let event_type: EventType = serde_json::from_value(event_type).expect("an event type");
    let schedule = Schedule {
        id: ScheduleId(3),
        owner_id: crate::ids::UserId(1),
        name: plan.schedule.name.clone(),
        time_zone: plan.schedule.time_zone.clone(),
        is_default: false,
        availability: Vec::new(),
        overrides: plan.schedule.overrides.clone(),
    };
    There { event_type: Some(event_type), schedule: Some(schedule), bookings, orphans: Vec::new() }
}

fn before() -> Timestamp {
    "2027-01-01T08:00:00Z".parse().expect("a time")
}

fn release(uid: &str, seat: &str, number: u32) -> Step {
    Step::Release {
        booking: BookingUid(uid.into()),
        seat: SeatUid(seat.into()),
        registration: registration(number),
    }
}

fn moved(uid: &str, seat: &str, number: u32) -> Step {
    Step::Move {
        booking: BookingUid(uid.into()),
        seat: SeatUid(seat.into()),
        registration: registration(number),
    }
}

fn book(number: u32) -> Step {
    Step::Book { registration: registration(number) }
}

fn call_off(uid: &str) -> Step {
    Step::CallOff { booking: BookingUid(uid.into()) }
}

/// A session that takes place, in which these learners are registered and nobody is turned away.
fn mirror(learners: &[u32]) -> Mirror {
    let seat = |number: &u32| Seat {
        registration: registration(*number),
        name: "Ada".to_owned(),
        mail: format!("l{number}@dealer.example"),
        zone: berlin(),
        absent: BTreeMap::new(),
    };
    Mirror {
        session: SessionId(id(1)),
        stage: Stage::Open,
        days: Vec::new(),
        capacity: 4,
        instructors: Vec::new(),
        seats: learners.iter().map(seat).collect(),
        turned: Turned::new(),
    }
}

fn planned(
    wanted: Option<&Wanted>,
    there: &There,
    known: &BTreeMap<RegistrationId, SeatAt>,
    now: Timestamp,
) -> Plan {
    let mirror = mirror(&[]);
    plan(wanted, there, known, &Meeting::of(&mirror, &Attendees::Own), now)
}

#[rstest]
#[case::nobody_and_nobody(&[], vec![], vec![])]
#[case::as_it_should_be(&[1], vec![at("b", START, &[guest("s", Some(1))])], vec![])]
#[case::one_more(&[1, 2], vec![at("b", START, &[guest("s", Some(1))])], vec![book(2)])]
#[case::one_less(&[], vec![at("b", START, &[guest("s", Some(1))])], vec![release("b", "s", 1)])]
#[case::back_before_forth(&[2], vec![at("b", START, &[guest("s", Some(1))])], vec![release("b", "s", 1), book(2)])]
#[case::at_another_time(&[1], vec![at("b", ELSEWHEN, &[guest("s", Some(1))])], vec![moved("b", "s", 1)])]
#[case::at_both_times(&[1], vec![at("a", ELSEWHEN, &[guest("r", Some(1))]), at("b", START, &[guest("s", Some(1))])],
    vec![release("a", "r", 1)])]
#[case::twice_at_its_time(&[1], vec![at("b", START, &[guest("r", Some(1)), guest("s", Some(1))])], vec![release("b", "s", 1)])]
#[case::what_is_over_is_left(&[1], vec![at("b", "2026-12-01T08:00:00Z", &[guest("s", Some(1))])], vec![book(1)])]
#[case::strangers_are_left(&[1], vec![at("b", START, &[guest("s", Some(1)), guest("t", None)])], vec![])]
fn a_day_to_come(#[case] learners: &[u32], #[case] bookings: Vec<Booking>, #[case] steps: Vec<Step>) {
    let wanted = wanted(learners, Phase::ToCome);
    let plan = planned(Some(&wanted), &there(bookings), &BTreeMap::new(), before());
    assert_eq!(plan.steps, steps);
}

#[rstest]
#[case::there_is_nothing(vec![], vec![Step::Remove { event_type: Some(EventTypeId(4)), schedule: Some(ScheduleId(3)) }])]
#[case::of_ours_only(vec![at("b", START, &[guest("s", Some(1))])],
    vec![call_off("b"), Step::Remove { event_type: Some(EventTypeId(4)), schedule: Some(ScheduleId(3)) }])]
#[case::with_a_stranger(vec![at("b", START, &[guest("s", Some(1)), guest("t", None)])], vec![release("b", "s", 1)])]
#[case::that_is_over(vec![at("b", "2026-12-01T08:00:00Z", &[guest("s", Some(1))])], vec![])]
fn a_day_that_is_cleared_away(#[case] bookings: Vec<Booking>, #[case] steps: Vec<Step>) {
    let has_stranger = bookings.iter().any(|it| it.attendees.iter().any(|who| who.registration().is_none()));
    let plan = planned(None, &there(bookings), &BTreeMap::new(), before());
    let is_removed = steps.iter().any(|it| matches!(it, Step::Remove { .. }));
    assert_eq!(plan.look_again, is_removed, "somebody may have booked before it went");
    assert_eq!((plan.steps, plan.leaves), (steps, has_stranger));
}

#[rstest]
#[case::running(Phase::Running, true, vec![release("b", "s", 1)])]
#[case::past(Phase::Past, false, vec![])]
fn a_day_that_has_begun_gives_back_and_books_nobody(
    #[case] phase: Phase,
    #[case] late: bool,
    #[case] gives: Vec<Step>,
) {
    let wanted = wanted(&[2, 9], phase);
    let people = [guest("s", Some(1)), guest("t", Some(9))];
    let now = "2027-01-12T09:00:00Z".parse().expect("a time");
    let plan = planned(Some(&wanted), &there(vec![at("b", START, &people)]), &BTreeMap::new(), now);
    let mark = crate::api::Mark { email: Personal::new("L9@Dealer.example"), absent: true };
    let marks = Step::Mark { booking: BookingUid("b".into()), marks: vec![mark] };
    assert_eq!(plan.steps, [gives, vec![marks]].concat());
    let late = late.then(|| (Why::TooLate, Some(registration(2))));
    assert_eq!(plan.differs, late.into_iter().collect::<Vec<_>>());
    assert_eq!(plan.seats.keys().copied().collect::<Vec<_>>(), [registration(9)]);
}

#[test]
fn a_seat_that_is_remembered_is_ours_without_a_word_in_it() {
    let known = [(registration(1), SeatAt { booking: "b".into(), seat: "t".into() })].into();
    let mut here = there(vec![at("b", START, &[guest("t", None)])]);
    let gone = planned(Some(&wanted(&[], Phase::ToCome)), &here, &known, before());
    assert_eq!((gone.steps, gone.differs), (vec![release("b", "t", 1)], Vec::new()));
    // Somebody took its event type away: it is in the way of everything else.
    let mut orphan = at("b", START, &[guest("t", None)]);
    orphan.event_type_id = None;
    here = There { orphans: vec![orphan], ..There::default() };
    let anew = planned(Some(&wanted(&[1], Phase::ToCome)), &here, &known, before());
    assert_eq!(anew.steps, [call_off("b"), Step::Appear, book(1)]);
}

#[test]
fn seats_are_made_before_they_are_booked_and_there_is_room_beside_strangers() {
    let strangers: Vec<_> = ["t", "u"].into_iter().map(|seat| guest(seat, None)).collect();
    let plan = planned(
        Some(&wanted(&[1, 2, 3], Phase::ToCome)),
        &there(vec![at("b", START, &strangers)]),
        &BTreeMap::new(),
        before(),
    );
    let change = Step::Change { event_type: EventTypeId(4), schedule: ScheduleId(3), seats: 5, times: false };
    assert_eq!(plan.steps, [change, book(1), book(2), book(3)]);
    assert_eq!(plan.differs, [(Why::Strangers(2), None)]);
}
