//! Histories are the same whenever they are played, and everything that can be asked is part of some.

use std::collections::BTreeMap;

use ilt_simulation::check::Promises;
use ilt_simulation::kind::Kind;
use ilt_simulation::play::{Town, play};
use ilt_simulation::script::Script;

/// Histories in which every kind must have been asked, and have been answered yes.
const ENOUGH: u64 = 3_000;

#[test]
fn the_same_seed_tells_the_same_history() {
    let town = Town::found().expect("the town is founded");
    for seed in 0..20 {
        let script = Script::of(seed);
        let [one, other] = [0, 1].map(|_| play(&town, &script, Promises::NONE, true));
        assert_eq!(one.told, other.told, "seed {seed}");
        assert_eq!(one.steps, other.steps, "seed {seed}");
    }
}

#[test]
fn everything_that_can_be_asked_is_asked_and_answered_yes() {
    let town = Town::found().expect("the town is founded");
    let mut yes: BTreeMap<Kind, u32> = BTreeMap::new();
    let kinds = Kind::ALL.iter().map(|(kind, _)| *kind);
    for seed in 0..ENOUGH {
        for (kind, (_, answered)) in play(&town, &Script::of(seed), Promises::NONE, false).asked {
            *yes.entry(kind).or_default() += answered;
        }
        if kinds.clone().all(|kind| yes.get(&kind).is_some_and(|yes| *yes > 0)) {
            return;
        }
    }
    let never: Vec<_> = kinds.filter(|kind| yes.get(kind).is_none_or(|yes| *yes == 0)).collect();
    panic!("in {ENOUGH} histories the answer was never yes to {never:?}");
}
