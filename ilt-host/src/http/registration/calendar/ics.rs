//! Registrations as iCalendar (RFC 5545).

use icalendar::{Calendar, Component as _, Event, EventLike as _, EventStatus, Property};
use ilt_core::catalog::Location;
use ilt_core::ranking::Catalogue;
use ilt_core::registration::{Registration, Status};
use ilt_core::schedule::Part;
use ilt_core::session::{Session, SessionStatus};
use jiff::Timestamp;
use jiff::tz::TimeZone;

use crate::http::registration::calendar::series::Series;

/// A calendar holds something (3.6); one that has no entries says what clock it goes by.
const UTC: &str = "BEGIN:VTIMEZONE\r\nTZID:UTC\r\nBEGIN:STANDARD\r\nDTSTART:19700101T000000\r\n\
                   TZOFFSETFROM:+0000\r\nTZOFFSETTO:+0000\r\nEND:STANDARD\r\nEND:VTIMEZONE\r\n";
const END: &str = "END:VCALENDAR";
/// How often whoever follows a calendar is to look again.
const LOOK_AGAIN: &str = "PT1H";

/// One registration with its session.
pub struct Line<'a> {
    pub registration: &'a Registration,
    pub session: &'a Session,
}

impl Line<'_> {
    /// What an entry says of the registration; nothing of one that has never kept a time free. Waiting keeps none: an entry there
    /// was, while a seat was offered, is cancelled.
    pub const fn status(&self) -> Option<EventStatus> {
        match (&self.registration.status, &self.session.status) {
            (Status::Waitlisted { .. }, _) if self.registration.sequence == 0 => None,
            (status, _) if !status.takes_a_seat() => Some(EventStatus::Cancelled),
            (_, SessionStatus::Cancelled { .. }) => Some(EventStatus::Cancelled),
            (Status::Confirmed { .. }, _) => Some(EventStatus::Confirmed),
            _ => Some(EventStatus::Tentative),
        }
    }
}

/// A calendar of these registrations, made at `now`: an entry for each, or a series where the session has several parts.
pub fn calendar(lines: &[Line<'_>], catalogue: &Catalogue, now: Timestamp) -> String {
    let mut calendar = Calendar::empty();
    for (name, value) in [
        ("VERSION", "2.0"),
        ("PRODID", "-//ilt//training//EN"),
        ("CALSCALE", "GREGORIAN"),
        ("METHOD", "PUBLISH"),
        ("X-WR-CALNAME", "Training"),
        ("X-PUBLISHED-TTL", LOOK_AGAIN),
    ] {
        calendar.append_property(Property::new(name, value));
    }
    let look_again = Property::new("REFRESH-INTERVAL", LOOK_AGAIN).add_parameter("VALUE", "DURATION").done();
    calendar.append_property(look_again);
    for line in lines {
        if let Some(status) = line.status() {
            calendar.extend(events(line, status, catalogue, now));
        }
    }
    let text = calendar.to_string();
    if calendar.components.is_empty() { text.replace(END, &format!("{UTC}{END}")) } else { text }
}

/// One entry, or the first of a series and then each of its other instances.
fn events(line: &Line<'_>, status: EventStatus, catalogue: &Catalogue, now: Timestamp) -> Vec<Event> {
    let session = line.session;
    let title = catalogue.courses().get(&session.course).map_or("Training", |course| course.title.as_str());
    let location = catalogue.locations().get(&session.location);
    let begun = |starts_at: Timestamp, ends_at: Timestamp, status: EventStatus| {
        let mut event = Event::with_uid(&format!("{}@ilt", line.registration.id));
        event
            .status(status)
            .append_property(Property::new("DTSTAMP", utc(now)))
            .append_property(Property::new("DTSTART", utc(starts_at)))
            .append_property(Property::new("DTEND", utc(ends_at)))
            // A moved session raises its version, a step of the registration its sequence: either is news.
            .append_property(Property::new("SEQUENCE", sequence(line).to_string()));
        event
    };
    let whole = |part: &Part, summary: &str| {
        let mut event = begun(part.starts_at, part.ends_at(), status);
        event.summary(summary);
        if let Some(location) = location {
            event.location(&place(location, part));
            let point = format!("{};{}", location.place.lat, location.place.lon);
            event.append_property(Property::new("GEO", point));
        }
        event
    };
    let Some(series) = Series::of(session) else {
        return session.parts.iter().map(|part| whole(part, title)).collect();
    };
    let count = session.parts.len();
    let of_parts = session.parts.iter().zip(1_u32..).map(|(part, number)| {
        if count == 1 { whole(part, title) } else { whole(part, &format!("{title} ({number}/{count})")) }
    });
    let dropped = series.instances().skip(count).map(|at| {
        let mut event = begun(at, at, EventStatus::Cancelled);
        event.summary(title);
        event
    });
    let mut events: Vec<_> = of_parts.chain(dropped).collect();
    for (event, instance) in events.iter_mut().zip(series.instances()).skip(1) {
        event.append_property(Property::new("RECURRENCE-ID", utc(instance)));
    }
    if let Some(first) = events.first_mut() {
        first.append_property(Property::new("RRULE", series.rule()));
        for day in series.left_out() {
            first.append_multi_property(Property::new("EXDATE", utc(day)));
        }
    }
    events
}

/// Where to go, as far as it is known.
fn place(location: &Location, part: &Part) -> String {
    let room = if part.room.is_empty() { String::new() } else { format!("room {}", part.room) };
    let known = [&location.name, &room, &location.address, &location.city];
    known.into_iter().filter(|it| !it.is_empty()).map(String::as_str).collect::<Vec<_>>().join(", ")
}

fn sequence(line: &Line<'_>) -> u64 {
    u64::from(line.registration.sequence) + line.session.version.saturating_sub(1)
}

fn utc(at: Timestamp) -> String {
    at.to_zoned(TimeZone::UTC).strftime("%Y%m%dT%H%M%SZ").to_string()
}
