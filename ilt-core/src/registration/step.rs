//! Where a registration goes from where it is: every step there is.

use jiff::Timestamp;

use crate::fault::Fault;
use crate::journal::Event;
use crate::registration::{Status, Wait};

/// Where `event` leads from `status`; nothing when it cannot follow.
pub(super) fn next(status: &Status, event: &Event, at: Timestamp) -> Option<Status> {
    match (event, status) {
        // Once more, when the session was moved and the offer ends sooner.
        (Event::OfferMade { until, warn_at }, Status::Waitlisted { wait } | Status::Offered { wait, .. }) => {
            Some(Status::Offered {
                wait: Wait { skipped: None, ..wait.clone() },
                until: *until,
                warn_at: Some(*warn_at),
            })
        }
        (Event::OfferWarned, Status::Offered { wait, until, warn_at: Some(_) }) => {
            Some(Status::Offered { wait: wait.clone(), until: *until, warn_at: None })
        }
        (
            Event::OfferTaken,
            Status::Offered { .. } | Status::Waitlisted { wait: Wait { told_at: Some(_), .. } },
        )
        | (
            Event::Promoted | Event::AdmittedBeyond | Event::WalkedIn { .. } | Event::TookOver { .. },
            Status::Waitlisted { .. },
        )
        | (Event::WalkedIn { .. }, Status::Held { .. } | Status::Offered { .. }) => {
            Some(Status::Confirmed { at })
        }
        (
            Event::Requested { until, gives_back },
            Status::Waitlisted { wait } | Status::Offered { wait, .. },
        ) => {
            let gives_back = gives_back.or(wait.gives_back);
            Some(Status::Held { at, until: *until, gives_back })
        }
        // Once more, when the session was moved and whoever must approve has less time.
        (Event::Requested { until, .. }, Status::Held { at, gives_back, .. }) => {
            Some(Status::Held { at: *at, until: *until, gives_back: *gives_back })
        }
        (Event::RequestPassedOn, held @ Status::Held { .. }) => Some(held.clone()),
        (Event::Approved, Status::Held { .. }) => Some(Status::Confirmed { at }),
        (Event::ApprovedBeforehand, Status::Offered { wait, until, warn_at }) => Some(Status::Offered {
            wait: Wait { approved: true, ..wait.clone() },
            until: *until,
            warn_at: *warn_at,
        }),
        (Event::Declined, Status::Held { .. } | Status::Waitlisted { .. } | Status::Offered { .. }) => {
            Some(Status::Declined { at })
        }
        (Event::RequestLapsed, Status::Held { .. }) => Some(Status::RequestLapsed { at }),
        (Event::OfferDeclined, Status::Offered { wait, .. }) => {
            Some(Status::Waitlisted { wait: Wait { passed_at: Some(at), lapses: 0, ..wait.clone() } })
        }
        (Event::OfferLapsed, Status::Offered { wait, .. }) => {
            let lapses = wait.lapses + 1;
            Some(Status::Waitlisted { wait: Wait { passed_at: Some(at), lapses, ..wait.clone() } })
        }
        (Event::WaitEnded, Status::Waitlisted { .. }) => Some(Status::NotPlaced { at }),
        (Event::Cancelled { late: true }, Status::Confirmed { .. }) => Some(Status::LateCancelled { at }),
        (Event::Cancelled { late: false }, live) if live.is_live() => Some(Status::Cancelled { at }),
        (Event::Transferred { to, .. }, Status::Confirmed { .. }) => {
            Some(Status::Transferred { at, to: *to })
        }
        (Event::Displaced { to: Some(to) }, live) if live.takes_a_seat() => {
            Some(Status::Transferred { at, to: *to })
        }
        (Event::Displaced { to: None }, live) if live.takes_a_seat() => Some(Status::Cancelled { at }),
        (Event::Substituted { to }, Status::Confirmed { .. }) => Some(Status::Substituted { at, to: *to }),
        (Event::EndedWithSession, live) if live.is_live() => Some(Status::SessionCancelled { at }),
        (Event::SessionMoved { .. } | Event::ClashArose { .. }, live) if live.is_live() => Some(live.clone()),
        (event, Status::Waitlisted { wait }) => {
            still_waiting(wait, event, at).map(|wait| Status::Waitlisted { wait })
        }
        _ => None,
    }
}

/// What happens to a place in the queue without ending it.
fn still_waiting(wait: &Wait, event: &Event, at: Timestamp) -> Option<Wait> {
    match event {
        Event::Skipped { why } => Some(Wait { skipped: Some(why.code().to_owned()), ..wait.clone() }),
        Event::ApprovedBeforehand => Some(Wait { approved: true, ..wait.clone() }),
        Event::Prioritised { priority, .. } => Some(Wait { priority: priority.clone(), ..wait.clone() }),
        Event::SeatAnnounced => Some(Wait { told_at: Some(at), skipped: None, ..wait.clone() }),
        Event::WaitPaused if !wait.paused => Some(Wait { paused: true, ..wait.clone() }),
        Event::WaitResumed if wait.paused => {
            Some(Wait { paused: false, lapses: 0, passed_at: None, ..wait.clone() })
        }
        _ => None,
    }
}
