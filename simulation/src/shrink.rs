//! The smallest history that breaks the same promise.

use crate::check::{Broken, Promises};
use crate::play::{Outcome, Town, play};
use crate::script::{Script, Turn};

/// Histories played at most on the way.
const MOST: u32 = 6_000;
/// Schedules tried for each smaller script: with something left out, steps meet in other ways.
const SCHEDULES: u64 = 12;

/// Leaves out of a script whatever is not needed for breaking that promise; answers it with what is broken then.
pub fn shrink(town: &Town, script: &Script, broken: &Broken) -> (Script, Outcome) {
    let promises = Promises::NONE.and(broken.promise);
    let mut left = MOST;
    let mut best = script.clone();
    let breaks = |smaller: &Script, left: &mut u32| {
        for more in 0..SCHEDULES {
            if *left == 0 {
                return None;
            }
            *left -= 1;
            let tried = Script { schedule: smaller.schedule.wrapping_add(more), ..smaller.clone() };
            if play(town, &tried, promises, false).broken.is_some() {
                return Some(tried);
            }
        }
        None
    };
    let mut size = best.turns.len().div_ceil(2);
    while size > 0 && left > 0 {
        let (mut at, before) = (0, best.turns.len());
        while at < best.turns.len() {
            let mut turns: Vec<Turn> = best.turns.clone();
            turns.drain(at..(at + size).min(turns.len()));
            let smaller = Script { turns, ..best.clone() };
            match breaks(&smaller, &mut left) {
                Some(found) => best = found,
                None => at += size,
            }
        }
        if size > 1 {
            size = size.div_ceil(2);
        } else if best.turns.len() == before {
            break;
        }
    }
    for calmer in [Script { loses: 0, ..best.clone() }, Script { loses: 0, desks: 1, ..best.clone() }] {
        if let Some(found) = breaks(&calmer, &mut left) {
            best = found;
        }
    }
    let outcome = play(town, &best, promises, true);
    (best, outcome)
}
