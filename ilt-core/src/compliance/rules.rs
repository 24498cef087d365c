//! Who hears of a gap and when, as tables.

use jiff::Timestamp;
use rstest::rstest;

use super::{Gap, Remedy, Step, due, next_due};
use crate::ids::CourseId;
use crate::policy::{Override, Rule, Rules, Scope};
use crate::testing::Network;
use crate::testing::plans::id;

use Step::{DealerAdmin, Manager, RegionalAdmin};

/// Ada should have held the course by Friday, 5 March 2027, in Köln.
fn gap(told: Option<Step>, remedy: Remedy) -> Gap {
    let (deadline, zone) = ("2027-03-05".parse().expect("a day"), "Europe/Berlin".parse().expect("a zone"));
    Gap { learner: Network::ADA, course: CourseId(id(1)), deadline, zone, remedy, told }
}

fn at(text: &str) -> Timestamp {
    text.parse().expect("an instant")
}

/// PRODUCT.md, "escalation": day +1 manager, +7 dealer admin, +14 regional admin.
#[rstest]
#[case::still_in_time("2027-03-05T22:59:59Z", None, &[])]
#[case::the_night_after("2027-03-06T07:59:59Z", None, &[])]
#[case::the_day_after_the_manager("2027-03-06T08:00:00Z", None, &[Manager])]
#[case::once("2027-03-07T08:00:00Z", Some(Manager), &[])]
#[case::after_a_week_the_dealer_admin("2027-03-12T08:00:00Z", Some(Manager), &[DealerAdmin])]
#[case::after_two_the_region("2027-03-19T08:00:00Z", Some(DealerAdmin), &[RegionalAdmin])]
#[case::then_nobody("2027-06-01T08:00:00Z", Some(RegionalAdmin), &[])]
#[case::a_look_that_comes_late_tells_all_who_should_know("2027-03-20T08:00:00Z", None, &[Manager, DealerAdmin, RegionalAdmin])]
fn a_gap_is_escalated_day_by_day(#[case] now: &str, #[case] told: Option<Step>, #[case] steps: &[Step]) {
    assert_eq!(due(&gap(told, Remedy::None), &Rules::of(&[], None, None), at(now)), steps);
}

#[rstest]
#[case::booked(Remedy::Booked)]
#[case::waived(Remedy::Waived)]
fn escalation_stops_when_booked_or_waived(#[case] remedy: Remedy) {
    let (rules, late) = (Rules::of(&[], None, None), at("2027-06-01T08:00:00Z"));
    assert_eq!(due(&gap(Some(Manager), remedy), &rules, late), []);
    assert_eq!(next_due(&gap(None, remedy), &rules, at("2027-03-01T08:00:00Z")), None);
    let given_back = gap(Some(Manager), Remedy::None);
    assert_eq!(due(&given_back, &rules, late), [DealerAdmin, RegionalAdmin], "it goes on where it stood");
}

#[rstest]
#[case::before_the_deadline("2027-03-01T08:00:00Z", None, Some("2027-03-06T08:00:00Z"))]
#[case::while_the_manager_knows("2027-03-08T08:00:00Z", Some(Manager), Some("2027-03-12T08:00:00Z"))]
#[case::when_all_know("2027-03-30T08:00:00Z", Some(RegionalAdmin), None)]
fn the_next_step_is_known_beforehand(
    #[case] now: &str,
    #[case] told: Option<Step>,
    #[case] next: Option<&str>,
) {
    let found = next_due(&gap(told, Remedy::None), &Rules::of(&[], None, None), at(now));
    assert_eq!(found, next.map(at));
}

#[test]
fn mornings_are_where_the_learner_lives_also_when_clocks_change() {
    let summer = Gap { deadline: "2027-03-27".parse().expect("a day"), ..gap(None, Remedy::None) };
    assert_eq!(
        next_due(&summer, &Rules::of(&[], None, None), at("2027-03-27T12:00:00Z")),
        Some(at("2027-03-28T07:00:00Z"))
    );
    let seoul = Gap { zone: "Asia/Seoul".parse().expect("a zone"), ..gap(None, Remedy::None) };
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
    assert_eq!(due(&gap(None, Remedy::None), &rules, at("2027-03-07T08:00:00Z")), []);
    assert_eq!(due(&gap(None, Remedy::None), &rules, at("2027-03-20T08:00:00Z")), [Manager, RegionalAdmin]);
}
