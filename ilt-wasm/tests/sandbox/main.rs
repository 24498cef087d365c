//! What plugins may not do, done by real components: `scripts/plugins` compiles them, and says where they are (`ILT_TEST_PLUGINS`).

use std::path::PathBuf;
use std::sync::LazyLock;
use std::time::Duration;

use ilt_core::opinion::{CandidateFacts, CourseFacts, LearnerFacts, PlaceFacts, Question};
use ilt_core::ranking::Parts;
use ilt_core::testing::plans::{id, now};
use ilt_wasm::{Limits, Outcome, Plugin, Said, Sandbox, Unfit};
use rstest::rstest;

fn component(name: &str) -> Option<Vec<u8>> {
    let folder = PathBuf::from(std::env::var_os("ILT_TEST_PLUGINS")?);
    Some(std::fs::read(folder.join(name)).expect("scripts/plugins compiles it"))
}

/// Twenty sessions, every other one of another course.
fn question() -> Question {
    let course = |number, topic: &str| CourseFacts {
        id: id(number).into(),
        programme_type: "compliance",
        topics: vec![topic.to_owned()],
        track: None,
        prerequisites: Vec::new(),
    };
    let candidate = |number: u32| CandidateFacts {
        id: id(100 + number).into(),
        course: number as usize % 2,
        place: 0,
        starts_at: now(),
        ends_at: now(),
        starts: jiff::civil::date(2027, 3, 1).at(9, 0, 0, 0),
        parts: 1,
        open: 3,
        waiting: 0,
        is_same: number.is_multiple_of(2),
        days_later: 1,
        score: 0.5,
        of: Parts { proximity: 0.5, availability: 0.5, relevance: 0.5 },
    };
    Question {
        now: now(),
        learner: LearnerFacts {
            id: id(7).into(),
            dealer: Some(ilt_core::ids::DealerId(id(1))),
            holds: vec![id(2).into()],
        },
        wanted: id(99).into(),
        wanted_course: 0,
        courses: vec![course(1, "brakes"), course(3, "electric")],
        places: vec![PlaceFacts { id: id(5).into(), country: "DE".to_owned(), distance_km: Some(41.0) }],
        candidates: (0..20).map(candidate).collect(),
    }
}

fn limits() -> Limits {
    // Tests are compiled without optimisation, and so is what runs guests.
    Limits { time: Duration::from_secs(2), ..Limits::default() }
}

fn loaded(sandbox: &Sandbox, name: &str) -> Option<Plugin> {
    Some(sandbox.load(&component(name)?).expect("a plugin"))
}

/// Compiled once for all tests that change no limit.
fn trouble() -> Option<&'static Plugin> {
    static TROUBLE: LazyLock<Option<(Sandbox, Plugin)>> = LazyLock::new(|| {
        let sandbox = Sandbox::new(limits());
        let plugin = loaded(&sandbox, "trouble.wasm")?;
        Some((sandbox, plugin))
    });
    TROUBLE.as_ref().map(|(_, plugin)| plugin)
}

fn asked(plugin: &Plugin, what: &str) -> Said<ilt_core::opinion::Opinion> {
    plugin.adjust(&question(), &format!(r#"{{"do": "{what}"}}"#))
}

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
    let said = plugin.adjust(&question(), &settings("0.2"));
    let opinion = said.answer.expect("an opinion");
    let wishes: Vec<_> = opinion.wishes.iter().map(|it| (it.session, it.change)).collect();
    let on_topic = (0..20_u32).filter(|number| number % 2 == 1).map(|number| (id(100 + number).into(), 0.2));
    assert_eq!(wishes, on_topic.collect::<Vec<_>>());
    let again = plugin.adjust(&question(), &settings("0.2"));
    assert_eq!(
        (again.fuel, again.answer.expect("an opinion").wishes),
        (said.fuel, opinion.wishes),
        "the same costs the same"
    );
    let mut beginner = question();
    beginner.learner.holds.clear();
    assert_eq!(plugin.adjust(&beginner, &settings("0.2")).answer.expect("an answer").wishes, []);
}

#[rstest]
#[case("loop for ever", Outcome::OutOfFuel)]
#[case("recurse", Outcome::OutOfStack)]
#[case("panic", Outcome::Panicked)]
#[case("refuse", Outcome::Refused("no opinion today".to_owned()))]
#[case("dance", Outcome::Refused("nobody knows how to `dance`".to_owned()))]
fn whoever_misbehaves_has_no_opinion_and_hears_why(#[case] what: &str, #[case] outcome: Outcome) {
    let Some(plugin) = trouble() else { return };
    assert_eq!(asked(plugin, what).answer, Err(outcome));
    assert_eq!(asked(plugin, "first").answer.expect("the next is asked anew").wishes.len(), 1);
}

#[rstest]
#[case("take all memory")]
#[case("read wildly")]
#[case("say too much")]
#[case("say it long")]
#[case("log it long")]
fn whoever_takes_too_much_is_stopped(#[case] what: &str) {
    let sandbox = Sandbox::new(Limits { fuel: u64::MAX / 2, ..limits() });
    let Some(plugin) = loaded(&sandbox, "trouble.wasm") else { return };
    let said = asked(&plugin, what);
    let Err(Outcome::Broke(why)) = said.answer else { panic!("{what}: {said:?}") };
    assert!(!why.is_empty() && why.len() <= 300, "{why}");
}

#[test]
fn time_is_limited_where_fuel_is_not() {
    let sandbox = Sandbox::new(Limits { fuel: u64::MAX / 2, time: Duration::from_millis(50), ..limits() });
    let Some(plugin) = loaded(&sandbox, "trouble.wasm") else { return };
    assert_eq!(asked(&plugin, "loop for ever").answer, Err(Outcome::OutOfTime));
}

#[test]
fn a_journal_has_few_lines_and_short_ones() {
    let Some(plugin) = trouble() else { return };
    let said = asked(plugin, "log for ever");
    assert_eq!((said.answer, said.lines.len()), (Err(Outcome::OutOfFuel), Limits::default().lines));
    let said = asked(plugin, "write");
    assert_eq!(
        said.lines.iter().map(|it| (it.is_warning, it.text.as_str())).collect::<Vec<_>>(),
        [(true, "seen")]
    );
}

#[test]
fn nothing_is_remembered_from_one_question_to_the_next() {
    let Some(plugin) = trouble() else { return };
    for _ in 0..3 {
        let change = asked(plugin, "remember").answer.expect("an answer").wishes[0].change;
        assert!((change - 0.1).abs() < 1e-9, "{change}");
    }
}

/// A component that exports nothing, or wants something of the host.
fn text(of: &str) -> Vec<u8> {
    wat::parse_str(of).expect("a component")
}

#[test]
fn what_is_no_plugin_says_why() {
    let sandbox = Sandbox::new(Limits { component: 1_000, ..limits() });
    let too_large = sandbox.load(&[0; 1_001]).err().expect("too large");
    assert_eq!(too_large, Unfit::TooLarge { bytes: 1_001, most: 1_000 });
    for (bytes, says) in [
        (Vec::new(), "no WebAssembly component"),
        (b"MZ, or whatever".to_vec(), "no WebAssembly component"),
        (text("(module)"), "no WebAssembly component"),
        (text("(component)"), "does not speak ilt:plugin@0.1.0"),
        (
            text(r#"(component (import "wasi:clocks/wall-clock@0.2.0" (instance)))"#),
            "wants more of the host than its journal",
        ),
    ] {
        let said = sandbox.load(&bytes).err().expect("unfit").to_string();
        assert!(said.contains(says), "{said}");
    }
}

#[test]
fn a_component_that_was_cut_off_is_none() {
    let sandbox = Sandbox::new(limits());
    let Some(whole) = component("ev_certified_first.wasm") else { return };
    for length in [7, 100, whole.len() / 2, whole.len() - 1] {
        assert!(matches!(sandbox.load(&whole[..length]), Err(Unfit::NoComponent(_))), "{length}");
    }
}
