//! Registrations as iCalendar (RFC 5545).

use icalendar::{Calendar, Component as _, Event, EventLike as _, EventStatus, Property};
use ilt_core::ranking::Catalogue;
use ilt_core::registration::{Registration, Status};
use ilt_core::schedule::Part;
use ilt_core::session::{Session, SessionStatus};
use jiff::Timestamp;
use jiff::tz::TimeZone;

/// One registration with its session.
pub struct Line<'a> {
    pub registration: &'a Registration,
    pub session: &'a Session,
}

/// A calendar of all parts of these registrations. Waiting keeps no time free, so whoever waits has a tentative entry only
/// once a seat is offered.
pub fn calendar(lines: &[Line<'_>], catalogue: &Catalogue) -> String {
    let mut calendar = Calendar::empty();
    for (name, value) in [
        ("VERSION", "2.0"),
        ("PRODID", "-//ilt//training//EN"),
        ("CALSCALE", "GREGORIAN"),
        ("METHOD", "PUBLISH"),
        ("X-WR-CALNAME", "Training"),
    ] {
        calendar.append_property(Property::new(name, value));
    }
    for line in lines {
        for (part, number) in line.session.parts.iter().zip(1_u32..) {
            if let Some(event) = event(line, part, number, catalogue) {
                calendar.push(event);
            }
        }
    }
    calendar.to_string()
}

fn event(line: &Line<'_>, part: &Part, number: u32, catalogue: &Catalogue) -> Option<Event> {
    let (registration, session) = (line.registration, line.session);
    let (status, at) = match (&registration.status, &session.status) {
        (_, SessionStatus::Cancelled { at, .. })
        | (
            Status::Declined { at }
            | Status::RequestLapsed { at }
            | Status::NotPlaced { at }
            | Status::Cancelled { at }
            | Status::LateCancelled { at }
            | Status::Transferred { at, .. }
            | Status::Substituted { at, .. }
            | Status::SessionCancelled { at },
            _,
        ) => (EventStatus::Cancelled, *at),
        (Status::Confirmed { at }, _) => (EventStatus::Confirmed, *at),
        (Status::Held { at, .. }, _) => (EventStatus::Tentative, *at),
        (Status::Offered { wait, .. }, _) => (EventStatus::Tentative, wait.since),
        (Status::Waitlisted { .. }, _) => return None,
    };
    let course = catalogue.courses().get(&session.course);
    let location = catalogue.locations().get(&session.location);
    let title = course.map_or("Training", |course| course.title.as_str());
    let several =
        if session.parts.len() > 1 { format!(" ({number}/{})", session.parts.len()) } else { String::new() };
    let mut event = Event::new();
    event
        .uid(&format!("{}-{number}@ilt", registration.id))
        .summary(&format!("{title}{several}"))
        .status(status)
        .append_property(Property::new("DTSTAMP", utc(at)))
        .append_property(Property::new("DTSTART", utc(part.starts_at)))
        .append_property(Property::new("DTEND", utc(part.ends_at())))
        // A moved session raises its version, a step of the registration its sequence: either is news.
        .append_property(Property::new("SEQUENCE", sequence(registration, session).to_string()));
    if let Some(location) = location {
        let room = if part.room.is_empty() { String::new() } else { format!(", room {}", part.room) };
        let place = format!("{}{room}, {}, {}", location.name, location.address, location.city);
        event.location(&place);
        event.append_property(Property::new("GEO", format!("{};{}", location.place.lat, location.place.lon)));
    }
    Some(event.done())
}

fn sequence(registration: &Registration, session: &Session) -> u64 {
    u64::from(registration.sequence) + session.version.saturating_sub(1)
}

fn utc(at: Timestamp) -> String {
    at.to_zoned(TimeZone::UTC).strftime("%Y%m%dT%H%M%SZ").to_string()
}
