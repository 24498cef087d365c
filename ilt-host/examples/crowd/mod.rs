//! Many clients that do one thing after the other, as fast as they are answered or so many a second, and how long it took them.

use std::collections::BTreeMap;
use std::sync::atomic::{AtomicUsize, Ordering};
use std::time::{Duration, Instant};

use anyhow::Context as _;

/// What was said on the command line, as `--name value`.
pub struct Options(Vec<String>);

impl Options {
    pub fn read() -> Self {
        Self(std::env::args().skip(1).collect())
    }

    pub fn text(&self, name: &str) -> anyhow::Result<&str> {
        let at = self.0.iter().position(|option| option == name);
        let said = at.and_then(|at| self.0.get(at + 1));
        said.map(String::as_str).with_context(|| format!("{name} is missing"))
    }

    pub fn number(&self, name: &str) -> anyhow::Result<usize> {
        Ok(self.text(name)?.parse()?)
    }

    /// Turns for so many things, at the pace of `--rate` when that is said.
    pub fn turns(&self, count: usize) -> anyhow::Result<Turns> {
        let pause = self.text("--rate").ok();
        let pause = pause.map(|rate| rate.parse().map(|rate: f64| Duration::from_secs_f64(1.0 / rate)));
        Ok(Turns { count, next: AtomicUsize::new(0), pause: pause.transpose()? })
    }
}

/// Whose turn it is.
pub struct Turns {
    count: usize,
    next: AtomicUsize,
    /// Between two of them, when they come at a pace of their own.
    pause: Option<Duration>,
}

impl Turns {
    /// The number of the next, while there is one.
    pub fn next(&self) -> Option<usize> {
        let number = self.next.fetch_add(1, Ordering::Relaxed);
        (number < self.count).then_some(number)
    }

    /// Waits until it is this one's turn, and answers since when it waits: whoever comes late because of a connection waits already, whom
    /// a timer of ours has woken late does not.
    pub async fn due(&self, begun: Instant, number: usize) -> anyhow::Result<Instant> {
        let Some(pause) = self.pause else { return Ok(now()) };
        let due = begun + pause * u32::try_from(number)?;
        if now() >= due {
            return Ok(due);
        }
        tokio::time::sleep_until(due.into()).await;
        Ok(now())
    }
}

/// Answers, by how long they took and by their status.
#[derive(Default)]
pub struct Heard {
    times: Vec<Duration>,
    pub answers: BTreeMap<u16, usize>,
}

impl Heard {
    pub fn add(&mut self, answers: Vec<(u16, Duration)>) {
        for (status, took) in answers {
            *self.answers.entry(status).or_default() += 1;
            self.times.push(took);
        }
    }

    pub fn sort(&mut self) {
        self.times.sort_unstable();
    }

    /// How long so many of a thousand took at most, in milliseconds; of what is sorted.
    pub fn at(&self, permille: usize) -> f64 {
        let times = &self.times;
        times[(times.len() * permille / 1_000).min(times.len() - 1)].as_secs_f64() * 1e3
    }

    /// How many came in a second of this time.
    #[expect(clippy::cast_precision_loss, reason = "a count of requests")]
    pub fn rate(&self, took: Duration) -> f64 {
        self.times.len() as f64 / took.as_secs_f64()
    }
}

#[expect(clippy::disallowed_methods, reason = "this is the stopwatch")]
pub fn now() -> Instant {
    Instant::now()
}
