//! Many histories, on several threads, until one is broken.

use std::collections::BTreeMap;
use std::sync::Mutex;
use std::sync::atomic::{AtomicBool, AtomicU64, Ordering};

use crate::check::{Broken, Promise, Promises};
use crate::kind::Kind;
use crate::play::{Outcome, Town, play};
use crate::script::Script;

/// What is to be played.
#[derive(Debug, Clone, Copy)]
pub struct Plan {
    /// The first seed.
    pub seed: u64,
    /// Histories at most.
    pub histories: u64,
    /// Threads.
    pub jobs: u64,
    /// What is looked after.
    pub promises: Promises,
    /// Whether to go on when a history was broken, to count how many are.
    pub counts: bool,
}

/// What was played.
#[derive(Debug, Default)]
pub struct Played {
    /// Histories.
    pub histories: u64,
    /// Transactions that changed something.
    pub commits: u64,
    /// Steps.
    pub steps: u64,
    /// How often each kind was asked, and how often the answer was yes.
    pub asked: BTreeMap<Kind, (u64, u64)>,
    /// How many histories broke each promise first.
    pub breaks: BTreeMap<Promise, u64>,
    /// The broken history with the smallest seed that was found.
    pub broken: Option<(Script, Broken)>,
}

impl Played {
    fn add(&mut self, outcome: &Outcome) {
        self.histories += 1;
        self.commits += outcome.commits;
        self.steps += outcome.steps;
        for (kind, (asked, yes)) in &outcome.asked {
            let sum = self.asked.entry(*kind).or_default();
            *sum = (sum.0 + u64::from(*asked), sum.1 + u64::from(*yes));
        }
    }

    fn join(&mut self, other: Self) {
        self.histories += other.histories;
        self.commits += other.commits;
        self.steps += other.steps;
        for (kind, (asked, yes)) in other.asked {
            let sum = self.asked.entry(kind).or_default();
            *sum = (sum.0 + asked, sum.1 + yes);
        }
        for (promise, count) in other.breaks {
            *self.breaks.entry(promise).or_default() += count;
        }
        let is_first = match (&self.broken, &other.broken) {
            (Some((mine, _)), Some((theirs, _))) => theirs.seed < mine.seed,
            (mine, _) => mine.is_none(),
        };
        if is_first {
            self.broken = other.broken;
        }
    }
}

/// Plays histories; `done` counts them as they come. Each thread begins with `begin`, which plants what it plants.
///
/// # Errors
/// When the town cannot be founded.
pub fn run(plan: Plan, done: &AtomicU64, begin: &(dyn Fn() + Sync)) -> anyhow::Result<Played> {
    let (next, is_over) = (AtomicU64::new(0), AtomicBool::new(false));
    let all = Mutex::new(Ok(Played::default()));
    std::thread::scope(|scope| {
        for _ in 0..plan.jobs.max(1) {
            scope.spawn(|| {
                begin();
                let played = one_thread(plan, &next, &is_over, done);
                let mut all = all.lock().unwrap_or_else(std::sync::PoisonError::into_inner);
                match (&mut *all, played) {
                    (Ok(sum), Ok(played)) => sum.join(played),
                    (all, Err(error)) => *all = Err(error),
                    (Err(_), Ok(_)) => {}
                }
            });
        }
    });
    all.into_inner().unwrap_or_else(std::sync::PoisonError::into_inner)
}

fn one_thread(
    plan: Plan,
    next: &AtomicU64,
    is_over: &AtomicBool,
    done: &AtomicU64,
) -> anyhow::Result<Played> {
    let (town, mut played) = (Town::found()?, Played::default());
    while !is_over.load(Ordering::Relaxed) {
        let number = next.fetch_add(1, Ordering::Relaxed);
        if number >= plan.histories {
            break;
        }
        let script = Script::of(plan.seed.wrapping_add(number));
        let outcome = play(&town, &script, plan.promises, false);
        done.fetch_add(1, Ordering::Relaxed);
        played.add(&outcome);
        if let Some(broken) = outcome.broken {
            *played.breaks.entry(broken.promise).or_default() += 1;
            is_over.fetch_or(!plan.counts, Ordering::Relaxed);
            if played.broken.is_none() {
                played.broken = Some((script, broken));
            }
        }
    }
    Ok(played)
}
