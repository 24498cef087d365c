//! Whose plugins are asked, how often, and what becomes of their opinions.

use std::collections::BTreeMap;
use std::path::PathBuf;
use std::sync::Arc;
use std::time::Duration;

use ilt_core::ids::DealerId;
use ilt_core::opinion::{LearnerFacts, Question};
use ilt_core::ports::Rules as _;
use ilt_core::testing::FixedClock;
use ilt_core::testing::plans::{id, now};
use ilt_wasm::{Active, Limits, Plugins, Sandbox, Source};
use jiff::ToSpan as _;

fn dealer(number: u32) -> DealerId {
    DealerId(id(number))
}

fn question(of: u32) -> Question {
    Question {
        now: now(),
        learner: LearnerFacts { id: id(7).into(), dealer: Some(dealer(of)), holds: Vec::new() },
        wanted: id(99).into(),
        wanted_course: 0,
        courses: Vec::new(),
        places: Vec::new(),
        candidates: Vec::new(),
    }
}

/// Dealer 1 has a plugin for each of these, in this order; and the clock that decides how long one is left alone.
fn plugins(do_what: &[&str]) -> Option<(Plugins, Arc<FixedClock>)> {
    let folder = PathBuf::from(std::env::var_os("ILT_TEST_PLUGINS")?);
    let bytes = std::fs::read(folder.join("trouble.wasm")).expect("scripts/plugins compiles it");
    let sandbox = Sandbox::new(Limits { time: Duration::from_secs(2), ..Limits::default() });
    let active = |what: &&str| {
        let plugin = sandbox.load(&bytes).expect("a plugin");
        Arc::new(Active::new(Arc::new(plugin), format!(r#"{{"do": "{what}"}}"#)))
    };
    let clock = Arc::new(FixedClock::at(now()));
    let plugins = Plugins::new(clock.clone());
    plugins.put(Source::Folder, BTreeMap::from([(dealer(1), do_what.iter().map(active).collect())]));
    Some((plugins, clock))
}

#[tokio::test]
async fn a_dealers_plugins_are_asked_in_order_and_nobody_elses() {
    let Some((plugins, _)) = plugins(&["first", "panic", "markup"]) else { return };
    assert!(plugins.has_opinions(Some(dealer(1))));
    assert!(!plugins.has_opinions(Some(dealer(2))) && !plugins.has_opinions(None));
    let opinions = plugins.opinions(&question(1)).await;
    let said: Vec<_> = opinions.iter().map(|it| it.wishes[0].change).collect();
    assert_eq!(said, [0.5, 0.1], "who panics has none, and is in nobody's way");
    assert!(plugins.opinions(&question(2)).await.is_empty());
    plugins.put(Source::Folder, BTreeMap::new());
    assert!(plugins.opinions(&question(1)).await.is_empty(), "from now on");
}

#[tokio::test]
async fn whoever_fails_again_and_again_is_left_alone_for_a_while() {
    let Some((plugins, clock)) = plugins(&["panic", "first"]) else { return };
    let ask_often = async || {
        for _ in 0..10 {
            assert_eq!(plugins.opinions(&question(1)).await.len(), 1, "the other one's");
        }
        plugins.of(Some(dealer(1))).iter().map(|it| it.asked()).collect::<Vec<_>>()
    };
    assert_eq!(ask_often().await, [5, 10]);
    clock.set(now() + 29.seconds());
    assert_eq!(ask_often().await, [5, 20]);
    clock.set(now() + 31.seconds());
    assert_eq!(ask_often().await, [10, 30], "another five");
}
