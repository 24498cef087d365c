//! How far calendars show what they are to: of a session, and of one learner's seat in it.

use jiff::Timestamp;

use super::kept::{Kept, SeatAt};
use super::settled::{Difference, Why};
use crate::ids::RegistrationId;
use crate::registration::{Registration, Status};
use crate::session::Session;

/// What is known of how a session is shown.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct Showing {
    /// Where it is, and who has which seat there.
    pub kept: Kept,
    /// Since when it has waited to be looked after; nothing when it does not.
    pub waits_since: Option<Timestamp>,
    /// When it was looked after last.
    pub looked_at: Option<Timestamp>,
    /// What differed then, and is somebody's to decide.
    pub differs: Vec<Difference>,
}

/// Whether a calendar shows something.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord)]
pub enum Shown {
    /// No calendar shows it, and none is going to.
    None,
    /// It is about to be shown, or about to be shown no more.
    Pending,
    /// It is shown as it is here.
    Kept,
}

impl Shown {
    /// Every word there is, in order.
    pub const WORDS: [&'static str; 3] = ["none", "pending", "kept"];

    /// The word for it.
    pub const fn word(self) -> &'static str {
        match self {
            Self::None => "none",
            Self::Pending => "pending",
            Self::Kept => "kept",
        }
    }
}

impl Showing {
    /// How far the session as a whole is shown. One that is over and was never shown is not going to be.
    pub fn session(&self, session: &Session, now: Timestamp) -> Shown {
        if self.waits_since.is_some() {
            return Shown::Pending;
        }
        let is_nowhere = self.kept.places.values().all(|it| it.event_type.is_none());
        match (is_nowhere, self.looked_at) {
            (false, _) => Shown::Kept,
            (true, None) if session.is_live(now) => Shown::Pending,
            (true, _) => Shown::None,
        }
    }

    /// How far one learner's seat is shown: kept when it is on every day.
    pub fn seat(&self, of: &Registration, session: &Session, now: Timestamp) -> Shown {
        let seats = self.seats(of.id).count();
        let Status::Confirmed { .. } = of.status else {
            return if seats > 0 { Shown::Pending } else { Shown::None };
        };
        if seats == session.parts.len() {
            return Shown::Kept;
        }
        let is_nowhere = self.session(session, now) == Shown::None;
        if is_nowhere || self.waits_since.is_none() && (self.is_left_out(of.id) || session.ends_at() <= now) {
            return Shown::None;
        }
        Shown::Pending
    }

    /// The seats of a registration, by part, the first being 0.
    pub fn seats(&self, of: RegistrationId) -> impl Iterator<Item = (u16, &SeatAt)> {
        let own = self.kept.seats.iter().filter(move |((registration, _), _)| *registration == of);
        own.map(|((_, part), seat)| (*part, seat))
    }

    /// Whether it is known that this one is not shown: by itself, or because nothing of the session is.
    fn is_left_out(&self, registration: RegistrationId) -> bool {
        self.differs.iter().any(|it| match it.registration {
            Some(of) => of == registration,
            None => match it.why {
                Why::NotLinked | Why::CannotBeSaid(_) | Why::Refused(_) => true,
                Why::Unlinked | Why::NoAddress | Why::TooLate | Why::Strangers(_) => false,
            },
        })
    }
}
