//! What becomes of a plugin, as a table.

use rstest::rstest;

use super::{Act, Change, MOST_EDITIONS, MOST_SETTINGS, Plugin, Step, changed};
use crate::desk::Refusal;
use crate::opinion::Speaker;
use crate::testing::plans::plugin;

/// One with three editions.
fn used(active: Option<u32>, before: Option<u32>) -> Plugin {
    let mut plugin = Plugin { active, before, version: 7, ..plugin(1) };
    for number in [2, 3] {
        let last = plugin.editions.last().cloned().expect("one");
        plugin.editions.push(super::Edition {
            number,
            settings: format!("{{\"most_km\":{number}}}"),
            ..last
        });
    }
    plugin
}

fn change(act: Act) -> Change {
    Change { plugin: plugin(1).id, act, reason: Some("For the winter.".to_owned()), version: None }
}

const fn activate(edition: u32) -> Act {
    Act::Activate { edition: Some(edition) }
}

/// From the active edition and the one before it to those after.
#[rstest]
#[case::the_first_time((None, None), activate(1), Some((Step::Activated, Some(1), None)))]
#[case::another((Some(1), None), activate(2), Some((Step::Activated, Some(2), Some(1))))]
#[case::the_newest((Some(1), None), Act::Activate { edition: None }, Some((Step::Activated, Some(3), Some(1))))]
#[case::the_same((Some(2), Some(1)), activate(2), None)]
#[case::back((Some(2), Some(1)), Act::RollBack, Some((Step::RolledBack, Some(1), Some(2))))]
#[case::and_forth((Some(1), Some(2)), Act::RollBack, Some((Step::RolledBack, Some(2), Some(1))))]
#[case::off((Some(2), Some(1)), Act::SwitchOff, Some((Step::SwitchedOff, None, Some(2))))]
#[case::off_already((None, Some(2)), Act::SwitchOff, None)]
#[case::on_again((None, Some(2)), Act::RollBack, Some((Step::RolledBack, Some(2), Some(2))))]
#[case::another_when_off((None, Some(2)), activate(3), Some((Step::Activated, Some(3), Some(2))))]
fn which_edition_counts(
    #[case] (active, before): (Option<u32>, Option<u32>),
    #[case] act: Act,
    #[case] after: Option<(Step, Option<u32>, Option<u32>)>,
) {
    let known = used(active, before);
    let seen = changed(Some(&known), &change(act)).expect("it may be done");
    let seen = seen.map(|(step, it)| {
        assert_eq!((it.version, it.editions.len()), (8, 3));
        (step, it.active, it.before)
    });
    assert_eq!(seen, after);
}

#[rstest]
#[case::nothing_to_go_back_to(used(Some(1), None), change(Act::RollBack), "/id")]
#[case::no_such_edition(used(Some(1), None), change(activate(9)), "/edition")]
#[case::active_ones_stay(used(Some(1), None), change(Act::Remove), "/id")]
#[case::no_reason(used(Some(1), None), Change { reason: None, ..change(activate(2)) }, "/reason")]
#[case::an_empty_reason(used(Some(1), None), Change { reason: Some(" ".to_owned()), ..change(Act::SwitchOff) }, "/reason")]
#[case::another_plugin(used(None, None), change(Act::Revise { by: Some(speaker("other")), settings: None, place: None }), "/component")]
#[case::endless_settings(used(None, None), change(Act::Revise { by: None, settings: Some("x".repeat(MOST_SETTINGS + 1)), place: None }), "/settings")]
fn what_may_not_be_done(#[case] known: Plugin, #[case] change: Change, #[case] pointer: &str) {
    match changed(Some(&known), &change).expect_err("refused") {
        Refusal::InvalidRequest { fields } => assert_eq!(fields[0].pointer, pointer),
        other => panic!("{other}"),
    }
}

#[test]
fn whoever_saw_another_version_is_told_so() {
    let late = Change { version: Some(6), ..change(activate(2)) };
    assert!(matches!(changed(Some(&used(Some(1), None)), &late), Err(Refusal::Stale { version: 7, .. })));
}

fn speaker(name: &str) -> Speaker {
    Speaker { plugin: name.to_owned(), version: "2.0.0".to_owned(), digest: "cd".repeat(32) }
}

#[test]
fn other_settings_are_an_edition_that_changes_nothing_yet() {
    let known = used(Some(2), Some(1));
    let act = Act::Revise { by: None, settings: Some("{}".to_owned()), place: Some(3) };
    let (step, after) = changed(Some(&known), &change(act)).expect("may be").expect("changes");
    let newest = after.newest().expect("an edition");
    assert_eq!((step, newest.number, newest.settings.as_str()), (Step::Revised, 4, "{}"));
    assert_eq!((after.active, after.before, after.place), (Some(2), Some(1), 3));
    let same = Act::Revise { by: None, settings: Some("{}".to_owned()), place: None };
    assert_eq!(changed(Some(&after), &change(same)), Ok(None), "the same once more is nothing new");
}

#[test]
fn what_is_active_and_what_was_is_never_forgotten() {
    let mut known = used(Some(2), Some(1));
    for number in 0..50 {
        let act = Act::Revise { by: None, settings: Some(number.to_string()), place: None };
        known = changed(Some(&known), &change(act)).expect("may be").expect("changes").1;
    }
    let kept: Vec<_> = known.editions.iter().map(|it| it.number).collect();
    assert_eq!((kept.len(), &kept[..2], kept.last()), (MOST_EDITIONS, &[1, 2][..], Some(&53)));
}
