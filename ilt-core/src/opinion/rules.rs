//! What of an opinion counts, as a table.

use rstest::rstest;

use super::{Fault, Granted, MOST, Opinion, Precedence, Speaker, Wish, first_in_line, total, weigh};
use crate::registration::Priority;
use crate::testing::plans::id;

fn by(plugin: &str) -> Speaker {
    Speaker { plugin: plugin.to_owned(), version: "1.0.0".to_owned(), digest: "ab".repeat(32) }
}

fn wish(session: u32, change: f64, reason: &str) -> Wish {
    Wish { session: id(session).into(), change, reason: reason.to_owned() }
}

#[rstest]
#[case::a_wish(wish(1, 0.2, "Near you."), Some((0.2, "Near you.")), &[])]
#[case::down(wish(1, -0.2, "Far away."), Some((-0.2, "Far away.")), &[])]
#[case::nothing(wish(1, 0.0, "No matter."), None, &[])]
#[case::too_much(wish(1, 7.0, "Best."), Some((0.5, "Best.")), &[Fault::TooMuch])]
#[case::too_much_down(wish(1, -1e300, "Worst."), Some((-0.5, "Worst.")), &[Fault::TooMuch])]
#[case::no_number(wish(1, f64::NAN, "Hm."), None, &[Fault::NoNumber])]
#[case::without_end(wish(1, f64::INFINITY, "Hm."), None, &[Fault::NoNumber])]
#[case::without_a_reason(wish(1, 0.1, " \n\u{0} "), None, &[Fault::NoReason])]
#[case::markup_alone(wish(1, 0.1, "<>"), None, &[Fault::NoReason])]
#[case::markup(wish(1, 0.1, "<b>Near</b>\n you."), Some((0.1, "Near you.")), &[Fault::Cleaned])]
#[case::turned_around(wish(1, 0.1, "\u{202e}.uoy raeN"), Some((0.1, ".uoy raeN")), &[Fault::Cleaned])]
#[case::not_asked(wish(9, 0.1, "Mine."), None, &[Fault::Unasked])]
fn what_counts(#[case] said: Wish, #[case] counts: Option<(f64, &str)>, #[case] wrong: &[Fault]) {
    let session = said.session;
    let opinions = vec![Opinion { by: by("a"), wishes: vec![said] }];
    let (adjusted, faults) = weigh(&[id(1).into()].into(), opinions);
    let found = adjusted.get(&session).map(|all| (all[0].change, all[0].reason.as_str()));
    assert_eq!((found, all_of(&faults)), (counts, wrong.to_vec()));
}

fn all_of(faults: &[(Speaker, Fault)]) -> Vec<Fault> {
    faults.iter().map(|(_, fault)| *fault).collect()
}

#[test]
fn the_first_of_two_counts_and_several_plugins_add_up() {
    let first = Opinion { by: by("a"), wishes: vec![wish(1, 0.4, "One."), wish(1, -0.4, "Two.")] };
    let second = Opinion { by: by("b"), wishes: vec![wish(1, 0.3, "Three."), wish(2, -0.1, "Four.")] };
    let (adjusted, faults) = weigh(&[id(1).into(), id(2).into()].into(), vec![first, second]);
    let of = |session: u32| &adjusted[&id(session).into()];
    let said: Vec<_> = of(1).iter().map(|it| (it.by.plugin.as_str(), it.reason.as_str())).collect();
    assert_eq!(said, [("a", "One."), ("b", "Three.")]);
    assert_eq!((total(of(1)), total(of(2))), (MOST, -0.1), "never by more than that");
    assert_eq!(all_of(&faults), [Fault::Again]);
}

#[test]
fn a_long_reason_is_cut_at_a_word() {
    let opinions = vec![Opinion { by: by("a"), wishes: vec![wish(1, 0.1, &"weit weg, ä ".repeat(1_000))] }];
    let (adjusted, faults) = weigh(&[id(1).into()].into(), opinions);
    let reason = &adjusted[&id(1).into()][0].reason;
    assert!(reason.chars().count() <= 161 && reason.ends_with('…'), "{reason}");
    assert_eq!(all_of(&faults), [Fault::Cleaned]);
}

fn front(plugin: &str, level: u8, reason: &str) -> Precedence {
    Precedence { by: by(plugin), level, reason: reason.to_owned() }
}

#[rstest]
#[case::one(vec![front("a", 3, "Their certificate ends.")], Some(("a", 3, "Their certificate ends.")), &[])]
#[case::nobody(vec![], None, &[])]
#[case::the_order_of_joining(vec![front("a", 0, "Hm.")], None, &[])]
#[case::too_much(vec![front("a", 200, "Boss.")], Some(("a", 9, "Boss.")), &[Fault::TooMuch])]
#[case::without_a_reason(vec![front("a", 3, " ")], None, &[Fault::NoReason])]
#[case::markup(vec![front("a", 3, "<i>Ends</i> soon.")], Some(("a", 3, "Ends soon.")), &[Fault::Cleaned])]
#[case::the_first_counts(vec![front("a", 2, "One."), front("b", 9, "Two.")], Some(("a", 2, "One.")), &[])]
#[case::the_next_when_the_first_says_nothing(vec![front("a", 0, ""), front("b", 9, "Two.")], Some(("b", 9, "Two.")), &[])]
fn who_waits_in_front(
    #[case] said: Vec<Precedence>,
    #[case] counts: Option<(&str, u8, &str)>,
    #[case] wrong: &[Fault],
) {
    let (granted, faults) = first_in_line(id(7).into(), said);
    let expected = counts.map(|(plugin, level, reason)| Granted {
        to: id(7).into(),
        by: by(plugin),
        priority: Priority { level, reason: reason.to_owned() },
    });
    assert_eq!((granted, all_of(&faults)), (expected, wrong.to_vec()));
}
