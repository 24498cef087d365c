//! What it knows.

use std::collections::BTreeMap;
use std::sync::Arc;
use std::time::Duration;

use ilt_core::ports::Clock;
use jiff::Timestamp;
use serde_json::{Map, Value};
use uuid::Uuid;

use super::gate::Window;
use super::mishaps::Mishaps;

/// Versions that Cal.diy 6.2 knows.
pub(super) const VERSIONS: [&str; 5] = ["2024-04-15", "2024-06-11", "2024-06-14", "2024-08-13", "2024-09-04"];

/// A user.
#[derive(Debug, Clone)]
pub struct Host {
    /// The user's id.
    pub id: u64,
    /// Where the user's pages are.
    pub username: String,
    /// Full name.
    pub name: String,
    /// Mail address.
    pub email: String,
    /// The zone the user's calendar shows.
    pub time_zone: String,
    /// Whether the user looks after the instance.
    pub is_admin: bool,
    /// The user's keys.
    pub keys: Vec<String>,
    pub(super) week_start: String,
}

#[derive(Debug, Clone)]
pub(super) struct Schedule {
    pub owner: u64,
    pub name: String,
    pub time_zone: String,
    pub is_default: bool,
    pub availability: Value,
    pub overrides: Value,
}

/// As it is shown; what it is asked for is read from that.
#[derive(Debug, Clone)]
pub(super) struct EventType {
    pub owner: u64,
    pub body: Value,
}

impl EventType {
    pub fn text(&self, name: &str) -> &str {
        self.body[name].as_str().unwrap_or_default()
    }

    pub fn number(&self, name: &str) -> i64 {
        self.body[name].as_i64().unwrap_or_default()
    }

    pub fn is(&self, name: &str) -> bool {
        self.body[name] == true
    }

    /// Seats; nothing when it has none.
    pub fn seats(&self) -> Option<i64> {
        self.body["seats"]["seatsPerTimeSlot"].as_i64()
    }

    pub fn place(&self) -> &str {
        self.body["locations"][0]["address"].as_str().unwrap_or_default()
    }
}

/// Somebody in a booking.
#[derive(Debug, Clone)]
pub struct Guest {
    /// The number that webhooks name.
    pub id: u64,
    /// What the person is called.
    pub name: String,
    /// Who it is, to the letter.
    pub email: String,
    /// The seat; nothing for somebody who was added without one.
    pub seat: Option<String>,
    /// What the seat was booked with.
    pub metadata: Map<String, Value>,
    /// Whether the person was marked absent.
    pub absent: bool,
    pub(super) time_zone: String,
    pub(super) language: String,
}

/// A seat that somebody has no more, and what they were told.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct GivenBack {
    /// The name by which what was booked is found.
    pub slug: String,
    /// Whose it was, to the letter.
    pub email: String,
    /// Why.
    pub reason: String,
}

/// A booking.
#[derive(Debug, Clone)]
pub struct KeptBooking {
    /// Its number.
    pub id: u64,
    /// What it is found by.
    pub uid: String,
    /// Whose it is.
    pub host: u64,
    /// What was booked, until that is deleted.
    pub event_type: Option<u64>,
    /// When it starts.
    pub start: Timestamp,
    /// When it ends.
    pub end: Timestamp,
    /// Whether it was cancelled.
    pub is_cancelled: bool,
    /// Who is in it.
    pub guests: Vec<Guest>,
    /// Where it is.
    pub location: String,
    /// The name by which what was booked is found, also once that was deleted.
    pub slug: String,
    pub(super) title: String,
    pub(super) reason: String,
    pub(super) host_absent: bool,
    pub(super) ics_uid: String,
    pub(super) created_at: Timestamp,
    pub(super) updated_at: Timestamp,
}

#[derive(Debug, Clone)]
pub(super) struct Hook {
    pub id: String,
    pub owner: u64,
    /// Of one event type only.
    pub event_type: Option<u64>,
    pub url: String,
    pub triggers: Vec<String>,
    pub active: bool,
    pub secret: Option<String>,
    pub template: Option<String>,
    pub created_at: Timestamp,
}

/// A row of numbers.
#[derive(Debug, Default)]
pub(super) struct Count(u64);

impl Count {
    pub fn next(&mut self) -> u64 {
        self.0 += 1;
        self.0
    }
}

/// All that it knows.
pub struct World {
    pub(super) clock: Arc<dyn Clock>,
    pub(super) ids: Box<dyn FnMut() -> Uuid + Send>,
    /// Versions that it knows; all others are taken for the oldest.
    pub versions: Vec<&'static str>,
    /// Requests that a key has in a minute.
    pub requests: u32,
    /// How long the first booking of a time takes; whoever else books it meanwhile loses.
    pub opening_takes: Duration,
    /// What is to go wrong.
    pub mishaps: Mishaps,
    /// What was asked, such as `GET /v2/me`, in its order.
    pub asked: Vec<String>,
    /// Seats that were given back, one by one or with all others, in their order.
    pub given_back: Vec<GivenBack>,
    /// The users.
    pub hosts: Vec<Host>,
    pub(super) schedules: BTreeMap<u64, Schedule>,
    pub(super) event_types: BTreeMap<u64, EventType>,
    pub(super) bookings: BTreeMap<u64, KeptBooking>,
    pub(super) hooks: Vec<Hook>,
    pub(super) windows: BTreeMap<String, Window>,
    /// Times that somebody is the first to book just now: whose, from when, until when; and the number kept for that booking.
    pub(super) opening: BTreeMap<(u64, Timestamp, Timestamp), u64>,
    pub(super) counts: [Count; 4],
}

/// Which row of numbers.
#[derive(Clone, Copy)]
pub(super) enum Row {
    Schedule,
    EventType,
    Booking,
    Guest,
}

impl World {
    pub(super) fn new(clock: Arc<dyn Clock>, ids: Box<dyn FnMut() -> Uuid + Send>) -> Self {
        Self {
            clock,
            ids,
            versions: VERSIONS.to_vec(),
            requests: 120,
            opening_takes: Duration::from_millis(5),
            mishaps: Mishaps::default(),
            asked: Vec::new(),
            given_back: Vec::new(),
            hosts: Vec::new(),
            schedules: BTreeMap::new(),
            event_types: BTreeMap::new(),
            bookings: BTreeMap::new(),
            hooks: Vec::new(),
            windows: BTreeMap::new(),
            opening: BTreeMap::new(),
            counts: Default::default(),
        }
    }

    /// All bookings, cancelled ones too, in the order in which they were made.
    pub fn bookings(&self) -> impl Iterator<Item = &KeptBooking> {
        self.bookings.values()
    }

    /// What can be booked: its number, whose it is, the name by which it is found, and its seats.
    pub fn offers(&self) -> impl Iterator<Item = (u64, u64, &str, Option<i64>)> {
        self.event_types.iter().map(|(id, it)| (*id, it.owner, it.text("slug"), it.seats()))
    }

    /// When things can be booked: whose hours, and how they are called.
    pub fn times_called(&self) -> impl Iterator<Item = (u64, &str)> {
        self.schedules.values().map(|it| (it.owner, it.name.as_str()))
    }

    /// Says of somebody whether they were absent, as the host would at the website.
    pub fn says_absent(&mut self, email: &str, absent: bool) {
        let guests = self.bookings.values_mut().flat_map(|it| &mut it.guests);
        guests.filter(|it| it.email == email).for_each(|it| it.absent = absent);
    }

    /// Moves a booking to another time, as somebody would in the database: nobody is told, and nothing is checked.
    pub fn postpone(&mut self, uid: &str, start: Timestamp, end: Timestamp) {
        for booking in self.bookings.values_mut().filter(|it| it.uid == uid) {
            (booking.start, booking.end) = (start, end);
        }
    }

    pub(super) fn now(&self) -> Timestamp {
        self.clock.now()
    }

    pub(super) fn next(&mut self, row: Row) -> u64 {
        self.counts[row as usize].next()
    }

    pub(super) fn uuid(&mut self) -> String {
        (self.ids)().to_string()
    }

    /// 22 letters and digits, as uids of bookings are.
    pub(super) fn uid(&mut self) -> String {
        const LETTERS: &[u8; 32] = b"abcdefghijkmnpqrstuvwxyz23456789";
        let mut number = (self.ids)().as_u128();
        let mut uid = String::new();
        for _ in 0..22 {
            uid.push(char::from(LETTERS[usize::try_from(number % 32).unwrap_or_default()]));
            number /= 32;
        }
        uid
    }

    pub(super) fn host(&self, id: u64) -> Option<&Host> {
        self.hosts.iter().find(|it| it.id == id)
    }

    pub(super) fn booking_id(&self, uid: &str) -> Option<u64> {
        self.bookings.values().find(|it| it.uid == uid).map(|it| it.id)
    }

    /// The booking that is alive at this time of an event type.
    pub(super) fn alive(&self, event_type: u64, start: Timestamp) -> Option<u64> {
        let is_it =
            |it: &&KeptBooking| it.event_type == Some(event_type) && it.start == start && !it.is_cancelled;
        self.bookings.values().find(is_it).map(|it| it.id)
    }
}
