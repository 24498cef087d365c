//! How long, how much and how often.

use std::time::Duration;

/// Every limit of a client.
#[derive(Debug, Clone)]
pub struct Limits {
    /// How long it may take until somebody answers at the address.
    pub connect: Duration,
    /// How long one request may take as a whole. A Cal.com delivers its webhooks inside the request and waits for whoever takes
    /// them (recorded: 116), so this is longer than what a booking takes.
    pub patience: Duration,
    /// Bytes of an answer that are read; a longer one is an error.
    pub answer: usize,
    /// How long a call waits for its turn. One that would have to wait longer fails at once and says how long.
    pub turn: Duration,
    /// How often a request is sent at most, where sending it again is safe.
    pub tries: u32,
    /// The pause before the second try; twice as long before each further one, and up to a half of it less, by chance.
    pub pause: Duration,
    /// Bookings of one page; Cal.com allows 250 (recorded: 126).
    pub page: u32,
    /// Pages of one list; a longer list is an error.
    pub pages: u32,
    /// Requests of one key in a window, until Cal.com says otherwise.
    pub requests: u32,
    /// How long that window is.
    pub window: Duration,
}

impl Default for Limits {
    fn default() -> Self {
        Self {
            connect: Duration::from_secs(5),
            patience: Duration::from_secs(30),
            answer: 4 << 20,
            turn: Duration::from_secs(10),
            tries: 4,
            pause: Duration::from_millis(200),
            page: 100,
            pages: 100,
            requests: 120,
            window: Duration::from_mins(1),
        }
    }
}
