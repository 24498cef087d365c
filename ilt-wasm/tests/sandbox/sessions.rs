//! What a plugin says of sessions.

use ilt_core::testing::plans::id;
use ilt_core::testing::questions::{question, telling};
use ilt_wasm::{Sandbox, Say};

use crate::{asked, limits, loaded, trouble};

#[test]
fn a_plugin_says_what_it_is_checks_its_settings_and_has_an_opinion() {
    let sandbox = Sandbox::new(limits());
    let Some(plugin) = loaded(&sandbox, "ev_certified_first.wasm") else { return };
    let by = plugin.speaker();
    assert_eq!(
        (by.plugin.as_str(), by.version.as_str(), by.digest.len()),
        ("ev-certified-first", "1.0.0", 64)
    );
    let settings = |change: &str| format!(r#"{{"certificate": "{}", "change": {change}}}"#, id(2));
    assert_eq!(plugin.check_config(&settings("0.2")).answer, Ok(Vec::new()));
    let wrong = plugin.check_config(&settings("7")).answer.expect("an answer");
    assert_eq!((wrong[0].pointer.as_str(), wrong.len()), ("/change", 1));
    let unread = plugin.check_config(r#"{"certificat": 1}"#).answer.expect("an answer");
    assert!(unread[0].detail.contains("certificat"), "{unread:?}");
    let said = plugin.alone().adjust(&question(20), &settings("0.2"));
    let opinion = said.answer.expect("an opinion");
    let wishes: Vec<_> = opinion.wishes.iter().map(|it| (it.session, it.change)).collect();
    let on_topic = (0..20_u32).filter(|number| number % 2 == 1).map(|number| (id(100 + number).into(), 0.2));
    assert_eq!(wishes, on_topic.collect::<Vec<_>>());
    let again = plugin.alone().adjust(&question(20), &settings("0.2"));
    assert_eq!(
        (again.fuel, again.answer.expect("an opinion").wishes),
        (said.fuel, opinion.wishes),
        "the same costs the same"
    );
    let mut beginner = question(20);
    beginner.learner.holds.clear();
    assert_eq!(plugin.alone().adjust(&beginner, &settings("0.2")).answer.expect("an answer").wishes, []);
}

#[test]
fn what_it_has_no_say_in_it_is_not_asked() {
    let sandbox = Sandbox::new(limits());
    let Some(plugin) = loaded(&sandbox, "ev_certified_first.wasm") else { return };
    assert_eq!(plugin.description().say, Say { sessions: true, notices: false });
    let said = plugin.alone().advise(&telling(), "settings that nobody reads");
    assert_eq!((said.answer, said.fuel), (Ok(Vec::new()), 0));
}

#[test]
fn nothing_is_remembered_from_one_question_to_the_next() {
    let Some(plugin) = trouble() else { return };
    for _ in 0..3 {
        let change = asked(plugin, "remember").answer.expect("an answer").wishes[0].change;
        assert!((change - 0.1).abs() < 1e-9, "{change}");
    }
}
