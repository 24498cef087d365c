//! From rows to what the core knows, and back to records.

use ilt_core::attendance::Outcome;
use ilt_core::catalog::{Course, Dealer, Grant, Location, Person, Place, Preferences, ProgrammeType};
use ilt_core::desk::Ledger;
use ilt_core::ids::PersonId;
use ilt_core::journal::Entry;
use ilt_core::ports::StoreError;
use ilt_core::registration::{Priority, Registration, Status, Wait};
use ilt_core::schedule::Part;
use ilt_core::session::{Seats, Session, SessionStatus};
use jiff::SignedDuration;
use serde_json::{Value, json};

use crate::error::corrupt;
use crate::seam::{Record, Row, record};

pub(crate) fn course(row: &Row) -> Result<Course, StoreError> {
    let kind = row.text("programme_type")?;
    Ok(Course {
        id: row.id("id")?,
        title: row.text("title")?,
        summary: row.text("summary")?,
        programme_type: ProgrammeType::from_word(&kind)
            .ok_or_else(|| corrupt(format!("programme type {kind}")))?,
        topics: row.json("topics")?,
        track: row.maybe_text("track")?,
        length: SignedDuration::from_secs(row.int("length_seconds")?),
        validity_months: row.maybe_count("validity_months")?,
        travel: row.bool("travel")?,
        prerequisites: row.json("prerequisites")?,
        equivalents: row.json("equivalents")?,
        version: row.count("version")?,
    })
}

pub(crate) fn location(row: &Row) -> Result<Location, StoreError> {
    Ok(Location {
        id: row.id("id")?,
        name: row.text("name")?,
        address: row.text("address")?,
        city: row.text("city")?,
        country: row.text("country")?,
        place: Place { lat: row.float("lat")?, lon: row.float("lon")? },
        zone: row.parsed("zone")?,
        rooms: row.json("rooms")?,
        version: row.count("version")?,
    })
}

pub(crate) fn dealer(row: &Row) -> Result<Dealer, StoreError> {
    Ok(Dealer {
        id: row.id("id")?,
        name: row.text("name")?,
        group: row.maybe_text("grp")?,
        region: row.maybe_text("region")?,
        city: row.text("city")?,
        place: Place { lat: row.float("lat")?, lon: row.float("lon")? },
        zone: row.parsed("zone")?,
        version: row.count("version")?,
    })
}

pub(crate) fn person(row: &Row) -> Result<Person, StoreError> {
    let roles: Vec<Grant> = row.json("roles")?;
    Ok(Person {
        id: row.id("id")?,
        name: row.text("name")?,
        email: row.text("email")?,
        dealer: row.maybe_id("dealer_id")?,
        roles,
        manager: row.maybe_id("manager_id")?,
        stands_in_for: row.json("stands_in_for")?,
        preferences: Preferences {
            locations: row.json("preferred_locations")?,
            times: row.json("preferred_times")?,
            interests: row.json("interests")?,
            notify_by: row.json("notify_by")?,
        },
        zone: row.parsed("zone")?,
        active: row.bool("active")?,
        version: row.count("version")?,
    })
}

pub(crate) fn session(row: &Row) -> Result<Session, StoreError> {
    let parts: Vec<Part> = row.json("parts")?;
    let instructors: Vec<PersonId> = row.json("instructors")?;
    let status = match row.text("status")?.as_str() {
        "draft" => SessionStatus::Draft,
        "published" => SessionStatus::Published { at: row.instant("status_at")? },
        "completed" => SessionStatus::Completed { at: row.instant("status_at")? },
        "cancelled" => SessionStatus::Cancelled {
            at: row.instant("status_at")?,
            reason: row.maybe_text("status_reason")?.unwrap_or_default(),
            announced: row.bool("announced")?,
        },
        other => return Err(corrupt(format!("session status {other}"))),
    };
    Ok(Session {
        id: row.id("id")?,
        course: row.id("course_id")?,
        location: row.id("location_id")?,
        parts,
        instructors,
        status,
        waitlist: row.bool("waitlist")?,
        minimum: row.count("minimum")?,
        seats: seats(row)?,
        freed_at: row.maybe_instant("freed_at")?,
        moved_at: row.maybe_instant("moved_at")?,
        rescheduled_at: row.maybe_instant("rescheduled_at")?,
        most_parts: row.count("most_parts")?,
        reminded_at: row.maybe_instant("reminded_at")?,
        blocks: row.json("blocks")?,
        version: row.count("version")?,
    })
}

fn seats(row: &Row) -> Result<Seats, StoreError> {
    Ok(Seats {
        capacity: row.count("capacity")?,
        confirmed: row.count("confirmed")?,
        held: row.count("held")?,
        offered: row.count("offered")?,
        reserved: row.count("reserved")?,
        waitlisted: row.count("waitlisted")?,
        over_capacity: row.count("over_capacity")?,
    })
}

/// The ledger's columns of a record.
pub(crate) fn seats_record(ledger: &Ledger) -> Record {
    let seats = ledger.seats;
    record! {
        id: ledger.session.0,
        capacity: seats.capacity,
        confirmed: seats.confirmed,
        held: seats.held,
        offered: seats.offered,
        reserved: seats.reserved,
        open: seats.open(),
        waitlisted: seats.waitlisted,
        over_capacity: seats.over_capacity,
        blocks: list_of(&ledger.blocks),
        freed_at: ledger.freed_at,
    }
}

/// A registration with its place in the queue.
pub(crate) fn placed(row: &Row) -> Result<(Registration, Option<u32>), StoreError> {
    Ok((registration(row)?, row.maybe_count("position")?))
}

pub(crate) fn registration(row: &Row) -> Result<Registration, StoreError> {
    let at = || row.instant("status_at");
    let to = || row.id("successor_id");
    let status = match row.text("status")?.as_str() {
        "confirmed" => Status::Confirmed { at: at()? },
        "waitlisted" => Status::Waitlisted { wait: wait(row)? },
        "offered" => Status::Offered {
            wait: wait(row)?,
            until: row.instant("until")?,
            warn_at: row.maybe_instant("warn_at")?,
        },
        "held" => Status::Held {
            at: at()?,
            until: row.instant("until")?,
            gives_back: row.maybe_id("gives_back_id")?,
        },
        "declined" => Status::Declined { at: at()? },
        "request-lapsed" => Status::RequestLapsed { at: at()? },
        "not-placed" => Status::NotPlaced { at: at()? },
        "cancelled" => Status::Cancelled { at: at()? },
        "late-cancelled" => Status::LateCancelled { at: at()? },
        "transferred" => Status::Transferred { at: at()?, to: to()? },
        "substituted" => Status::Substituted { at: at()?, to: to()? },
        "session-cancelled" => Status::SessionCancelled { at: at()? },
        other => return Err(corrupt(format!("registration status {other}"))),
    };
    Ok(Registration {
        id: row.id("id")?,
        session: row.id("session_id")?,
        learner: row.id("learner_id")?,
        by: row.parsed("created_by")?,
        created_at: row.instant("created_at")?,
        status,
        attendance: row.maybe_json("attendance")?.unwrap_or_default(),
        sequence: row.count("sequence")?,
    })
}

fn wait(row: &Row) -> Result<Wait, StoreError> {
    Ok(Wait {
        since: row.instant("since")?,
        automatic: row.bool("automatic")?,
        passed_at: row.maybe_instant("passed_at")?,
        lapses: row.count("lapses")?,
        skipped: row.maybe_text("skipped")?,
        paused: row.bool("paused")?,
        told_at: row.maybe_instant("told_at")?,
        priority: priority(row)?,
        approved: row.bool("approved")?,
        gives_back: row.maybe_id("gives_back_id")?,
        group: row.maybe_id("group_id")?,
    })
}

fn priority(row: &Row) -> Result<Option<Priority>, StoreError> {
    let level = Priority::HIGHEST.saturating_sub(row.count("turn")?);
    let reason = row.maybe_text("priority_reason")?;
    Ok(reason.map(|reason| Priority { level, reason }))
}

pub(crate) fn registration_record(registration: &Registration) -> Record {
    let (at, wait, offer) = match &registration.status {
        Status::Confirmed { at }
        | Status::Declined { at }
        | Status::RequestLapsed { at }
        | Status::NotPlaced { at }
        | Status::Cancelled { at }
        | Status::LateCancelled { at }
        | Status::Transferred { at, .. }
        | Status::Substituted { at, .. }
        | Status::SessionCancelled { at } => (Some(*at), None, None),
        Status::Held { at, until, .. } => (Some(*at), None, Some((*until, None))),
        Status::Waitlisted { wait } => (None, Some(wait), None),
        Status::Offered { wait, until, warn_at } => (None, Some(wait), Some((*until, *warn_at))),
    };
    record! {
        id: registration.id.0,
        session_id: registration.session.0,
        learner_id: registration.learner.0,
        created_by: registration.by.to_string(),
        created_at: registration.created_at,
        status: registration.status.word(),
        status_at: at,
        since: wait.map(|wait| wait.since),
        automatic: wait.map(|wait| wait.automatic),
        passed_at: wait.and_then(|wait| wait.passed_at),
        lapses: wait.map(|wait| wait.lapses),
        skipped: wait.and_then(|wait| wait.skipped.as_ref()),
        paused: wait.map(|wait| wait.paused),
        told_at: wait.and_then(|wait| wait.told_at),
        turn: wait.map(|wait| u32::from(wait.turn().0)),
        priority_reason: wait.and_then(|wait| wait.priority.as_ref()).map(|priority| &priority.reason),
        approved: wait.is_some_and(|wait| wait.approved),
        gives_back_id: registration.status.gives_back().map(|id| id.0),
        group_id: wait.and_then(|wait| wait.group).map(|id| id.0),
        until: offer.map(|(until, _)| until),
        warn_at: offer.and_then(|(_, warn_at)| warn_at),
        successor_id: registration.status.successor().map(|id| id.0),
        attendance: (!registration.attendance.is_empty()).then(|| json!(registration.attendance)),
        outcome: registration.attendance.settled.map(Outcome::word),
        sequence: registration.sequence,
    }
}

pub(crate) fn entry(row: &Row) -> Result<Entry, StoreError> {
    Ok(Entry {
        sequence: row.count("sequence")?,
        id: row.id("id")?,
        at: row.instant("at")?,
        actor: row.parsed("actor")?,
        session: row.maybe_id("session_id")?,
        learner: row.maybe_id("learner_id")?,
        registration: row.maybe_id("registration_id")?,
        reason: row.maybe_text("reason")?,
        correlation: row.id("correlation")?,
        event: row.json("event")?,
        seats: row.maybe_json("seats")?,
    })
}

/// Anything of the core, as JSON.
pub(crate) fn json_of<T: serde::Serialize>(value: &T) -> Result<Value, StoreError> {
    serde_json::to_value(value).map_err(|error| StoreError::Failed(Box::new(error)))
}

/// A list of words or ids, as JSON.
pub(crate) fn list_of<T: serde::Serialize>(items: &[T]) -> Value {
    json!(items)
}
