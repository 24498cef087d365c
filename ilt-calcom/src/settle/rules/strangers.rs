//! How people are met who booked by themselves.

use super::*;
use crate::mapping::Domain;

/// Somebody who booked by themselves under a learner's address.
fn own(seat: &str, number: u32) -> Value {
    let address = format!("L{number}@Dealer.example");
    json!({ "name": "Ada", "email": address, "absent": false, "seatUid": seat, "metadata": {} })
}

fn away(seat: &str, reason: &str) -> Step {
    Step::TurnAway { booking: BookingUid("b".into()), seat: SeatUid(seat.into()), reason: reason.to_owned() }
}

fn alias() -> Attendees {
    Attendees::Alias(Domain::new("training.example").expect("a domain"))
}

const AGAIN: &str = "You are registered for this session, and have another seat in this calendar already.";
const OTHER: &str = "You are registered for this session: this calendar knows you by another address.";
const MOVED: &str = "The session has changed. You are registered for it, and have another booking now.";

/// Learners who are registered, who is there, what is done, whose seats are remembered then, and of how many it is to be decided.
#[rstest]
#[case::unknown(&[], vec![guest("t", None)], vec![], &[], 1)]
#[case::decided(&[], vec![guest("x", None)], vec![away("x", "Full.")], &[], 0)]
#[case::registered(&[2], vec![own("t", 2)], vec![], &[2], 0)]
#[case::registered_and_decided_before(&[2], vec![own("x", 2)], vec![], &[2], 0)]
#[case::registered_with_a_seat(&[1], vec![guest("s", Some(1)), own("t", 1)], vec![away("t", AGAIN)], &[1], 0)]
#[case::registered_twice_there(&[2], vec![own("t", 2), own("u", 2)], vec![away("u", AGAIN)], &[2], 0)]
#[case::not_registered(&[], vec![own("t", 2)], vec![], &[], 1)]
#[case::together(&[1, 2], vec![guest("x", None), own("t", 2), guest("u", None)], vec![away("x", "Full."), book(1)], &[2], 1)]
fn at_a_day_to_come(
    #[case] learners: &[u32],
    #[case] people: Vec<Value>,
    #[case] steps: Vec<Step>,
    #[case] seated: &[u32],
    #[case] asked: usize,
) {
    let (wanted, mut mirror) = (wanted(learners, Phase::ToCome), mirror(learners));
    mirror.turned = [(SeatAt { booking: "b".into(), seat: "x".into() }, "Full.".to_owned())].into();
    let meeting = Meeting::of(&mirror, &Attendees::Own);
    let plan =
        plan(Some(&wanted), &there(vec![at("b", START, &people)]), &BTreeMap::new(), &meeting, before());
    assert_eq!((plan.steps, plan.strangers.len()), (steps, asked));
    let seated: Vec<_> = seated.iter().map(|it| registration(*it)).collect();
    assert_eq!(plan.seats.into_keys().collect::<Vec<_>>(), seated);
    let told = (asked > 0).then(|| (Why::Strangers(u32::try_from(asked).expect("few")), None));
    assert_eq!(plan.differs, told.into_iter().collect::<Vec<_>>());
}

#[rstest]
#[case::where_it_was(&Attendees::Own, None, own("t", 2), Some(MOVED))]
#[case::where_it_was_and_nobody_knows(&Attendees::Own, None, guest("t", None), None)]
#[case::called_off(&Attendees::Own, Some("Ill."), own("t", 2), Some("Ill."))]
#[case::called_off_and_nobody_knows(&Attendees::Own, Some("Ill."), guest("t", None), Some("Ill."))]
#[case::under_an_alias(&alias(), None, own("t", 2), Some(MOVED))]
fn at_a_day_that_is_cleared_away(
    #[case] attendees: &Attendees,
    #[case] gone: Option<&str>,
    #[case] who: Value,
    #[case] said: Option<&str>,
) {
    let mut mirror = mirror(&[2]);
    if let Some(reason) = gone {
        (mirror.stage, mirror.seats) = (Stage::Gone { reason: reason.to_owned() }, Vec::new());
    }
    let meeting = Meeting::of(&mirror, attendees);
    let plan = plan(None, &there(vec![at("b", START, &[who])]), &BTreeMap::new(), &meeting, before());
    let remove = Step::Remove { event_type: Some(EventTypeId(4)), schedule: Some(ScheduleId(3)) };
    let steps = said.map_or_else(Vec::new, |said| vec![away("t", said), remove]);
    assert_eq!((plan.steps, plan.leaves), (steps, said.is_none()));
    assert_eq!(plan.strangers.len(), usize::from(said.is_none()));
}

/// Seats under an alias are never under somebody's own address.
#[test]
fn where_people_go_by_an_alias_nobody_has_a_seat_under_their_own_address() {
    let mut wanted = wanted(&[2], Phase::ToCome);
    let alias = alias().alias(registration(2)).expect("an alias");
    for seat in &mut wanted.seats {
        seat.booking.as_mut().expect("an address").attendee.email = alias.clone();
    }
    let mirror = mirror(&[2]);
    let meeting = Meeting::of(&mirror, &self::alias());
    let there = there(vec![at("b", START, &[own("t", 2)])]);
    let plan = plan(Some(&wanted), &there, &BTreeMap::new(), &meeting, before());
    assert_eq!(plan.steps, [away("t", OTHER), book(2)]);
}

#[test]
fn somebodys_own_seat_at_another_time_is_moved_once_it_is_theirs() {
    let mirror = mirror(&[2]);
    let meeting = Meeting::of(&mirror, &Attendees::Own);
    let there = there(vec![at("b", ELSEWHEN, &[own("t", 2)])]);
    let plan = plan(Some(&wanted(&[2], Phase::ToCome)), &there, &BTreeMap::new(), &meeting, before());
    assert_eq!(plan.steps, [moved("b", "t", 2)]);
}

#[rstest]
#[case::running("2027-01-12T09:00:00Z", Phase::Running)]
#[case::over("2027-01-12T12:00:00Z", Phase::Past)]
fn what_has_begun_is_left_alone_and_told_of(#[case] now: &str, #[case] phase: Phase) {
    let mut mirror = mirror(&[2]);
    mirror.turned = [(SeatAt { booking: "b".into(), seat: "x".into() }, "Full.".to_owned())].into();
    let people = [guest("x", None), own("t", 2)];
    let (there, now) = (there(vec![at("b", START, &people)]), now.parse().expect("a time"));
    let meeting = Meeting::of(&mirror, &Attendees::Own);
    let plan = plan(Some(&wanted(&[2], phase)), &there, &BTreeMap::new(), &meeting, now);
    assert_eq!((plan.steps, plan.strangers), (vec![], vec![]));
    assert_eq!(plan.differs, [(Why::Strangers(1), None)]);
    assert_eq!(plan.seats.into_keys().collect::<Vec<_>>(), [registration(2)], "whose seat it is, is known");
}

/// Whether it is said here that somebody was absent, whether it is said there, and what comes of it.
#[rstest]
#[case::nobody_says_anything(None, false, None, false)]
#[case::only_there(None, true, None, true)]
#[case::absent_here(Some(true), false, Some(true), false)]
#[case::absent_both(Some(true), true, None, false)]
#[case::present_here(Some(false), true, Some(false), false)]
#[case::present_both(Some(false), false, None, false)]
fn who_was_absent(
    #[case] here: Option<bool>,
    #[case] said: bool,
    #[case] told: Option<bool>,
    #[case] heard: bool,
    #[values(Phase::ToCome, Phase::Running, Phase::Past)] phase: Phase,
) {
    let mut wanted = wanted(&[1], phase);
    wanted.seats[0].absent = here;
    let mut somebody = guest("s", Some(1));
    somebody["absent"] = said.into();
    let plan = planned(Some(&wanted), &there(vec![at("b", START, &[somebody])]), &BTreeMap::new(), before());
    let has_begun = phase != Phase::ToCome;
    let mark = |absent| Step::Mark {
        booking: BookingUid("b".into()),
        marks: vec![crate::api::Mark { email: Personal::new("L1@Dealer.example"), absent }],
    };
    assert_eq!(plan.steps, told.filter(|_| has_begun).map(mark).into_iter().collect::<Vec<_>>());
    assert_eq!(plan.absent.len(), usize::from(heard && has_begun));
}
