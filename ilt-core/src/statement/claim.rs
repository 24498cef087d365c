//! What becomes of a learner's claim on a session, in a verb and extensions.

use super::bytes::{Extension, instant};
use crate::journal::{Entry, Event};
use crate::statement::Verb;

/// What an event says of a learner's claim on a session; nothing when it is no business of others.
pub(super) fn claim(event: &Event, entry: &Entry) -> Option<(Verb, Vec<(&'static str, Extension)>)> {
    let text = |text: &str| Extension::Text(text.to_owned());
    let method = |how: &str| (Verb::Registered, vec![("registration_method", text(how))]);
    let ended = |by: &str| {
        let mut said = vec![("cancelled_by", text(by))];
        said.extend(entry.reason.as_deref().map(|why| ("cancellation_reason", text(why))));
        (Verb::Unregistered, said)
    };
    let by = if entry.actor.person() == entry.learner { "learner" } else { "organisation" };
    Some(match event {
        Event::Registered => method("online"),
        Event::AdmittedBeyond => method("beyond_capacity"),
        Event::WalkedIn { .. } => method("walk_in"),
        Event::OfferTaken | Event::Promoted => method("waitlist"),
        Event::Approved => method("approval"),
        Event::TookOver { .. } => method("substitution"),
        Event::Requested { until, .. } => {
            let until = ("expires_at", Extension::Text(instant(*until)));
            (Verb::Requested, vec![until, ("registration_method", text("online"))])
        }
        Event::Waitlisted { automatic, .. } => {
            // Whoever has just joined is the last.
            let place = entry.seats.map(|seats| ("waitlist_position", Extension::Number(seats.waitlisted)));
            (
                Verb::Waitlisted,
                [("automatic", Extension::Flag(*automatic))].into_iter().chain(place).collect(),
            )
        }
        Event::OfferMade { until, .. } => {
            (Verb::Offered, vec![("expires_at", Extension::Text(instant(*until)))])
        }
        Event::OfferDeclined => (Verb::OfferDeclined, Vec::new()),
        Event::OfferLapsed => (Verb::OfferLapsed, Vec::new()),
        Event::Cancelled { late } => {
            let (verb, mut said) = ended(by);
            said.push(("late_cancellation", Extension::Flag(*late)));
            (verb, said)
        }
        Event::Transferred { to, late } => {
            let (verb, mut said) = ended(by);
            said.push(("late_cancellation", Extension::Flag(*late)));
            said.push(("transferred_to", text(&to.to_string())));
            (verb, said)
        }
        Event::Substituted { .. } | Event::Displaced { .. } | Event::Declined => ended("organisation"),
        Event::EndedWithSession => ended("session"),
        Event::RequestLapsed | Event::WaitEnded => ended("time"),
        // Another room or somebody else who teaches: that is told of the session.
        Event::SessionMoved { from, .. } if event.reschedules() => {
            (Verb::Rescheduled, vec![("previous_scheduled_time", Extension::Text(instant(*from)))])
        }
        _ => return None,
    })
}
