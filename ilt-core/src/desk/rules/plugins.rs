//! Who may use plugins for whom.

use rstest::rstest;

use crate::desk::{Command, Refusal, Reply};
use crate::ids::{DealerId, PersonId};
use crate::journal::Event;
use crate::opinion::Speaker;
use crate::plugin::{Act, Change, MOST_TOGETHER, Whose};
use crate::testing::Network;
use crate::testing::plans::id;

const DAN: PersonId = Network::DAN;
const ROOT: PersonId = Network::ROOT;
const NORTH: Whose = Whose::Dealer(DealerId(uuid::Uuid::from_u128(1)));

fn add(whose: Whose) -> Act {
    let by =
        Speaker { plugin: "near-first".to_owned(), version: "1.0.0".to_owned(), digest: "ab".repeat(32) };
    Act::Add { whose, place: 10, by, settings: "{}".to_owned() }
}

fn change(number: u32, act: Act) -> Command {
    let reason = Some("For the winter.".to_owned());
    Command::ChangePlugin(Box::new(Change { plugin: id(number).into(), act, reason, version: None }))
}

fn word(answer: Result<Reply, Refusal>) -> &'static str {
    match answer {
        Ok(Reply::Saved { .. }) => "done",
        Err(Refusal::Forbidden { .. }) => "forbidden",
        Err(Refusal::NotFound { .. }) => "not found",
        Err(Refusal::InvalidRequest { .. }) => "invalid",
        other => panic!("{other:?}"),
    }
}

#[rstest]
#[case::an_admin_for_a_dealer(ROOT, NORTH, "done")]
#[case::an_admin_for_a_group(ROOT, Whose::DealerGroup("north".to_owned()), "done")]
#[case::an_admin_for_everybody(ROOT, Whose::Everybody, "done")]
#[case::a_dealer_admin_for_the_dealer(DAN, NORTH, "done")]
#[case::a_dealer_admin_for_another(DAN, Whose::Dealer(DealerId(id(2))), "forbidden")]
#[case::a_dealer_admin_for_the_group(DAN, Whose::DealerGroup("north".to_owned()), "forbidden")]
#[case::a_dealer_admin_for_everybody(DAN, Whose::Everybody, "forbidden")]
#[case::a_manager(Network::MIA, NORTH, "forbidden")]
#[case::a_learner(Network::ADA, NORTH, "forbidden")]
#[case::a_dealer_that_is_none(ROOT, Whose::Dealer(DealerId(id(99))), "invalid")]
#[case::a_group_that_is_none(ROOT, Whose::DealerGroup("nowhere".to_owned()), "invalid")]
fn who_may_use_one_for_whom(#[case] who: PersonId, #[case] whose: Whose, #[case] answer: &str) {
    assert_eq!(word(Network::new().ask(who, change(1, add(whose)))), answer);
}

#[rstest]
#[case::their_own(DAN, NORTH, "done")]
#[case::the_networks(DAN, Whose::Everybody, "forbidden")]
#[case::another_dealers(DAN, Whose::Dealer(DealerId(uuid::Uuid::from_u128(2))), "not found")]
#[case::by_somebody_without_a_say(Network::MIA, NORTH, "not found")]
#[case::by_an_admin(ROOT, NORTH, "done")]
fn nobody_hears_of_the_plugins_of_others(#[case] who: PersonId, #[case] whose: Whose, #[case] answer: &str) {
    let mut network = Network::new();
    network.ask(ROOT, change(1, add(whose))).expect("an admin");
    for act in [Act::Activate { edition: None }, Act::SwitchOff, Act::Remove] {
        assert_eq!(word(network.ask(who, change(1, act))), answer);
    }
}

#[test]
fn the_journal_says_what_was_done_by_whom_and_why() {
    let mut network = Network::new();
    for act in [
        add(NORTH),
        Act::Activate { edition: None },
        Act::Activate { edition: None },
        Act::SwitchOff,
        Act::Remove,
    ] {
        network.ask(DAN, change(1, act)).expect("it may be done");
    }
    let said: Vec<_> = network.entries().map(|it| (it.event.word(), it.reason.as_deref())).collect();
    let why = Some("For the winter.");
    let words = ["plugin.added", "plugin.activated", "plugin.switched-off", "plugin.removed"];
    assert_eq!(said, words.map(|word| (word, why)));
    let all_dans = network
        .entries()
        .all(|it| it.actor.person() == Some(DAN) && matches!(it.event, Event::PluginChanged { .. }));
    assert!(all_dans && network.world.plugins.is_empty());
}

#[test]
fn so_many_are_used_together_and_no_more() {
    let mut network = Network::new();
    let most = u32::try_from(MOST_TOGETHER).expect("few");
    for number in 1..=most {
        network.ask(DAN, change(number, add(NORTH))).expect("one more");
    }
    assert_eq!(word(network.ask(DAN, change(99, add(NORTH)))), "invalid");
    network.ask(ROOT, change(99, add(Whose::Everybody))).expect("others are counted on their own");
}
