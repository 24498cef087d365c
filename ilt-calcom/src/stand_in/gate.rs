//! Who asks, and how often: keys, and 120 requests a minute for each (recorded: 004, 135, 136).

use jiff::{SignedDuration, Timestamp};

use super::asked::Asker;
use super::refusal::Refusal;
use super::world::World;

/// How long a window is, and how long a key is shut out that asked once more.
const MINUTE: SignedDuration = SignedDuration::from_secs(60);

/// One key's window.
#[derive(Debug, Clone, Copy)]
pub struct Window {
    ends_at: Timestamp,
    count: u32,
    is_shut: bool,
}

/// What the headers say.
#[derive(Debug, Clone, Copy)]
pub struct Left {
    pub limit: u32,
    pub remaining: u32,
    /// Seconds, rounded up.
    pub reset: i64,
}

impl World {
    /// Whose key it is. One that is not known is not counted either.
    pub fn asker(&self, key: Option<&str>) -> Result<Asker, Refusal> {
        let Some(key) = key else { return Ok(Asker::Anonymous) };
        let host = self.hosts.iter().find(|host| host.keys.iter().any(|it| it == key));
        let unknown = || Refusal::unauthorised("CustomThrottlerGuard - Invalid API Key");
        host.map(|host| Asker::User(host.id)).ok_or_else(unknown)
    }

    /// Counts a request.
    pub fn count(&mut self, key: Option<&str>) -> (Left, Result<(), Refusal>) {
        let (now, limit) = (self.now(), self.requests);
        let fresh = Window { ends_at: now + MINUTE, count: 0, is_shut: false };
        let window = self.windows.entry(key.unwrap_or("anonymous").to_owned()).or_insert(fresh);
        if now >= window.ends_at {
            *window = fresh;
        }
        window.count += 1;
        if window.count > limit && !window.is_shut {
            *window = Window { is_shut: true, ..fresh };
        }
        let reset = (window.ends_at.duration_since(now).as_millis() + 999) / 1_000;
        let reset = i64::try_from(reset).unwrap_or(i64::MAX);
        let remaining = if window.is_shut { 0 } else { limit.saturating_sub(window.count) };
        let answer = if window.is_shut { Err(Refusal::throttled()) } else { Ok(()) };
        (Left { limit, remaining, reset }, answer)
    }

    /// Takes the last one back.
    pub fn uncount(&mut self, key: Option<&str>) {
        if let Some(window) = self.windows.get_mut(key.unwrap_or("anonymous")) {
            window.count = window.count.saturating_sub(1);
        }
    }
}
