//! Ranking the sessions of a file, as `bench/python` has them ranked from Python: prints the median of several looks, in microseconds.

use std::io::{Error, ErrorKind};
use std::sync::Arc;
use std::time::Instant;

use ilt_core::catalog::{Course, Location, Place, Preferences, ProgrammeType};
use ilt_core::ids::{CourseId, LocationId, PersonId, SessionId};
use ilt_core::opinion::Adjusted;
use ilt_core::ranking::{Catalogue, Learner, Weights, alternatives};
use ilt_core::schedule::{Part, Zone};
use ilt_core::session::{Seats, Session, SessionStatus};
use ilt_core::world::World;
use jiff::tz::TimeZone;
use jiff::{SignedDuration, Timestamp};
use uuid::Uuid;

/// As many as Python makes of it.
const ROUNDS: usize = 201;

/// Usage: `bench_ranking FILE NOW`.
fn main() -> Result<(), Box<dyn std::error::Error>> {
    let words: Vec<String> = std::env::args().skip(1).collect();
    let [file, now] = &words[..] else { return Err("usage: bench_ranking FILE NOW".into()) };
    let now: Timestamp = now.parse()?;
    let text = std::fs::read_to_string(file)?;
    let (mut world, mut wanted) = (World::default(), None);
    for line in text.lines() {
        let cells: Vec<_> = line.split('\t').collect();
        match cells[..] {
            ["place", id, lat, lon] => {
                let place = place(id.parse()?, Place { lat: lat.parse()?, lon: lon.parse()? });
                Arc::make_mut(&mut world.locations).insert(place.id, place);
            }
            ["course", id, topic] => {
                let course = course(id.parse()?, topic);
                Arc::make_mut(&mut world.courses).insert(course.id, course);
            }
            ["session", id, of, at, starts, capacity, open] => {
                let (of, at, starts) = (of.parse()?, at.parse()?, starts.parse()?);
                let session = session(id.parse()?, of, at, starts, [capacity.parse()?, open.parse()?]);
                wanted.get_or_insert(session.id);
                world.sessions.hold(session);
            }
            _ => return Err(Error::new(ErrorKind::InvalidData, format!("what is {line:?}?")).into()),
        }
    }
    let catalogue = Catalogue::new(&world);
    let wanted = wanted.and_then(|id| catalogue.session(id)).ok_or("there is no session")?;
    let preferences = Preferences { interests: vec!["topic 3".to_owned()], ..Preferences::default() };
    let learner = Learner {
        id: PersonId(Uuid::nil()),
        places: &[Place { lat: 50.94, lon: 6.96 }],
        preferences: &preferences,
        holds: &[],
        deadline: None,
        may_take: &|_, _| true,
    };
    let mut times: Vec<_> = (0..ROUNDS)
        .map(|_| {
            let begun = begin();
            let best = alternatives(&catalogue, &learner, wanted, Weights::default(), &Adjusted::new(), now);
            std::hint::black_box(best);
            begun.elapsed()
        })
        .collect();
    times.sort_unstable();
    println!("{}", times[ROUNDS / 2].as_micros());
    Ok(())
}

#[expect(clippy::disallowed_methods, reason = "this is the stopwatch")]
fn begin() -> Instant {
    Instant::now()
}

fn place(id: Uuid, place: Place) -> Location {
    Location {
        id: LocationId(id),
        name: String::new(),
        address: String::new(),
        city: String::new(),
        country: String::new(),
        place,
        zone: Zone::utc(),
        rooms: Vec::new(),
        version: 1,
    }
}

fn course(id: Uuid, topic: &str) -> Course {
    Course {
        id: CourseId(id),
        title: String::new(),
        summary: String::new(),
        programme_type: ProgrammeType::EmployeeDevelopment,
        topics: vec![topic.to_owned()],
        track: None,
        length: SignedDuration::ZERO,
        validity_months: None,
        travel: false,
        prerequisites: Vec::new(),
        equivalents: Vec::new(),
        version: 1,
    }
}

fn session(
    id: Uuid,
    course: Uuid,
    location: Uuid,
    starts_at: Timestamp,
    [capacity, open]: [u32; 2],
) -> Session {
    let part = Part {
        starts: starts_at.to_zoned(TimeZone::UTC).datetime(),
        zone: Zone::utc(),
        length: SignedDuration::from_hours(6),
        starts_at,
        room: String::new(),
    };
    Session {
        id: SessionId(id),
        course: CourseId(course),
        location: LocationId(location),
        parts: vec![part],
        instructors: Vec::new(),
        status: SessionStatus::Published { at: Timestamp::MIN },
        waitlist: true,
        minimum: 0,
        seats: Seats { confirmed: capacity - open, ..Seats::empty(capacity) },
        freed_at: None,
        moved_at: None,
        rescheduled_at: None,
        most_parts: 0,
        reminded_at: None,
        blocks: Vec::new(),
        version: 1,
    }
}
