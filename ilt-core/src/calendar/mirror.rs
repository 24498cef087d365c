//! What a calendar is to show of one session.

use std::collections::{BTreeMap, BTreeSet};
use std::fmt;

use jiff::Timestamp;

use super::guests::Turned;
use super::kept::{Link, Spot};
use crate::attendance::{Attendance, Mark};
use crate::catalog::{Course, Location, Person};
use crate::ids::{PersonId, RegistrationId, SessionId};
use crate::ports::{Roster, RosterLine};
use crate::registration::{Registration, Status};
use crate::schedule::{Part, Zone};
use crate::session::{Seats, Session, SessionStatus};

/// Whether a session is to be seen at all.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Stage {
    /// It is.
    Open,
    /// It is not (any more), and nobody has a seat in it.
    Gone {
        /// What learners are told.
        reason: String,
    },
}

/// Where a day is, by the clock.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord)]
pub enum Phase {
    /// It has not begun.
    ToCome,
    /// It has begun and is not over: nobody is booked any more.
    Running,
    /// It is over: what happened stays, but for who was absent.
    Past,
}

/// One part of a session.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Day {
    /// Which part, the first being 0.
    pub part: u16,
    /// When.
    pub time: Part,
    /// What people read.
    pub title: String,
    /// Where, as people read it: room, name, street, town, country.
    pub place: String,
    /// Where it is by the clock.
    pub phase: Phase,
}

/// Somebody who has a seat. Printing it shows neither name nor address.
#[derive(Clone, PartialEq, Eq)]
pub struct Seat {
    /// Whose registration.
    pub registration: RegistrationId,
    /// Full name.
    pub name: String,
    /// Mail address, lower-case.
    pub mail: String,
    /// The zone the learner lives in.
    pub zone: Zone,
    /// By part, whether the learner was absent; nothing where nobody has said.
    pub absent: BTreeMap<u16, bool>,
}

impl fmt::Debug for Seat {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("Seat").field("registration", &self.registration).finish_non_exhaustive()
    }
}

/// What a calendar is to show of one session.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Mirror {
    /// Which session.
    pub session: SessionId,
    /// Whether it is to be seen.
    pub stage: Stage,
    /// Its parts, in order.
    pub days: Vec<Day>,
    /// Seats to be shown: those that learners have, and those that anybody may take. At least 1.
    pub capacity: u32,
    /// Who teaches, in order.
    pub instructors: Vec<PersonId>,
    /// Who has a seat, by registration.
    pub seats: Vec<Seat>,
    /// Who booked over there by themselves and cannot have it.
    pub turned: Turned,
}

impl Mirror {
    /// What a calendar is to show at `now` of a session with these people.
    pub fn of(roster: &Roster, course: &Course, location: &Location, now: Timestamp) -> Self {
        let Roster { session, lines } = roster;
        let stage = stage(session);
        let mut seats: Vec<_> = match stage {
            Stage::Open => lines.iter().filter_map(|line| seat(line, session)).collect(),
            Stage::Gone { .. } => Vec::new(),
        };
        seats.sort_by_key(|seat| seat.registration);
        let count = session.parts.len();
        let day = |(part, time): (u16, &Part)| Day {
            part,
            time: time.clone(),
            title: if count > 1 {
                format!("{} ({}/{count})", course.title, part + 1)
            } else {
                course.title.clone()
            },
            place: place(location, &time.room),
            phase: phase(session, time, now),
        };
        Self {
            session: session.id,
            stage,
            days: (0..).zip(&session.parts).map(day).collect(),
            capacity: shown(&session.seats, seats.len()),
            instructors: session.instructors.clone(),
            seats,
            turned: Turned::new(),
        }
    }

    /// In whose calendar it is: that of the first who teaches and is linked.
    pub fn host(&self, links: &BTreeMap<PersonId, Link>) -> Option<PersonId> {
        self.instructors.iter().copied().find(|it| links.contains_key(it))
    }

    /// Where it is to be seen: each day in the calendar of its host.
    pub fn spots(&self, links: &BTreeMap<PersonId, Link>) -> BTreeSet<Spot> {
        match (&self.stage, self.host(links)) {
            (Stage::Open, Some(instructor)) => {
                self.days.iter().map(|day| Spot { part: day.part, instructor }).collect()
            }
            (Stage::Gone { .. }, _) | (Stage::Open, None) => BTreeSet::new(),
        }
    }
}

fn stage(session: &Session) -> Stage {
    match &session.status {
        SessionStatus::Published { .. } | SessionStatus::Completed { .. } => Stage::Open,
        SessionStatus::Draft => {
            Stage::Gone { reason: "The session is not open for registration.".to_owned() }
        }
        SessionStatus::Cancelled { reason, .. } if reason.trim().is_empty() => {
            Stage::Gone { reason: "The session was cancelled.".to_owned() }
        }
        SessionStatus::Cancelled { reason, .. } => Stage::Gone { reason: reason.trim().to_owned() },
    }
}

/// A day of what is recorded as having taken place is over, whatever the clock says.
fn phase(session: &Session, part: &Part, now: Timestamp) -> Phase {
    let is_completed = matches!(session.status, SessionStatus::Completed { .. });
    if is_completed || part.ends_at() <= now {
        Phase::Past
    } else if part.starts_at <= now {
        Phase::Running
    } else {
        Phase::ToCome
    }
}

/// Only who is sure of a seat is told to a calendar: what waits for an approval or an answer may come to nothing.
fn seat(line: &RosterLine, session: &Session) -> Option<Seat> {
    let RosterLine { registration, person, .. } = line;
    let Status::Confirmed { .. } = registration.status else { return None };
    let Registration { id, attendance, .. } = registration;
    let Person { name, email, zone, .. } = person;
    let mail = email.trim().to_lowercase();
    let absent = absent(attendance, session);
    Some(Seat { registration: *id, name: name.trim().to_owned(), mail, zone: zone.clone(), absent })
}

/// Whoever was excused is not called absent.
fn absent(attendance: &Attendance, session: &Session) -> BTreeMap<u16, bool> {
    let said = |part: u16| {
        let Mark { minutes, excused, .. } = attendance.marks.get(&(u32::from(part) + 1))?;
        Some((part, *minutes == 0 && !excused))
    };
    (0..).zip(&session.parts).filter_map(|(part, _)| said(part)).collect()
}

/// What is held, offered or set aside is nobody's to book over there. Without any seat there is nothing to show, so there is one.
fn shown(seats: &Seats, confirmed: usize) -> u32 {
    let confirmed = u32::try_from(confirmed).unwrap_or(u32::MAX);
    confirmed.saturating_add(seats.open()).max(1)
}

fn place(location: &Location, room: &str) -> String {
    let Location { name, address, city, country, .. } = location;
    let said = [room, name, address, city, country].map(str::trim);
    said.into_iter().filter(|it| !it.is_empty()).collect::<Vec<_>>().join(", ")
}
