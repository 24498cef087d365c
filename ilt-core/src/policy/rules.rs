//! The defaults of PRODUCT.md, and who may narrow them.

use rstest::rstest;

use super::{Override, Rule, Rules, Scope, Source};
use crate::ids::CourseId;
use crate::testing::plans::id;

#[test]
fn the_defaults_are_those_of_the_product() {
    let list: Vec<_> =
        Rule::ALL.iter().map(|rule| format!("{}: {} {}", rule.word(), rule.default(), rule.unit())).collect();
    insta::assert_snapshot!(list.join("\n"), @"
    registration-closes: 2 business days
    late-travel: 5 business days
    late-local: 24 hours
    waitlist: 1 switch
    offer-far: 48 hours
    offer-near: 24 hours
    offer-soon: 4 hours
    offer-everybody: 24 hours
    offer-never: 2 hours
    waitlist-pause: 2 lapses
    automatic-until: 3 days
    approval: 0 switch
    approval-days: 3 business days
    minimum-warn: 14 days
    minimum-decide: 7 days
    minimum-cancels: 0 switch
    dealer-cap: 0 seats
    block-naming: 21 days
    block-release: 14 days
    block-share: 25 percent
    reminder-first: 7 days
    reminder-last: 1 days
    attendance-opens: 15 minutes
    walk-in-until: 30 minutes
    attended-share: 80 percent
    no-show-share: 25 percent
    unmarked-instructor: 24 hours
    unmarked-admin: 72 hours
    recertification-window: 90 days
    escalate-manager: 1 days
    escalate-dealer: 7 days
    escalate-region: 14 days
    travel-speed: 60 km/h
    travel-least: 30 minutes
    ");
}

#[test]
fn every_rule_is_found_by_its_word_and_takes_its_default() {
    for rule in Rule::ALL {
        assert_eq!(Rule::from_word(rule.word()), Some(rule));
        assert_eq!(rule.check(rule.default()), Ok(rule.default()));
        let (least, most) = rule.limits();
        assert!(rule.check(least - 1).is_err() && rule.check(most + 1).is_err(), "{}", rule.word());
        let json = serde_json::to_value(rule).expect("a word");
        assert_eq!(json, rule.word(), "one word everywhere");
    }
}

#[test]
fn a_value_out_of_limits_says_what_would_do() {
    let refused = Rule::RegistrationCloses.check(61).expect_err("too many");
    assert_eq!(refused.to_string(), "registration-closes must be between 0 and 60 business days, not 61");
}

#[rstest]
#[case::never_set(&[], 2, Source::Default)]
#[case::everybody(&[("global", 9)], 9, Source::Global)]
#[case::group_over_everybody(&[("global", 9), ("north", 8)], 8, Source::DealerGroup)]
#[case::course_over_group(&[("course", 7), ("north", 8), ("global", 9)], 7, Source::Course)]
#[case::the_order_of_setting_does_not_matter(&[("north", 8), ("global", 9), ("course", 7)], 7, Source::Course)]
#[case::another_group(&[("global", 9), ("south", 8)], 9, Source::Global)]
#[case::another_course(&[("other", 7)], 2, Source::Default)]
fn the_narrowest_scope_wins_and_says_so(
    #[case] set: &[(&str, i64)],
    #[case] value: i64,
    #[case] source: Source,
) {
    let scope = |word: &str| match word {
        "global" => Scope::Global,
        "course" => Scope::Course(CourseId(id(1))),
        "other" => Scope::Course(CourseId(id(2))),
        group => Scope::DealerGroup(group.to_owned()),
    };
    let set: Vec<_> = set
        .iter()
        .map(|(word, value)| Override { scope: scope(word), rule: Rule::RegistrationCloses, value: *value })
        .collect();
    let setting = Rules::of(&set, Some(CourseId(id(1))), Some("north")).setting(Rule::RegistrationCloses);
    assert_eq!((setting.value, setting.source), (value, source));
}
