//! A training network as large as it can get: every session of the next year is open.

use std::collections::BTreeMap;
use std::sync::Arc;

use ilt_core::catalog::{Course, Location, Place, ProgrammeType};
use ilt_core::ids::{CourseId, LocationId, SessionId};
use ilt_core::schedule::{Part, Zone};
use ilt_core::session::{Seats, Session, SessionStatus};
use ilt_core::world::World;
use jiff::civil::DateTime;
use jiff::{SignedDuration, Timestamp, ToSpan};

use crate::dice::Dice;

/// When it is measured: a Monday morning.
pub const NOW: &str = "2027-03-01T08:00:00Z";

/// How large a network is.
#[derive(Debug, Clone, Copy)]
pub struct Size {
    pub sessions: usize,
    pub locations: usize,
    pub courses: usize,
}

/// Where training centres and dealers are: somewhere around these, as people are.
pub const TOWNS: [(f64, f64, &str); 12] = [
    (52.52, 13.40, "Europe/Berlin"),
    (50.94, 6.96, "Europe/Berlin"),
    (48.14, 11.58, "Europe/Berlin"),
    (48.86, 2.35, "Europe/Paris"),
    (45.76, 4.84, "Europe/Paris"),
    (51.51, -0.13, "Europe/London"),
    (40.42, -3.70, "Europe/Madrid"),
    (41.90, 12.50, "Europe/Rome"),
    (45.46, 9.19, "Europe/Rome"),
    (52.23, 21.01, "Europe/Warsaw"),
    (59.33, 18.07, "Europe/Stockholm"),
    (47.50, 19.04, "Europe/Budapest"),
];

/// The words courses are about.
pub const TOPICS: [&str; 24] = [
    "battery",
    "safety",
    "charging",
    "diagnosis",
    "brakes",
    "steering",
    "software",
    "warranty",
    "sales",
    "leasing",
    "finance",
    "paint",
    "bodywork",
    "welding",
    "parts",
    "logistics",
    "reception",
    "customers",
    "leadership",
    "law",
    "tyres",
    "engine",
    "air",
    "light",
];

/// The network of a seed.
pub fn network(size: Size, dice: &mut Dice) -> World {
    let mut world = World::default();
    let locations: Vec<_> = (0..size.locations).map(|number| location(number, dice)).collect();
    let courses = courses(size.courses, dice);
    for _ in 0..size.sessions {
        let session = session(dice, &courses, &locations);
        world.sessions.hold(session);
    }
    world.courses = Arc::new(courses.into_iter().map(|it| (it.id, it)).collect::<BTreeMap<_, _>>());
    world.locations = Arc::new(locations.into_iter().map(|it| (it.id, it)).collect::<BTreeMap<_, _>>());
    world
}

/// A place up to about 250 km from one of the towns, most of them near.
pub fn place(dice: &mut Dice) -> (Place, &'static str) {
    let (lat, lon, zone) = dice.pick(&TOWNS);
    let mut off = || (dice.share() + dice.share() + dice.share() - 1.5) * 1.5;
    (Place { lat: lat + off(), lon: lon + 1.5 * off() }, zone)
}

fn location(number: usize, dice: &mut Dice) -> Location {
    let (place, zone) = place(dice);
    Location {
        id: LocationId(dice.id()),
        name: format!("Training centre {number}"),
        address: String::new(),
        city: format!("Town {number}"),
        country: "Europe".to_owned(),
        place,
        zone: zone.parse().unwrap_or_else(|_| Zone::utc()),
        rooms: Vec::new(),
        version: 1,
    }
}

/// Courses of 20 tracks, one in four on top of an earlier one, one in eight with an equivalent.
fn courses(many: usize, dice: &mut Dice) -> Vec<Course> {
    let mut courses: Vec<Course> = Vec::with_capacity(many);
    for number in 0..many {
        let mut topics: Vec<_> = (0..dice.between(1, 4)).map(|_| (*dice.pick(&TOPICS)).to_owned()).collect();
        topics.sort_unstable();
        topics.dedup();
        let mut earlier = |percent| {
            let known = number > 0 && dice.percent(percent);
            if known { vec![courses[dice.below(number)].id] } else { Vec::new() }
        };
        let (prerequisites, equivalents) = (earlier(25), earlier(12));
        courses.push(Course {
            id: CourseId(dice.id()),
            title: format!("Course {number}"),
            summary: format!("About {}.", topics.join(" and ")),
            programme_type: *dice.pick(&ProgrammeType::ALL),
            topics,
            track: dice.percent(70).then(|| format!("track-{}", number % 20)),
            length: SignedDuration::from_hours(6),
            validity_months: dice.percent(30).then_some(24),
            travel: false,
            prerequisites,
            equivalents,
            version: 1,
        });
    }
    courses
}

/// Some time in the next year, a quarter of them full.
fn session(dice: &mut Dice, courses: &[Course], locations: &[Location]) -> Session {
    let location = dice.pick(locations);
    let starts = starts(dice);
    let lasts = SignedDuration::from_hours(dice.between(3, 7));
    let days = if dice.percent(20) { 2 } else { 1 };
    let part = |day: i32| {
        let starts = starts.saturating_add(day.days());
        Part::new(starts, location.zone.clone(), lasts, "1".to_owned()).ok()
    };
    let capacity = u32::try_from(dice.between(8, 24)).unwrap_or(8);
    let is_full = dice.percent(25);
    let taken = if is_full { capacity } else { u32::try_from(dice.below(capacity as usize)).unwrap_or(0) };
    let waitlisted = if is_full { u32::try_from(dice.below(16)).unwrap_or(0) } else { 0 };
    Session {
        id: SessionId(dice.id()),
        course: dice.pick(courses).id,
        location: location.id,
        parts: (0..days).filter_map(part).collect(),
        instructors: Vec::new(),
        status: SessionStatus::Published { at: now() },
        waitlist: dice.percent(90),
        minimum: 0,
        seats: Seats { confirmed: taken, waitlisted, ..Seats::empty(capacity) },
        freed_at: None,
        moved_at: None,
        rescheduled_at: None,
        most_parts: 0,
        reminded_at: None,
        blocks: Vec::new(),
        version: 1,
    }
}

fn starts(dice: &mut Dice) -> DateTime {
    let today: DateTime = now().to_zoned(jiff::tz::TimeZone::UTC).date().at(0, 0, 0, 0);
    let hours = dice.between(1, 365) * 24 + dice.between(8, 13);
    today.saturating_add(hours.hours())
}

/// When it is measured.
pub fn now() -> Timestamp {
    NOW.parse().unwrap_or_default()
}
