//! What goes wrong, when a test says so.

/// What becomes of requests.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Mishap {
    /// It is not looked at, and 500 is the answer.
    Fails,
    /// It is not looked at, and no answer comes.
    Hangs,
    /// It is done, and the connection breaks before the answer.
    AnswerLost,
    /// It is done, and no answer comes.
    AnswerHangs,
    /// It is not looked at, and the connection breaks.
    Dead,
}

/// What is to go wrong, and how often.
#[derive(Debug, Clone, Default)]
pub struct Mishaps {
    /// The next requests, in their order; those that follow go well again. `None` is one that goes well.
    pub next: Vec<Option<Mishap>>,
    /// All requests after those.
    pub always: Option<Mishap>,
    /// How many requests it lives; it is dead afterwards.
    pub lives: Option<u32>,
    /// How many of the next first bookings of a time lose the race for it.
    pub cold: u32,
    /// How many of the next webhooks are lost.
    pub lost_webhooks: u32,
    /// How many of the next webhooks come twice.
    pub doubled_webhooks: u32,
}

impl Mishaps {
    /// What becomes of the next request.
    pub(super) fn take(&mut self) -> Option<Mishap> {
        if let Some(lives) = &mut self.lives {
            if *lives == 0 {
                return Some(Mishap::Dead);
            }
            *lives -= 1;
        }
        if self.next.is_empty() { self.always } else { self.next.remove(0) }
    }

    /// How often the next webhook comes.
    pub(super) fn copies(&mut self) -> u32 {
        if self.lost_webhooks > 0 {
            self.lost_webhooks -= 1;
            return 0;
        }
        if self.doubled_webhooks > 0 {
            self.doubled_webhooks -= 1;
            return 2;
        }
        1
    }
}
