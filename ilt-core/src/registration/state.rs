//! What a registration is, and the steps it can take.

use jiff::Timestamp;
use serde::{Deserialize, Serialize};

use crate::attendance::Attendance;
use crate::ids::{GroupId, PersonId, RegistrationId, SessionId};
use crate::journal::{Actor, Event};
use crate::registration::step;
use crate::session::Claim;

/// Why somebody comes before those who joined earlier.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct Priority {
    /// 1 to 9; whoever has more comes first.
    pub level: u8,
    /// What everybody who may see the place is told.
    pub reason: String,
}

impl Priority {
    /// The highest level there is.
    pub const HIGHEST: u8 = 9;
}

/// A place in the queue.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct Wait {
    /// When it was joined; the order of the queue.
    pub since: Timestamp,
    /// "Book me without asking."
    pub automatic: bool,
    /// When an offer was last declined or lapsed; the same seat is not offered twice.
    pub passed_at: Option<Timestamp>,
    /// Offers in a row that lapsed without an answer.
    pub lapses: u32,
    /// The word for why the last promotion passed over them, so that it is told once.
    pub skipped: Option<String>,
    /// Passed over, because offers lapsed one after the other, until the learner says that they still want a seat.
    pub paused: bool,
    /// When the learner was last told that a seat is there for whoever is first to accept.
    pub told_at: Option<Timestamp>,
    /// Why this place comes before those of people who joined earlier.
    pub priority: Option<Priority>,
    /// Whoever must approve has: a seat is confirmed as soon as there is one.
    pub approved: bool,
    /// The seat in another session that is given back for the one waited for.
    pub gives_back: Option<RegistrationId>,
    /// The people it waits together with, all or none.
    pub group: Option<GroupId>,
}

impl Wait {
    /// A place taken at `since`.
    pub const fn new(since: Timestamp, automatic: bool) -> Self {
        Self {
            since,
            automatic,
            passed_at: None,
            lapses: 0,
            skipped: None,
            paused: false,
            told_at: None,
            priority: None,
            approved: false,
            gives_back: None,
            group: None,
        }
    }

    /// Whose turn it is: the smallest first. Priority comes before the time of joining.
    pub fn turn(&self) -> (u8, Timestamp) {
        let level = self.priority.as_ref().map_or(0, |priority| priority.level);
        (Priority::HIGHEST.saturating_sub(level), self.since)
    }
}

/// Where a registration is.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "kebab-case", tag = "status")]
pub enum Status {
    /// The learner has a seat.
    Confirmed {
        /// Since when.
        at: Timestamp,
    },
    /// A seat is kept until somebody has approved.
    Held {
        /// Since when.
        at: Timestamp,
        /// When the request lapses.
        until: Timestamp,
        /// The seat in another session that is given back once it is approved.
        gives_back: Option<RegistrationId>,
    },
    /// The learner is in the queue.
    Waitlisted {
        /// The place.
        wait: Wait,
    },
    /// A seat is kept for the learner until an instant.
    Offered {
        /// The place it came from, and goes back to.
        wait: Wait,
        /// When the offer expires.
        until: Timestamp,
        /// When the learner is to be warned that it expires; nothing once they were.
        warn_at: Option<Timestamp>,
    },
    /// Whoever had to approve said no.
    Declined {
        /// When.
        at: Timestamp,
    },
    /// Nobody approved in time.
    RequestLapsed {
        /// When.
        at: Timestamp,
    },
    /// Waited until it was too late to be offered anything.
    NotPlaced {
        /// When.
        at: Timestamp,
    },
    /// Given back in time.
    Cancelled {
        /// When.
        at: Timestamp,
    },
    /// Given back so late that it counts, with a reason.
    LateCancelled {
        /// When.
        at: Timestamp,
    },
    /// The learner has a seat in another session instead.
    Transferred {
        /// Since when.
        at: Timestamp,
        /// The registration there.
        to: RegistrationId,
    },
    /// Somebody else has the seat.
    Substituted {
        /// Since when.
        at: Timestamp,
        /// The registration of whoever comes instead.
        to: RegistrationId,
    },
    /// The session was cancelled; nobody is counted late.
    SessionCancelled {
        /// When.
        at: Timestamp,
    },
}

impl Status {
    /// Every word, in the order of a registration's life.
    pub const WORDS: [&'static str; 12] = [
        "confirmed",
        "held",
        "waitlisted",
        "offered",
        "declined",
        "request-lapsed",
        "not-placed",
        "cancelled",
        "late-cancelled",
        "transferred",
        "substituted",
        "session-cancelled",
    ];

    /// The word used in the API and in the database.
    pub const fn word(&self) -> &'static str {
        match self {
            Self::Confirmed { .. } => "confirmed",
            Self::Held { .. } => "held",
            Self::Waitlisted { .. } => "waitlisted",
            Self::Offered { .. } => "offered",
            Self::Declined { .. } => "declined",
            Self::RequestLapsed { .. } => "request-lapsed",
            Self::NotPlaced { .. } => "not-placed",
            Self::Cancelled { .. } => "cancelled",
            Self::LateCancelled { .. } => "late-cancelled",
            Self::Transferred { .. } => "transferred",
            Self::Substituted { .. } => "substituted",
            Self::SessionCancelled { .. } => "session-cancelled",
        }
    }

    /// What it claims of the session; `None` once it is over.
    pub const fn claim(&self) -> Option<Claim> {
        match self {
            Self::Confirmed { .. } => Some(Claim::Confirmed),
            Self::Held { .. } => Some(Claim::Held),
            Self::Waitlisted { .. } => Some(Claim::Waitlisted),
            Self::Offered { .. } => Some(Claim::Offered),
            Self::Declined { .. }
            | Self::RequestLapsed { .. }
            | Self::NotPlaced { .. }
            | Self::Cancelled { .. }
            | Self::LateCancelled { .. }
            | Self::Transferred { .. }
            | Self::Substituted { .. }
            | Self::SessionCancelled { .. } => None,
        }
    }

    /// Whether it claims a seat or a place in the queue.
    pub const fn is_live(&self) -> bool {
        self.claim().is_some()
    }

    /// The registration that followed when the seat was handed on.
    pub const fn successor(&self) -> Option<RegistrationId> {
        match self {
            Self::Transferred { to, .. } | Self::Substituted { to, .. } => Some(*to),
            _ => None,
        }
    }

    /// Whether it is a place in the queue.
    pub const fn waits(&self) -> bool {
        matches!(self, Self::Waitlisted { .. })
    }

    /// Whether it keeps the learner from being elsewhere: a seat, one that waits for an approval, or an offer of one.
    pub const fn takes_a_seat(&self) -> bool {
        matches!(self, Self::Confirmed { .. } | Self::Held { .. } | Self::Offered { .. })
    }

    /// The people it waits together with, all or none.
    pub const fn group(&self) -> Option<GroupId> {
        match self {
            Self::Waitlisted { wait } | Self::Offered { wait, .. } => wait.group,
            _ => None,
        }
    }

    /// Why it comes before those who joined earlier.
    pub const fn priority(&self) -> Option<&Priority> {
        match self {
            Self::Waitlisted { wait } | Self::Offered { wait, .. } => wait.priority.as_ref(),
            _ => None,
        }
    }

    /// Whether whoever must approve has, before there was a seat.
    pub const fn is_approved(&self) -> bool {
        matches!(self, Self::Waitlisted { wait } | Self::Offered { wait, .. } if wait.approved)
    }

    /// The seat in another session that is to be given back for this one.
    pub const fn gives_back(&self) -> Option<RegistrationId> {
        match self {
            Self::Held { gives_back, .. } => *gives_back,
            Self::Waitlisted { wait } | Self::Offered { wait, .. } => wait.gives_back,
            _ => None,
        }
    }
}

/// One learner's claim on one session.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct Registration {
    /// Its id.
    pub id: RegistrationId,
    /// On which session.
    pub session: SessionId,
    /// Whose.
    pub learner: PersonId,
    /// Who asked for it.
    pub by: Actor,
    /// When it was asked for.
    pub created_at: Timestamp,
    /// Where it is.
    #[serde(flatten)]
    pub status: Status,
    /// Who was there, as far as it is known.
    #[serde(default, skip_serializing_if = "Attendance::is_empty")]
    pub attendance: Attendance,
    /// Raised by one with every step, as calendars want it (RFC 5545 `SEQUENCE`).
    pub sequence: u32,
}

/// A step that a registration cannot take from where it is.
#[derive(Debug, Clone, PartialEq, Eq, thiserror::Error)]
#[error("`{asked}` cannot follow `{was}`")]
pub struct WrongState {
    /// The event that was to happen.
    pub asked: &'static str,
    /// Where the registration is.
    pub was: &'static str,
}

impl Registration {
    /// Takes the step that `event` says.
    ///
    /// # Errors
    /// [`WrongState`] when it cannot be taken from here; nothing has changed then.
    pub fn step(&mut self, event: &Event, at: Timestamp) -> Result<(), WrongState> {
        let wrong = || WrongState { asked: event.word(), was: self.status.word() };
        match (event, &self.status) {
            // Calendars need not know who was there.
            (Event::AttendanceMarked { part, mark }, Status::Confirmed { .. }) => {
                self.attendance.marks.insert(*part, *mark);
                return Ok(());
            }
            (Event::AttendanceSettled { outcome, .. }, Status::Confirmed { .. }) => {
                self.attendance.settled = Some(*outcome);
                return Ok(());
            }
            _ => {}
        }
        if let Event::SessionMoved { unmarked, .. } = event {
            for part in unmarked {
                self.attendance.marks.remove(part);
            }
        }
        self.status = step::next(&self.status, event, at).ok_or_else(wrong)?;
        self.sequence += 1;
        Ok(())
    }
}
