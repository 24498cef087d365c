//! Sessions on business days: no instructor and no room is anywhere twice at once.

use std::collections::BTreeSet;

use fastrand::Rng;
use jiff::ToSpan as _;
use jiff::civil::{Date, Weekday};
use uuid::Uuid;

use crate::courses::Course;
use crate::people::Person;
use crate::places::Location;
use crate::{id, pick};

/// Days over which sessions are planned ahead, and over which history goes back.
const AHEAD: i32 = 120;
const BACK: i32 = 730;
/// Days before the first session that is still to come.
const NOTICE: i32 = 6;
/// Seats of the story's session.
const WANTED_SEATS: u32 = 6;

/// A session.
#[derive(Debug, Clone)]
pub struct Session {
    /// Its id.
    pub id: Uuid,
    /// Its course, as an index.
    pub course: usize,
    /// Its location, as an index.
    pub location: usize,
    /// Its room.
    pub room: String,
    /// Its days.
    pub days: Vec<Date>,
    /// The hour it begins each day.
    pub hour: i8,
    /// Its seats.
    pub capacity: u32,
    /// Fewer people than this and it may be cancelled.
    pub minimum: u32,
    /// Whether a queue may form.
    pub waitlist: bool,
    /// Who teaches it.
    pub instructors: Vec<Uuid>,
    /// Its status.
    pub status: &'static str,
}

/// Sessions planned so far, and who and what is taken on which day.
pub struct Planner<'a> {
    locations: &'a [Location],
    courses: &'a [Course],
    instructors: Vec<Uuid>,
    teaching: BTreeSet<(Date, Uuid)>,
    rooms: BTreeSet<(Date, usize, usize)>,
    sessions: Vec<Session>,
}

impl<'a> Planner<'a> {
    /// Nothing planned yet.
    pub fn new(locations: &'a [Location], courses: &'a [Course], people: &[Person]) -> Self {
        let instructors = people.iter().filter(|it| it.roles == "instructor").map(|it| it.id).collect();
        let (teaching, rooms) = (BTreeSet::new(), BTreeSet::new());
        Self { locations, courses, instructors, teaching, rooms, sessions: Vec::new() }
    }

    /// The story's session, small and in Köln, another there a week later, and more of its course around it. Answers the two.
    pub fn wanted(&mut self, rng: &mut Rng, today: Date) -> [Session; 2] {
        let first = business_day(today, 28);
        self.place(rng, (0, 0), first, ("published", Some(WANTED_SEATS)));
        for (location, later) in [(0, 7), (1, 6), (0, 20), (3, 1), (2, 9)] {
            self.place(rng, (0, location), business_day(first, later), ("published", Some(12)));
        }
        [self.sessions[0].clone(), self.sessions[1].clone()]
    }

    /// Sessions that took place.
    pub fn past(&mut self, rng: &mut Rng, today: Date, count: usize) {
        for _ in 0..count {
            let day = business_day(today, -rng.i32(7..BACK));
            self.anything(rng, day, "completed");
        }
    }

    /// Sessions that are still to come; a few of them drafts.
    pub fn open(&mut self, rng: &mut Rng, today: Date, count: usize) {
        for number in 0..count {
            let day = business_day(today, rng.i32(NOTICE..AHEAD));
            let status = if number % 30 == 29 { "draft" } else { "published" };
            self.anything(rng, day, status);
        }
    }

    /// All of them.
    pub fn finish(self) -> Vec<Session> {
        self.sessions
    }

    fn anything(&mut self, rng: &mut Rng, day: Date, status: &'static str) {
        let course = rng.usize(0..self.courses.len());
        let location = rng.usize(0..self.locations.len());
        self.place(rng, (course, location), day, (status, None));
    }

    /// Plans a session on the first days from `day` on with a room and an instructor free.
    fn place(&mut self, rng: &mut Rng, what: (usize, usize), day: Date, how: (&'static str, Option<u32>)) {
        let (course, location) = what;
        let length = self.courses[course].days;
        let mut day = day;
        for _ in 0..60 {
            let days: Vec<_> = (0..length).map(|part| later_business_day(day, part)).collect();
            let rooms = 0..self.locations[location].rooms.len();
            let room = rooms
                .into_iter()
                .find(|room| days.iter().all(|day| !self.rooms.contains(&(*day, location, *room))));
            let from = rng.usize(0..self.instructors.len());
            let free = |who: &&Uuid| days.iter().all(|day| !self.teaching.contains(&(*day, **who)));
            let instructor =
                self.instructors[from..].iter().chain(&self.instructors[..from]).find(free).copied();
            if let (Some(room), Some(instructor)) = (room, instructor) {
                self.rooms.extend(days.iter().map(|day| (*day, location, room)));
                self.teaching.extend(days.iter().map(|day| (*day, instructor)));
                let capacity = how.1.unwrap_or_else(|| *pick(rng, &[8, 10, 12, 14, 16, 20, 24]));
                self.sessions.push(Session {
                    id: id(rng),
                    course,
                    location,
                    room: self.locations[location].rooms[room].clone(),
                    days,
                    hour: *pick(rng, &[8, 9, 9, 10]),
                    capacity,
                    minimum: capacity / 4,
                    waitlist: how.1.is_some() || rng.u32(0..10) > 0,
                    instructors: vec![instructor],
                    status: how.0,
                });
                return;
            }
            day = later_business_day(day, 1);
        }
    }
}

/// The business day on or after so many days from `day`; before it for the past.
fn business_day(day: Date, days: i32) -> Date {
    let mut found = day.saturating_add(days.days());
    while matches!(found.weekday(), Weekday::Saturday | Weekday::Sunday) {
        found = found.saturating_add(if days < 0 { -1 } else { 1 }.days());
    }
    found
}

/// The business day so many business days after `day`.
fn later_business_day(day: Date, days: usize) -> Date {
    (0..days).fold(day, |day, _| business_day(day, 1))
}
