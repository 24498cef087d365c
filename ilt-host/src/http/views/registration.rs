//! Registrations, their history, rosters and alternatives.

use ilt_core::attendance::{Mark, Outcome};
use ilt_core::catalog::Person;
use ilt_core::fault::Fault as _;
use ilt_core::ids::PersonId;
use ilt_core::journal::{Actor, Entry, Event};
use ilt_core::opinion::Adjustment;
use ilt_core::ports::RosterLine;
use ilt_core::ranking::Shown;
use ilt_core::registration::{Odds, Priority, Registration, Status};
use jiff::Timestamp;
use serde::Serialize;
use serde_json::{Value, json};
use utoipa::ToSchema;
use uuid::Uuid;

use crate::http::calendars::SeatShown;
use crate::http::contract::words;
use crate::http::views::{PersonBrief, SessionView};

/// Why somebody comes before those who joined earlier.
#[derive(Debug, Serialize, ToSchema)]
pub struct PriorityView {
    /// 1 to 9; whoever has more comes first.
    pub level: u8,
    pub reason: String,
}

impl From<&Priority> for PriorityView {
    fn from(priority: &Priority) -> Self {
        Self { level: priority.level, reason: priority.reason.clone() }
    }
}

/// One learner's claim on one session.
#[derive(Debug, Serialize, ToSchema)]
pub struct RegistrationView {
    pub id: Uuid,
    #[schema(value_type = words::RegistrationStatus)]
    pub status: &'static str,
    /// The place in the queue, counted from 1, of one who waits.
    pub position: Option<u32>,
    /// "Book me without asking", of one who waits.
    pub automatic: Option<bool>,
    /// Whether one who waits is passed over, because offers lapsed one after the other, until they resume.
    pub paused: Option<bool>,
    /// Why one who waits comes before those who joined earlier.
    pub priority: Option<PriorityView>,
    /// When one who waits was told that a seat is there for the first to accept.
    #[schema(value_type = Option<String>, format = DateTime)]
    pub seat_announced_at: Option<Timestamp>,
    /// Until when an offer can be taken.
    #[schema(value_type = Option<String>, format = DateTime)]
    pub offer_until: Option<Timestamp>,
    /// Until when a seat is held for an approval.
    #[schema(value_type = Option<String>, format = DateTime)]
    pub approval_until: Option<Timestamp>,
    /// Whether one who waits has been approved beforehand.
    pub approved: Option<bool>,
    /// The seat in another session that is given back for this one.
    pub gives_back: Option<Uuid>,
    /// Who waits together carries the same group: all are placed, or none.
    pub group: Option<Uuid>,
    pub learner: PersonBrief,
    pub session: SessionView,
    #[schema(value_type = String, format = DateTime)]
    pub created_at: Timestamp,
    /// Of a seat that was handed on: the registration that has it, or the one in the other session.
    pub successor: Option<Uuid>,
    /// What the learner's attendance came to, once the session was completed: `attended`, `partial`, `no-show` or `excused`.
    #[schema(value_type = Option<words::Attendance>)]
    pub attendance: Option<Outcome>,
    /// How long the learner was at each part.
    pub marks: Vec<MarkView>,
    /// What past sessions of the same course say about the place of one who waits; absent where they say too little, and when
    /// more than one registration was asked for.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub odds: Option<OddsView>,
    /// What can be taken instead, when the learner waited in vain; only when one registration was asked for.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub alternatives: Option<Vec<AlternativeView>>,
    /// How far calendars show the seat; only when one registration was asked for.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub calendar: Option<SeatShown>,
    /// What happened to it, oldest first; only when one registration was asked for.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub history: Option<Vec<HistoryView>>,
}

impl RegistrationView {
    pub fn of(
        registration: &Registration,
        position: Option<u32>,
        learner: PersonBrief,
        session: SessionView,
    ) -> Self {
        let (wait, offer_until) = match &registration.status {
            Status::Waitlisted { wait } => (Some(wait), None),
            Status::Offered { wait, until, .. } => (Some(wait), Some(*until)),
            Status::Confirmed { .. }
            | Status::Held { .. }
            | Status::Declined { .. }
            | Status::RequestLapsed { .. }
            | Status::NotPlaced { .. }
            | Status::Cancelled { .. }
            | Status::LateCancelled { .. }
            | Status::Transferred { .. }
            | Status::Substituted { .. }
            | Status::SessionCancelled { .. } => (None, None),
        };
        Self {
            id: registration.id.0,
            status: registration.status.word(),
            position,
            automatic: wait.map(|wait| wait.automatic),
            paused: wait.map(|wait| wait.paused),
            priority: registration.status.priority().map(PriorityView::from),
            seat_announced_at: wait.and_then(|wait| wait.told_at),
            offer_until,
            approval_until: match &registration.status {
                Status::Held { until, .. } => Some(*until),
                _ => None,
            },
            approved: wait.map(|wait| wait.approved),
            gives_back: registration.status.gives_back().map(|id| id.0),
            group: wait.and_then(|wait| wait.group).map(|id| id.0),
            learner,
            session,
            created_at: registration.created_at,
            successor: registration.status.successor().map(|id| id.0),
            attendance: registration.attendance.settled,
            marks: marks(registration),
            odds: None,
            alternatives: None,
            calendar: None,
            history: None,
        }
    }
}

/// How likely a place in the queue is to become a seat.
#[derive(Debug, Serialize, ToSchema)]
pub struct OddsView {
    /// From 0 to 1.
    pub likely: f64,
    /// Past sessions of the course behind which people waited.
    pub sessions: u32,
    /// Those of them in which as many people got a seat from the queue as would be needed now.
    pub placed_in: u32,
    #[schema(
        example = "In 7 of the last 10 full classes of this course, 3 people or more who waited got a seat."
    )]
    pub in_words: String,
}

impl OddsView {
    pub fn of(odds: Odds, position: u32) -> Self {
        let Odds { sessions, placed_in, likely } = odds;
        let people = if position == 1 { "1 person" } else { "people" };
        let many = if position == 1 { people.to_owned() } else { format!("{position} {people}") };
        Self {
            likely: (likely * 100.0).round() / 100.0,
            sessions,
            placed_in,
            in_words: format!(
                "In {placed_in} of the last {sessions} full classes of this course, {many} or more who waited got a seat."
            ),
        }
    }
}

/// How long somebody was at one part of a session.
#[derive(Debug, Serialize, ToSchema)]
pub struct MarkView {
    /// Counted from 1.
    pub part: u32,
    pub minutes: u32,
    /// Away with an excuse for what is left.
    pub excused: bool,
    /// When it was seen.
    #[schema(value_type = String, format = DateTime)]
    pub at: Timestamp,
}

fn marks(registration: &Registration) -> Vec<MarkView> {
    let view = |(part, mark): (&u32, &Mark)| MarkView {
        part: *part,
        minutes: mark.minutes,
        excused: mark.excused,
        at: mark.at,
    };
    registration.attendance.marks.iter().map(view).collect()
}

/// One thing that happened to a registration.
#[derive(Debug, Serialize, ToSchema)]
pub struct HistoryView {
    #[schema(example = "registration.confirmed")]
    pub what: &'static str,
    #[schema(value_type = String, format = DateTime)]
    pub at: Timestamp,
    /// `you`, a person's id, or the part of the system that did it.
    pub by: String,
    /// As whoever did it said.
    pub why: Option<String>,
    /// What else is known of it.
    #[schema(value_type = Object)]
    pub facts: Value,
}

/// `you`, a person's id, or the part of the system.
pub fn who(actor: &Actor, caller: PersonId) -> String {
    match actor {
        Actor::Person(id) if *id == caller => "you".to_owned(),
        other => other.to_string(),
    }
}

impl HistoryView {
    pub fn of(entry: &Entry, caller: PersonId) -> Self {
        let by = who(&entry.actor, caller);
        let facts = match &entry.event {
            Event::OfferMade { until, .. } | Event::Requested { until, .. } => json!({ "until": until }),
            Event::Cancelled { late } => json!({ "late": late }),
            Event::Transferred { to, late } => json!({ "to": to, "late": late }),
            Event::Prioritised { priority, by } => {
                json!({ "priority": priority.as_ref().map(PriorityView::from), "plugin": by })
            }
            Event::Substituted { to } => json!({ "to": to }),
            Event::TookOver { of } => json!({ "of": of }),
            Event::Waitlisted { automatic, .. } => json!({ "automatic": automatic }),
            Event::SessionMoved {
                from,
                to,
                other_times,
                elsewhere,
                other_room,
                other_instructors,
                unmarked,
            } => {
                json!({
                    "from": from, "to": to, "other_times": other_times, "elsewhere": elsewhere,
                    "other_room": other_room, "other_instructors": other_instructors, "unmarked": unmarked,
                })
            }
            Event::ClashArose { with } => json!({ "with": with, "may_leave_without_being_late": true }),
            Event::Displaced { to } => json!({ "to": to }),
            Event::AttendanceMarked { part, mark } => {
                json!({ "part": part, "minutes": mark.minutes, "excused": mark.excused, "seen_at": mark.at })
            }
            Event::AttendanceSettled { outcome, .. } => json!({ "outcome": outcome }),
            Event::WalkedIn { beyond } => json!({ "beyond_capacity": beyond }),
            Event::Skipped { why } => json!({ "code": why.code(), "because": why.to_string() }),
            Event::AlternativeTaken(id) => json!({ "alternative": id }),
            _ => json!({}),
        };
        Self { what: entry.event.word(), at: entry.at, by, why: entry.reason.clone(), facts }
    }
}

/// One line of a roster.
#[derive(Debug, Serialize, ToSchema)]
pub struct RosterView {
    pub registration: Uuid,
    pub person: PersonBrief,
    pub email: String,
    #[schema(value_type = words::RegistrationStatus)]
    pub status: &'static str,
    pub position: Option<u32>,
    /// Why one who waits comes before those who joined earlier.
    pub priority: Option<PriorityView>,
    #[schema(value_type = String, format = DateTime)]
    pub registered_at: Timestamp,
    /// How long they were at each part.
    pub marks: Vec<MarkView>,
    /// What that came to, once the session was completed.
    #[schema(value_type = Option<words::Attendance>)]
    pub attendance: Option<Outcome>,
}

impl From<&RosterLine> for RosterView {
    fn from(line: &RosterLine) -> Self {
        let person: &Person = &line.person;
        Self {
            registration: line.registration.id.0,
            person: person.into(),
            email: person.email.clone(),
            status: line.registration.status.word(),
            position: line.position,
            priority: line.registration.status.priority().map(PriorityView::from),
            registered_at: line.registration.created_at,
            marks: marks(&line.registration),
            attendance: line.registration.attendance.settled,
        }
    }
}

/// The three parts of a score, or their weights.
#[derive(Debug, Serialize, ToSchema)]
pub struct PartsView {
    pub proximity: f64,
    pub availability: f64,
    pub relevance: f64,
}

/// What a dealer's own rules changed.
#[derive(Debug, Serialize, ToSchema)]
pub struct AdjustmentView {
    /// What the plugin is called.
    #[schema(example = "close-to-home")]
    pub plugin: String,
    pub version: String,
    /// The SHA-256 of what was uploaded.
    pub digest: String,
    /// Added to the score.
    pub change: f64,
    #[schema(example = "Within 50 km of your dealer.")]
    pub reason: String,
}

impl From<&Adjustment> for AdjustmentView {
    fn from(adjustment: &Adjustment) -> Self {
        let Adjustment { by, change, reason } = adjustment.clone();
        Self { plugin: by.plugin, version: by.version, digest: by.digest, change, reason }
    }
}

/// Another session to take instead of the one that was wanted.
#[derive(Debug, Serialize, ToSchema)]
pub struct AlternativeView {
    /// Take it by this id.
    pub id: Uuid,
    pub session: SessionView,
    pub score: f64,
    pub parts: PartsView,
    pub weights: PartsView,
    pub distance_km: Option<f64>,
    pub days_later: i32,
    #[schema(example = "Six days later, 41 km from you, 5 seats open.")]
    pub reason: String,
    pub would_change: Option<String>,
    /// What a dealer's own rules changed, with their reasons.
    pub adjustments: Vec<AdjustmentView>,
    /// Until when it can be taken.
    #[schema(value_type = String, format = DateTime)]
    pub expires_at: Timestamp,
}

impl AlternativeView {
    pub fn of(shown: &Shown, session: SessionView) -> Self {
        let hundredths = |number: f64| (number * 100.0).round() / 100.0;
        Self {
            id: shown.id.0,
            session,
            score: hundredths(shown.score),
            parts: PartsView {
                proximity: hundredths(shown.parts.proximity),
                availability: hundredths(shown.parts.availability),
                relevance: hundredths(shown.parts.relevance),
            },
            weights: PartsView {
                proximity: shown.weights.proximity,
                availability: shown.weights.availability,
                relevance: shown.weights.relevance,
            },
            distance_km: shown.distance_km.map(|km| (km * 10.0).round() / 10.0),
            days_later: shown.days_later,
            reason: shown.reason.clone(),
            would_change: shown.would_change.clone(),
            adjustments: shown.adjustments.iter().map(AdjustmentView::from).collect(),
            expires_at: shown.expires_at,
        }
    }
}
