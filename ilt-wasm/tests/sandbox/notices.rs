//! What a plugin says of notices, and what the core makes of it.

use ilt_core::journal::Actor;
use ilt_core::notice::advice::{Change, Pace, ToldAs, When, heed};
use ilt_core::opinion::Fault;
use ilt_core::testing::Network;
use ilt_core::testing::questions::{question, telling};
use ilt_wasm::{Sandbox, Say};
use rstest::rstest;

use crate::{advised, asked, limits, loaded, trouble};

const SETTINGS: &str = r#"{"morning": 420, "no_shows": 2}"#;

#[test]
fn a_notifier_says_who_is_told_otherwise() {
    let sandbox = Sandbox::new(limits());
    let Some(plugin) = loaded(&sandbox, "tell_tale.wasm") else { return };
    assert_eq!(plugin.check_config(SETTINGS).answer, Ok(Vec::new()));
    assert_eq!(plugin.check_config("{}").answer.expect("an answer").len(), 1);
    let said = plugin.alone().advise(&telling(), SETTINGS);
    let advice = said.answer.expect("advice");
    let changes: Vec<_> = advice.iter().map(|it| (it.by.plugin.as_str(), it.change)).collect();
    assert_eq!(
        changes,
        [
            ("tell-tale", Change::AtMinute(1, 420)),
            ("tell-tale", Change::Add(ToldAs::DealerAdmin, Pace::AtOnce))
        ]
    );
    assert_eq!(advice[1].reason, "Stayed away for the 3. time.");
    let again = plugin.alone().advise(&telling(), SETTINGS);
    assert_eq!((again.answer, again.fuel), (Ok(advice), said.fuel), "the same costs the same");
    let mut reliable = telling();
    reliable.happening.no_shows = 1;
    assert_eq!(plugin.alone().advise(&reliable, SETTINGS).answer.expect("advice").len(), 1);
}

#[test]
fn a_notifier_is_not_asked_about_sessions() {
    let sandbox = Sandbox::new(limits());
    let Some(plugin) = loaded(&sandbox, "tell_tale.wasm") else { return };
    assert_eq!(plugin.description().say, Say { sessions: false, notices: true });
    let said = plugin.alone().adjust(&question(20), SETTINGS);
    assert_eq!((said.answer.expect("nothing").wishes, said.fuel), (Vec::new(), 0));
}

#[test]
fn one_component_can_have_a_say_in_both() {
    let Some(plugin) = trouble() else { return };
    assert_eq!(plugin.description().say, Say { sessions: true, notices: true });
    assert_eq!(asked(plugin, "first").answer.expect("an opinion").wishes.len(), 1);
    assert_eq!(advised(plugin, "markup").answer.expect("advice").len(), 1);
}

/// Mia's digest may be muted, Ada is told at once, Ina urgently.
#[rstest]
#[case("mute everybody", &[When::Never, When::AtOnce, When::Urgent], &[Fault::MustHear, Fault::Urgent])]
#[case("wait for ever", &[When::Digest, When::AtOnce, When::Urgent], &[Fault::NoMinute, Fault::NoMinute, Fault::Urgent])]
#[case("another notice", &[When::Digest, When::AtOnce, When::Urgent], &[Fault::Unasked, Fault::Unasked])]
#[case("markup", &[When::Digest, When::Digest, When::Urgent], &[Fault::Cleaned])]
#[case(
    "tell everybody",
    &[When::AtOnce, When::AtOnce, When::Urgent, When::AtOnce],
    &[Fault::NotTheirs, Fault::NotTheirs, Fault::Urgent, Fault::Urgent, Fault::Urgent]
)]
fn whatever_it_says_only_what_may_be_counts(
    #[case] what: &str,
    #[case] is: &[When],
    #[case] wrong: &[Fault],
) {
    let Some(plugin) = trouble() else { return };
    let advice = advised(plugin, what).answer.expect("advice");
    let people = &Network::new().world.people;
    let (heard, faults) = heed(&telling(), &Actor::system("desk"), people, advice);
    assert_eq!(heard.iter().map(|it| it.when).collect::<Vec<_>>(), is);
    assert_eq!(faults.into_iter().map(|(_, fault)| fault).collect::<Vec<_>>(), wrong);
}
