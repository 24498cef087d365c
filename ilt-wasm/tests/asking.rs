//! Whose plugins are asked, how often, and what becomes of their opinions.

use std::collections::{BTreeMap, VecDeque};
use std::path::PathBuf;
use std::sync::{Arc, Mutex};
use std::time::Duration;

use ilt_core::ids::DealerId;
use ilt_core::opinion::{Fault, Question};
use ilt_core::ports::{Clock, Rules as _};
use ilt_core::testing::plans::{id, now};
use ilt_core::testing::{FixedClock, questions};
use ilt_wasm::{Active, Limits, Plugins, Sandbox, Source};
use jiff::{Timestamp, ToSpan as _};

/// Loaded machines are slow.
const TIME: Duration = Duration::from_secs(2);

fn dealer(number: u32) -> DealerId {
    DealerId(id(number))
}

fn question(of: u32) -> Question {
    let mut question = questions::question(1);
    question.learner.dealer = Some(dealer(of));
    question
}

/// A component that `scripts/plugins` compiled.
fn named(name: &str) -> Option<Vec<u8>> {
    let folder = PathBuf::from(std::env::var_os("ILT_TEST_PLUGINS")?);
    Some(std::fs::read(folder.join(format!("{name}.wasm"))).expect("scripts/plugins compiles it"))
}

/// Dealer 1 has a plugin for each of these, in this order; and the clock that decides how long one is left alone.
fn plugins(do_what: &[&str]) -> Option<(Plugins, Arc<FixedClock>)> {
    let bytes = named("trouble")?;
    let sandbox = Sandbox::new(Limits { time: TIME, ..Limits::default() });
    let active = |what: &&str| {
        let plugin = sandbox.load(&bytes).expect("a plugin");
        Arc::new(Active::new(Arc::new(plugin), format!(r#"{{"do": "{what}"}}"#)))
    };
    let clock = Arc::new(FixedClock::at(now()));
    let plugins = Plugins::new(clock.clone(), TIME);
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

/// The clock on the wall.
struct Wall;

impl Clock for Wall {
    #[expect(clippy::disallowed_methods, reason = "guests are stopped by the clock on the wall")]
    fn now(&self) -> Timestamp {
        Timestamp::now()
    }
}

/// A clock that shows these instants, in milliseconds, one after the other.
struct Told(Mutex<VecDeque<i64>>);

impl Clock for Told {
    fn now(&self) -> Timestamp {
        now() + self.0.lock().expect("no panic").pop_front().expect("another look").milliseconds()
    }
}

#[tokio::test]
async fn all_rules_have_one_time_together_and_who_takes_most_of_it_fails() {
    let Some((these, _)) = plugins(&["first", "first", "first"]) else { return };
    let order = these.of(Some(dealer(1)));
    // When it is asked, when its turn comes, before and after the first (1.2 s), before and after the second (0.7 s), too late.
    let question_takes = [0, 0, 0, 1_200, 1_200, 1_900, 2_100];
    let clock = Told(Mutex::new(std::iter::repeat_n(question_takes, 5).flatten().collect()));
    let plugins = Plugins::new(Arc::new(clock), TIME);
    plugins.put(Source::Folder, BTreeMap::from([(dealer(1), order.clone())]));
    for _ in 0..5 {
        assert_eq!(plugins.opinions(&question(1)).await.len(), 2, "what is said late counts all the same");
    }
    assert_eq!(order.iter().map(|it| it.asked()).collect::<Vec<_>>(), [5, 5, 0]);
    let last = |at: usize| order[at].lines().last().map(|it| it.text.clone());
    assert_eq!(last(0).as_deref(), Some("it is not asked for 30s"));
    assert_eq!(last(1), None);
    assert_eq!(last(2).as_deref(), Some("it was not asked: others had taken all the time that there is"));
    assert_eq!(order[2].lines().len(), 1, "which is said once");
}

#[tokio::test]
async fn one_who_does_not_end_takes_the_time_of_all_and_no_more() {
    let Some(bytes) = named("trouble") else { return };
    let limits = Limits { time: Duration::from_millis(50), fuel: u64::MAX, ..Limits::default() };
    let sandbox = Sandbox::new(limits);
    let active = |what| {
        let plugin = Arc::new(sandbox.load(&bytes).expect("a plugin"));
        Arc::new(Active::new(plugin, format!(r#"{{"do": "{what}"}}"#)))
    };
    let order = vec![active("loop for ever"), active("first")];
    let plugins = Plugins::new(Arc::new(Wall), limits.time);
    plugins.put(Source::Uploaded, BTreeMap::from([(dealer(1), order.clone())]));
    assert!(plugins.opinions(&question(1)).await.is_empty());
    assert_eq!(order.iter().map(|it| it.asked()).collect::<Vec<_>>(), [1, 0]);
}

#[tokio::test]
async fn owners_read_what_of_an_answer_does_not_count() {
    let Some((plugins, _)) = plugins(&["markup", "first"]) else { return };
    let all = plugins.of(Some(dealer(1)));
    let by = all[0].speaker();
    let faults = [Fault::Cleaned, Fault::NoNumber, Fault::Cleaned].map(|fault| (by.clone(), fault));
    plugins.complain(Some(dealer(1)), &faults);
    plugins.complain(Some(dealer(1)), &faults[..1]);
    plugins.complain(Some(dealer(2)), &faults);
    let texts = |at: usize| all[at].lines().into_iter().map(|it| it.text).collect::<Vec<_>>();
    assert_eq!(texts(0), [Fault::NoNumber.to_string(), Fault::Cleaned.to_string()], "the latest last");
}

#[tokio::test]
async fn who_gave_no_answer_about_a_precedence_is_counted() {
    let Some((plugins, _)) = plugins(&["panic", "to the front", "nothing"]) else { return };
    let mut joining = questions::joining();
    joining.learner.dealer = Some(dealer(1));
    let heard = plugins.precedence(&joining).await;
    assert_eq!((heard.said.len(), heard.silent), (1, 1));
    assert_eq!(heard.said[0].level, 7);
    plugins.lack([dealer(1), dealer(3)].into());
    assert_eq!(plugins.precedence(&joining).await.silent, 2, "one is not here yet");
    joining.learner.dealer = Some(dealer(3));
    assert!(plugins.has_opinions(Some(dealer(3))), "nobody knows yet what it would say");
    assert_eq!(plugins.precedence(&joining).await.silent, 1);
}

#[tokio::test]
async fn only_who_has_a_say_in_notices_is_asked_about_them() {
    let Some((plugins, _)) = plugins(&["mute everybody", "panic", "markup"]) else { return };
    let (Some(notifier), Some(scorer)) = (named("tell_tale"), named("ev_certified_first")) else { return };
    let sandbox = Sandbox::new(Limits { time: TIME, ..Limits::default() });
    let active = |bytes: &[u8], settings: &str| {
        Arc::new(Active::new(Arc::new(sandbox.load(bytes).expect("a plugin")), settings.to_owned()))
    };
    let scorer = active(&scorer, "{}");
    let mut all = plugins.of(Some(dealer(1)));
    all.push(scorer.clone());
    all.push(active(&notifier, r#"{"morning": 420, "no_shows": 2}"#));
    plugins.put(Source::Folder, BTreeMap::from([(dealer(1), all), (dealer(2), vec![scorer.clone()])]));
    assert!(plugins.has_advice(Some(dealer(1))) && !plugins.has_advice(Some(dealer(2))));
    let advice = plugins.advice(&questions::telling()).await;
    let by: Vec<_> = advice.iter().map(|it| it.by.plugin.as_str()).collect();
    assert_eq!(by, ["trouble", "trouble", "trouble", "trouble", "tell-tale", "tell-tale"]);
    assert_eq!(scorer.asked(), 0, "it takes nobody's turn");
    plugins.put(Source::Folder, BTreeMap::from([(dealer(1), vec![active(&notifier, "{}")])]));
    assert!(!plugins.has_opinions(Some(dealer(1))) && plugins.has_advice(Some(dealer(1))));
}
