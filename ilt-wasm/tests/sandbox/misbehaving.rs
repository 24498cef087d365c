//! What a plugin does that it should not, while it is asked.

use std::sync::LazyLock;
use std::time::Duration;

use ilt_wasm::{Limits, Outcome, Plugin, Sandbox};
use rstest::rstest;

use crate::{advised, asked, limits, trouble, trouble_within};

#[rstest]
#[case("loop for ever", Outcome::OutOfFuel)]
#[case("recurse", Outcome::OutOfStack)]
#[case("panic", Outcome::Panicked)]
#[case("refuse", Outcome::Refused("no opinion today".to_owned()))]
#[case("dance", Outcome::Refused("nobody knows how to `dance`".to_owned()))]
fn whoever_misbehaves_has_no_opinion_and_hears_why(#[case] what: &str, #[case] outcome: Outcome) {
    let Some(plugin) = trouble() else { return };
    assert_eq!(asked(plugin, what).answer, Err(outcome.clone()));
    assert_eq!(asked(plugin, "first").answer.expect("the next is asked anew").wishes.len(), 1);
    assert_eq!(advised(plugin, what).answer, Err(outcome));
    assert_eq!(advised(plugin, "markup").answer.expect("the next is asked anew").len(), 1);
}

#[rstest]
#[case("take all memory", "stopped")]
#[case("read wildly", "out of bounds")]
#[case("say too much", "said too much")]
#[case("say it long", "said too much")]
#[case("refuse at length", "said too much")]
#[case("log it long", "said too much")]
fn whoever_takes_too_much_is_stopped(#[case] what: &str, #[case] sort: &str) {
    static BOUNDLESS: LazyLock<Option<(Sandbox, Plugin)>> =
        LazyLock::new(|| trouble_within(Limits { fuel: u64::MAX / 2, ..limits() }));
    let Some((_, plugin)) = &*BOUNDLESS else { return };
    for answer in [asked(plugin, what).answer.map(drop), advised(plugin, what).answer.map(drop)] {
        let outcome = answer.expect_err("no answer");
        assert_eq!(outcome.sort(), sort, "{what}: {outcome}");
        assert!(outcome.to_string().len() <= 320, "{outcome}");
    }
}

#[test]
fn time_is_limited_where_fuel_is_not() {
    let limits = Limits { fuel: u64::MAX / 2, time: Duration::from_millis(50), ..limits() };
    let Some((_sandbox, plugin)) = trouble_within(limits) else { return };
    assert_eq!(asked(&plugin, "loop for ever").answer, Err(Outcome::OutOfTime));
    assert_eq!(advised(&plugin, "loop for ever").answer, Err(Outcome::OutOfTime));
}

#[test]
fn whoever_comes_when_all_places_are_taken_waits_for_one() {
    let limits = Limits { time: Duration::from_millis(200), ..limits() };
    let Some((_sandbox, plugin)) = trouble_within(limits) else { return };
    let asked = std::thread::scope(|scope| {
        let asking: Vec<_> = (0..40).map(|_| scope.spawn(|| asked(&plugin, "drip").answer)).collect();
        asking.into_iter().map(|it| it.join().expect("it answers")).collect::<Vec<_>>()
    });
    assert!(asked.iter().all(|it| *it == Err(Outcome::OutOfTime)), "{asked:?}");
}

/// Most of its time is the host's, which costs it no fuel.
#[test]
fn a_slow_drip_is_stopped_by_the_clock() {
    let Some((_sandbox, plugin)) = trouble_within(Limits { time: Duration::from_millis(300), ..limits() })
    else {
        return;
    };
    let (session, notice) = (asked(&plugin, "drip"), advised(&plugin, "drip"));
    assert_eq!(
        (session.answer.err(), notice.answer.err()),
        (Some(Outcome::OutOfTime), Some(Outcome::OutOfTime))
    );
    assert!(session.fuel.max(notice.fuel) < Limits::default().fuel, "{} {}", session.fuel, notice.fuel);
}

#[test]
fn a_journal_has_few_lines_and_short_ones() {
    let Some(plugin) = trouble() else { return };
    let said = asked(plugin, "log for ever");
    assert_eq!((said.answer, said.lines.len()), (Err(Outcome::OutOfFuel), Limits::default().lines));
    let said = advised(plugin, "write");
    assert_eq!(
        said.lines.iter().map(|it| (it.is_warning, it.text.as_str())).collect::<Vec<_>>(),
        [(true, "seen")]
    );
}
