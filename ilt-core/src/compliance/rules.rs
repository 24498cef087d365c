//! Who hears of a gap and when, as tables.

use std::collections::BTreeSet;

use jiff::{SignedDuration, Timestamp};
use proptest::prelude::*;
use rstest::rstest;

use super::{Gap, Remedy, Step, due, hearers, next_due};
use crate::attendance::{Attendance, Outcome};
use crate::catalog::{Person, Role};
use crate::ids::{CourseId, PersonId};
use crate::journal::Actor;
use crate::policy::{Override, Rule, Rules, Scope};
use crate::registration::{Registration, Status, Wait};
use crate::testing::Network;
use crate::testing::plans::{id, in_role};

use Step::{DealerAdmin, Manager, RegionalAdmin};

/// Ada should have held the course by Friday, 5 March 2027, in Köln.
fn gap(told: &[Step], remedy: Remedy) -> Gap {
    let told = told.iter().copied().collect();
    let (deadline, zone) = ("2027-03-05".parse().expect("a day"), "Europe/Berlin".parse().expect("a zone"));
    Gap { learner: Network::ADA, course: CourseId(id(1)), deadline, zone, remedy, told }
}

fn at(text: &str) -> Timestamp {
    text.parse().expect("an instant")
}

/// PRODUCT.md, "escalation": day +1 manager, +7 dealer admin, +14 regional admin.
#[rstest]
#[case::still_in_time("2027-03-05T22:59:59Z", &[], &[])]
#[case::the_night_after("2027-03-06T07:59:59Z", &[], &[])]
#[case::the_day_after_the_manager("2027-03-06T08:00:00Z", &[], &[Manager])]
#[case::once("2027-03-07T08:00:00Z", &[Manager], &[])]
#[case::after_a_week_the_dealer_admin("2027-03-12T08:00:00Z", &[Manager], &[DealerAdmin])]
#[case::after_two_the_region("2027-03-19T08:00:00Z", &[Manager, DealerAdmin], &[RegionalAdmin])]
#[case::then_nobody("2027-06-01T08:00:00Z", &Step::ALL, &[])]
#[case::a_look_that_comes_late_tells_all_who_should_know("2027-03-20T08:00:00Z", &[], &[Manager, DealerAdmin, RegionalAdmin])]
fn a_gap_is_escalated_day_by_day(#[case] now: &str, #[case] told: &[Step], #[case] steps: &[Step]) {
    assert_eq!(due(&gap(told, Remedy::None), &Rules::of(&[], None, None), at(now)), steps);
}

const NORTH_ADMIN: PersonId = PersonId(uuid::Uuid::from_u128(70));
const DEPUTY: PersonId = PersonId(uuid::Uuid::from_u128(71));

fn leave(network: &mut Network, who: PersonId) {
    network.world.people.get_mut(&who).expect("somebody").active = false;
}

fn in_the_north(network: &mut Network) {
    for dealer in std::sync::Arc::make_mut(&mut network.world.dealers).values_mut() {
        dealer.region = Some("north".to_owned());
    }
    network.meet(in_role(NORTH_ADMIN, Role::Admin));
    let dealer = network.world.people[&Network::ADA].dealer;
    network.world.people.get_mut(&NORTH_ADMIN).expect("just met").dealer = dealer;
}

#[rstest]
#[case::the_manager(Manager, |_: &mut Network| {}, &[Network::MIA])]
#[case::the_dealers_admin(DealerAdmin, |_: &mut Network| {}, &[Network::DAN])]
#[case::every_admin_where_none_belongs_to_the_region(RegionalAdmin, |_: &mut Network| {}, &[Network::ROOT])]
#[case::the_regions_admin(RegionalAdmin, in_the_north, &[NORTH_ADMIN])]
#[case::without_a_manager_the_dealers_admin(Manager, |it: &mut Network| leave(it, Network::MIA), &[Network::DAN])]
#[case::who_stands_in_for_the_manager(Manager, |it: &mut Network| {
    leave(it, Network::MIA);
    it.meet(Person { stands_in_for: vec![Network::MIA], ..in_role(DEPUTY, Role::Manager) });
}, &[DEPUTY])]
#[case::without_either_an_admin(Manager, |it: &mut Network| {
    leave(it, Network::MIA);
    leave(it, Network::DAN);
}, &[Network::ROOT])]
fn who_hears_at_each_step(#[case] step: Step, #[case] change: fn(&mut Network), #[case] heard: &[PersonId]) {
    let mut network = Network::new();
    change(&mut network);
    let world = &network.world;
    let found = hearers(step, &world.people[&Network::ADA], &world.people, &world.dealers);
    assert_eq!(found, heard.iter().copied().collect());
}

#[rstest]
#[case::booked(Remedy::Booked)]
#[case::waived(Remedy::Waived)]
fn escalation_stops_when_booked_or_waived(#[case] remedy: Remedy) {
    let (rules, late) = (Rules::of(&[], None, None), at("2027-06-01T08:00:00Z"));
    assert_eq!(due(&gap(&[Manager], remedy), &rules, late), []);
    assert_eq!(next_due(&gap(&[], remedy), &rules, at("2027-03-01T08:00:00Z")), None);
    let given_back = gap(&[Manager], Remedy::None);
    assert_eq!(due(&given_back, &rules, late), [DealerAdmin, RegionalAdmin], "it goes on where it stood");
}

#[rstest]
#[case::before_the_deadline("2027-03-01T08:00:00Z", &[], Some("2027-03-06T08:00:00Z"))]
#[case::while_the_manager_knows("2027-03-08T08:00:00Z", &[Manager], Some("2027-03-12T08:00:00Z"))]
#[case::when_all_know("2027-03-30T08:00:00Z", &Step::ALL, None)]
fn the_next_step_is_known_beforehand(#[case] now: &str, #[case] told: &[Step], #[case] next: Option<&str>) {
    let found = next_due(&gap(told, Remedy::None), &Rules::of(&[], None, None), at(now));
    assert_eq!(found, next.map(at));
}

#[test]
fn mornings_are_where_the_learner_lives_also_when_clocks_change() {
    let summer = Gap { deadline: "2027-03-27".parse().expect("a day"), ..gap(&[], Remedy::None) };
    assert_eq!(
        next_due(&summer, &Rules::of(&[], None, None), at("2027-03-27T12:00:00Z")),
        Some(at("2027-03-28T07:00:00Z"))
    );
    let seoul = Gap { zone: "Asia/Seoul".parse().expect("a zone"), ..gap(&[], Remedy::None) };
    assert_eq!(
        next_due(&seoul, &Rules::of(&[], None, None), at("2027-03-05T12:00:00Z")),
        Some(at("2027-03-06T00:00:00Z"))
    );
}

#[test]
fn a_step_can_come_later_or_be_left_out() {
    let set = |rule, value| Override { scope: Scope::Global, rule, value };
    let set = [set(Rule::EscalateManager, 3), set(Rule::EscalateDealer, 0)];
    let rules = Rules::of(&set, None, None);
    assert_eq!(due(&gap(&[], Remedy::None), &rules, at("2027-03-07T08:00:00Z")), []);
    assert_eq!(due(&gap(&[], Remedy::None), &rules, at("2027-03-20T08:00:00Z")), [Manager, RegionalAdmin]);
}

#[test]
fn whoever_comes_later_than_usual_is_told_all_the_same() {
    let set = [Override { scope: Scope::Course(CourseId(id(1))), rule: Rule::EscalateManager, value: 10 }];
    let rules = Rules::of(&set, Some(CourseId(id(1))), None);
    let late = at("2027-03-30T08:00:00Z");
    assert_eq!(due(&gap(&[], Remedy::None), &rules, late), [DealerAdmin, Manager, RegionalAdmin]);
    assert_eq!(due(&gap(&[DealerAdmin], Remedy::None), &rules, late), [Manager, RegionalAdmin]);
}

fn registration(status: Status, settled: Option<Outcome>) -> Registration {
    Registration {
        id: id(500).into(),
        session: id(100).into(),
        learner: Network::ADA,
        by: Actor::Person(Network::ADA),
        created_at: Timestamp::UNIX_EPOCH,
        status,
        attendance: Attendance { settled, ..Attendance::default() },
        sequence: 0,
    }
}

const AT: Timestamp = Timestamp::UNIX_EPOCH;

#[rstest]
#[case::a_seat(Status::Confirmed { at: AT }, None, Remedy::Booked)]
#[case::a_request(Status::Held { at: AT, until: AT, gives_back: None }, None, Remedy::None)]
#[case::a_place_in_the_queue(Status::Waitlisted { wait: Wait::new(AT, true) }, None, Remedy::None)]
#[case::an_offer(Status::Offered { wait: Wait::new(AT, true), until: AT, warn_at: None }, None, Remedy::None)]
#[case::one_that_was_given_back(Status::Cancelled { at: AT }, None, Remedy::None)]
#[case::one_that_others_cancelled(Status::SessionCancelled { at: AT }, None, Remedy::None)]
#[case::one_that_was_attended(Status::Confirmed { at: AT }, Some(Outcome::Attended), Remedy::Booked)]
#[case::not_for_long_enough(Status::Confirmed { at: AT }, Some(Outcome::Partial), Remedy::None)]
#[case::one_that_was_excused(Status::Confirmed { at: AT }, Some(Outcome::Excused), Remedy::None)]
#[case::one_that_stayed_empty(Status::Confirmed { at: AT }, Some(Outcome::NoShow), Remedy::None)]
fn only_a_seat_from_which_one_can_come_back_with_the_course_is_a_booking(
    #[case] status: Status,
    #[case] settled: Option<Outcome>,
    #[case] remedy: Remedy,
) {
    assert_eq!(Remedy::by([&registration(status, settled)]), remedy);
    assert_eq!(Remedy::by([]), Remedy::None);
}

proptest! {
    /// After downtime, too often or with a clock that jumps: nobody too early, everybody once, and in the end all of them.
    #[test]
    fn however_often_and_late_one_looks_everybody_hears_once(mut hours in prop::collection::vec(-48_i64..24 * 30, 0..12)) {
        let (mut gap, rules) = (gap(&[], Remedy::None), Rules::of(&[], None, None));
        hours.push(24 * 400);
        let mut told = Vec::new();
        for hours in hours {
            let now = at("2027-03-06T00:00:00+01:00") + SignedDuration::from_hours(hours);
            let who = due(&gap, &rules, now);
            prop_assert!(!who.is_empty() || next_due(&gap, &rules, now).is_some() || told.len() == 3);
            gap.told.extend(&who);
            told.extend(who);
        }
        prop_assert_eq!(BTreeSet::from_iter(told.clone()).len(), told.len());
        prop_assert_eq!(told, Step::ALL);
    }
}
