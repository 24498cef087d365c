//! One key's turn: so many requests in a window, as Cal.com counts them.
//!
//! Cal.com counts 120 requests in 60 seconds for each key, says on every answer how many are left and in how many seconds the
//! window ends (seconds left, no instant), and shuts a key out for 60 seconds that asked once more (recorded: 135, 136). So what
//! it says is believed, less what is still on its way.

use std::sync::{Arc, Mutex, PoisonError};
use std::time::Duration;

use ilt_core::ports::Clock;
use jiff::{SignedDuration, Timestamp};
use reqwest::header::HeaderMap;

use super::error::{Error, Kind};
use super::limits::Limits;

/// Added to what Cal.com says: its seconds are whole ones.
const MARGIN: SignedDuration = SignedDuration::from_millis(250);
/// Two windows that end this close to each other are one.
const SAME_WINDOW: SignedDuration = SignedDuration::from_secs(2);
/// The longest that is believed: a slip of theirs stops nobody for a day.
const LONGEST: u64 = 3_600;

/// What an answer says of the limit.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Seen {
    pub limit: u32,
    pub left: u32,
    /// Until the window ends.
    pub reset: Duration,
}

impl Seen {
    /// What the headers say, when they say all of it.
    pub fn of(headers: &HeaderMap) -> Option<Self> {
        let number = |name| headers.get(name)?.to_str().ok()?.trim().parse::<u64>().ok();
        let reset = Duration::from_secs(number("x-ratelimit-reset-default")?.min(LONGEST));
        let count = |name| number(name).map(|it| u32::try_from(it).unwrap_or(u32::MAX));
        let limit = count("x-ratelimit-limit-default")?;
        Some(Self { limit, left: count("x-ratelimit-remaining-default")?, reset })
    }
}

/// The window that is running.
#[derive(Debug)]
struct Window {
    limit: u32,
    length: SignedDuration,
    left: u32,
    /// Requests on their way, of which Cal.com may not know yet.
    under_way: u32,
    ends_at: Option<Timestamp>,
}

impl Window {
    /// Takes one of what is left, or says until when nothing is.
    fn take(&mut self, now: Timestamp) -> Result<(), Timestamp> {
        let ends_at = match self.ends_at {
            Some(ends_at) if now < ends_at => ends_at,
            _ => {
                self.left = self.limit.saturating_sub(self.under_way);
                now.saturating_add(self.length).unwrap_or(Timestamp::MAX)
            }
        };
        self.ends_at = Some(ends_at);
        if self.left == 0 {
            return Err(ends_at);
        }
        self.left -= 1;
        self.under_way += 1;
        Ok(())
    }

    fn learn(&mut self, now: Timestamp, seen: Seen) {
        let reset = SignedDuration::try_from(seen.reset).unwrap_or(SignedDuration::MAX);
        let ends_at =
            now.saturating_add(reset).and_then(|it| it.saturating_add(MARGIN)).unwrap_or(Timestamp::MAX);
        let left = seen.left.saturating_sub(self.under_way);
        let is_same = self.ends_at.is_some_and(|known| known.duration_since(ends_at).abs() <= SAME_WINDOW);
        // Answers overtake each other: within one window the lowest number is the newest, once it is known of how many.
        self.left = if is_same && self.limit == seen.limit { left.min(self.left) } else { left };
        self.limit = seen.limit.max(1);
        self.ends_at = Some(ends_at);
    }
}

/// Whose turn it is, for one key.
pub struct Limiter {
    clock: Arc<dyn Clock>,
    window: Mutex<Window>,
}

/// One request's turn; it is over when this is dropped.
pub struct Turn<'a>(&'a Limiter);

impl Limiter {
    pub fn new(clock: Arc<dyn Clock>, limits: &Limits) -> Self {
        let length = SignedDuration::try_from(limits.window).unwrap_or(SignedDuration::from_secs(60));
        let (limit, ends_at) = (limits.requests.max(1), None);
        Self { clock, window: Mutex::new(Window { limit, length, left: limit, under_way: 0, ends_at }) }
    }

    /// Waits for a turn, for no longer than that.
    ///
    /// # Errors
    /// [`Kind::Throttled`] with the time that is left, at once, when it would take longer.
    pub async fn turn(&self, what: &'static str, patience: Duration) -> Result<Turn<'_>, Error> {
        let mut waited = Duration::ZERO;
        loop {
            let now = self.clock.now();
            let until = match self.locked().take(now) {
                Ok(()) => return Ok(Turn(self)),
                Err(until) => until,
            };
            let wait = Duration::try_from(until.duration_since(now))
                .unwrap_or_default()
                .max(Duration::from_millis(1));
            if waited.saturating_add(wait) > patience {
                return Err(Error::unsent(what, Kind::Throttled { reset: wait }));
            }
            tokio::time::sleep(wait).await;
            waited += wait;
        }
    }

    /// Notes that Cal.com has shut the key out for so long.
    pub fn shut_out(&self, reset: Duration) {
        let now = self.clock.now();
        let mut window = self.locked();
        let limit = window.limit;
        window.learn(now, Seen { limit, left: 0, reset: reset.min(Duration::from_secs(LONGEST)) });
    }

    /// How many requests are left in the window that is running, when one is.
    pub fn left(&self) -> Option<u32> {
        let now = self.clock.now();
        let window = self.locked();
        window.ends_at.is_some_and(|ends_at| now < ends_at).then_some(window.left)
    }

    fn locked(&self) -> std::sync::MutexGuard<'_, Window> {
        // Whoever panics in here leaves numbers that are still numbers.
        self.window.lock().unwrap_or_else(PoisonError::into_inner)
    }
}

impl Turn<'_> {
    /// Ends it with what the answer says: it is counted there, and under way no more.
    pub fn learn(self, seen: Seen) {
        let limiter = self.0;
        drop(self);
        let now = limiter.clock.now();
        limiter.locked().learn(now, seen);
    }
}

impl Drop for Turn<'_> {
    fn drop(&mut self) {
        let mut window = self.0.locked();
        window.under_way = window.under_way.saturating_sub(1);
    }
}

#[cfg(test)]
#[path = "limiter_rules.rs"]
mod rules;
