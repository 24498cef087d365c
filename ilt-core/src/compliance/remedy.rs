//! What is done about a gap.

use crate::attendance::Outcome;
use crate::registration::{Registration, Status};

/// What was done about a gap.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Remedy {
    /// Nothing yet.
    None,
    /// A seat is confirmed that will close it.
    Booked,
    /// Somebody let the learner off.
    Waived,
}

impl Remedy {
    /// What the learner's registrations for sessions that would close a gap do about it. It is asked anew whenever one of them
    /// changes: a seat that is given back leaves the gap as open as it was.
    pub fn by<'a>(registrations: impl IntoIterator<Item = &'a Registration>) -> Self {
        if registrations.into_iter().any(will_close) { Self::Booked } else { Self::None }
    }
}

/// Whether the learner can still come back from it with the course. A place in the queue, an offer or a request is no seat
/// yet, and one that was not attended for long enough leads to nothing any more.
fn will_close(registration: &Registration) -> bool {
    match registration.status {
        Status::Confirmed { .. } => match registration.attendance.settled {
            None | Some(Outcome::Attended) => true,
            Some(Outcome::Partial | Outcome::NoShow | Outcome::Excused) => false,
        },
        Status::Held { .. }
        | Status::Waitlisted { .. }
        | Status::Offered { .. }
        | Status::Declined { .. }
        | Status::RequestLapsed { .. }
        | Status::NotPlaced { .. }
        | Status::Cancelled { .. }
        | Status::LateCancelled { .. }
        | Status::Transferred { .. }
        | Status::Substituted { .. }
        | Status::SessionCancelled { .. } => false,
    }
}
