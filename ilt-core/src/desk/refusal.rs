//! Every way the desk can say no, with what the caller needs in order to act.

use jiff::Timestamp;
use serde::{Deserialize, Serialize};
use serde_json::{Map, Value, json};

use crate::calendar::Busy;
use crate::fault::{Fault, FieldProblem, Kind};
use crate::ids::{PersonId, RegistrationId, SessionId};
use crate::prerequisite::{Missing, Why};
use crate::schedule::BadTime;
use crate::session::BelowTaken;

/// A session that the learner cannot attend beside the one asked for.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct ClashWith {
    /// The registration that is in the way; none when the learner teaches the session.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub registration: Option<RegistrationId>,
    /// Its session; not named when it was never published, since whoever asks may not know of it.
    pub session: Option<SessionId>,
    /// When that starts.
    pub starts_at: Timestamp,
    /// When that ends.
    pub ends_at: Timestamp,
    /// Minutes of travel needed between the two.
    pub travel_minutes: u32,
}

/// Something that needs the same instructor or room at the same time.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct Conflict {
    /// Which session; nothing when it is something else in an instructor's own calendar.
    pub session: Option<SessionId>,
    /// When it starts.
    pub starts_at: Timestamp,
    /// When it ends.
    pub ends_at: Timestamp,
    /// The room that both need.
    pub room: Option<String>,
    /// The instructors whom both need.
    pub instructors: Vec<PersonId>,
}

impl From<&Busy> for Conflict {
    fn from(busy: &Busy) -> Self {
        let Busy { instructor, starts_at, ends_at } = *busy;
        Self { session: None, starts_at, ends_at, room: None, instructors: vec![instructor] }
    }
}

fn double_booked(conflicts: &[Conflict]) -> String {
    let one = |conflict: &Conflict| match (&conflict.room, conflict.session) {
        (Some(room), _) => format!("room {room} at {}", conflict.starts_at),
        (None, Some(_)) => format!("an instructor at {}", conflict.starts_at),
        (None, None) => format!("an instructor at {} by their own calendar", conflict.starts_at),
    };
    let what: Vec<_> = conflicts.iter().map(one).collect();
    format!("already taken: {}", what.join(", "))
}

/// One of a group who cannot be registered.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct RefusedOne {
    /// Who.
    pub learner: PersonId,
    /// Why, as it would be answered to them alone.
    pub why: Box<Refusal>,
}

/// Every way the desk can say no.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize, thiserror::Error)]
#[serde(rename_all = "kebab-case", tag = "code")]
pub enum Refusal {
    /// The thing is not there, or the caller may not know that it is.
    #[error("this {what} does not exist, or you may not see it")]
    NotFound {
        /// What was looked for, in words.
        what: String,
    },
    /// The caller's roles or their scope do not reach.
    #[error("this needs {needed}")]
    Forbidden {
        /// Which role, and where.
        needed: String,
    },
    /// The request itself makes no sense.
    #[error("{} of the request cannot be accepted", if fields.len() == 1 { "one field" } else { "several fields" })]
    InvalidRequest {
        /// Every field that is wrong.
        fields: Vec<FieldProblem>,
    },
    /// No seat is open.
    #[error("all seats of this session are taken{}", if *waitlist_open { "; you can join the waitlist" } else { "" })]
    SessionFull {
        /// Which session.
        session: SessionId,
        /// Whether a queue may form.
        waitlist_open: bool,
        /// How long the queue is.
        waitlisted: u32,
    },
    /// Not everybody of a group can be registered, so nobody is.
    #[error("not everybody of the group can be registered, so nobody is")]
    GroupRefused {
        /// Who cannot, and why.
        refused: Vec<RefusedOne>,
    },
    /// Somebody waits together with others, for whom there are not seats enough.
    #[error("the group waits for {needed} seats, and {open} are open")]
    GroupTooLarge {
        /// Seats the group needs.
        needed: u32,
        /// Seats that are open.
        open: u32,
    },
    /// Somebody waits together with others, one of whom cannot take a seat.
    #[error("somebody of the group cannot take a seat just now")]
    GroupHeldUp,
    /// The learner's dealer has as many seats as one dealer may have.
    #[error("people of one dealer may have {most} seats of this session, and have them already")]
    DealerCapReached {
        /// How many seats.
        most: u32,
    },
    /// An instructor or a room is needed elsewhere at the time.
    #[error("{}", double_booked(conflicts))]
    DoubleBooked {
        /// With what, and why.
        conflicts: Vec<Conflict>,
    },
    /// The session is not published.
    #[error("registration for this session has not opened yet")]
    RegistrationNotOpen,
    /// Too late.
    #[error("registration for this session closed at {closed_at}")]
    RegistrationClosed {
        /// Since when.
        closed_at: Timestamp,
    },
    /// The session will not take place.
    #[error("this session has been cancelled: {reason}")]
    SessionCancelled {
        /// What learners are told.
        reason: String,
    },
    /// Courses must be completed first.
    #[error("{}", crate::prerequisite::in_words(missing))]
    PrerequisitesMissing {
        /// Which, and why each is missing.
        missing: Vec<Missing>,
    },
    /// The learner cannot be at both.
    #[error("it clashes with {} you already have, travel time included", if with.len() == 1 { "a session" } else { "sessions" })]
    Clash {
        /// What is in the way.
        with: Vec<ClashWith>,
    },
    /// The registration is over.
    #[error("this registration is already {was}")]
    AlreadyCancelled {
        /// Where it is.
        was: String,
    },
    /// There is no seat to be handed on.
    #[error("only a confirmed seat can be handed on; this registration is {was}")]
    NotConfirmed {
        /// Where it is.
        was: String,
    },
    /// There is no place in a queue to be changed.
    #[error("only a place in the waitlist has a priority; this registration is {was}")]
    NotWaiting {
        /// Where it is.
        was: String,
    },
    /// There is no request to be decided.
    #[error("only a request, or a place in the waitlist, can be declined; this registration is {was}")]
    NotRequested {
        /// Where it is.
        was: String,
    },
    /// It is too early to say who was there.
    #[error("attendance opens at {opens_at}")]
    AttendanceNotOpen {
        /// When it opens.
        opens_at: Timestamp,
    },
    /// Nobody has said of some people whether they were there.
    #[error("attendance of {} is not marked", if registrations.len() == 1 { "one person".to_owned() } else { format!("{} people", registrations.len()) })]
    AttendanceUnmarked {
        /// Whose registrations.
        registrations: Vec<RegistrationId>,
    },
    /// Cancelling this late needs a reason.
    #[error("cancelling after {late_from} is late and needs a reason")]
    LateCancellationNeedsReason {
        /// Since when it is late.
        late_from: Timestamp,
    },
    /// There is no offer to answer.
    #[error("there is no offer to answer: it was answered before, or its time ran out")]
    OfferExpired,
    /// The alternative is no longer what it was when it was shown.
    #[error("this alternative is no longer available")]
    AlternativeExpired {
        /// The session that was wanted in the first place.
        wanted: SessionId,
        /// To whom it was shown.
        learner: PersonId,
    },
    /// The capacity cannot be lowered below what is taken.
    #[error("{taken} seats are taken, so the capacity cannot be {asked}")]
    CapacityBelowTaken {
        /// The capacity that was asked for.
        asked: u32,
        /// Seats that are taken.
        taken: u32,
    },
    /// Courses would require each other.
    #[error("these courses would require each other: {}", path.join(" → "))]
    PrerequisiteCycle {
        /// The titles along the circle, the first again at its end.
        path: Vec<String>,
    },
    /// A wall clock that daylight saving skips.
    #[error("{detail}")]
    TimeDoesNotExist {
        /// What is wrong with it.
        detail: String,
    },
    /// A wall clock that daylight saving repeats.
    #[error("{detail}")]
    TimeIsAmbiguous {
        /// What is wrong with it.
        detail: String,
        /// The earlier reading.
        first: Timestamp,
        /// The later reading.
        second: Timestamp,
    },
    /// Somebody else changed it first.
    #[error("somebody else changed this {what} first: it is at version {version} now")]
    Stale {
        /// What was changed, in words.
        what: String,
        /// Its version now.
        version: u64,
    },
    /// Another request came under the same key.
    #[error("this idempotency key was used for another request")]
    IdempotencyKeyReused,
}

impl Refusal {
    /// Whether something is called missing in it of which nobody knows whether it is.
    pub fn is_in_doubt(&self) -> bool {
        match self {
            Self::PrerequisitesMissing { missing } => missing.iter().any(|one| one.why == Why::Unknown),
            Self::GroupRefused { refused } => refused.iter().any(|one| one.why.is_in_doubt()),
            _ => false,
        }
    }

    /// The thing is not there, or the caller may not know that it is.
    pub fn not_found(what: &str) -> Self {
        Self::NotFound { what: what.to_owned() }
    }

    /// The same, of the thing by which somebody was reached who may not be known of.
    #[must_use]
    pub fn of(self, what: &str) -> Self {
        if matches!(self, Self::NotFound { .. }) { Self::not_found(what) } else { self }
    }

    /// One field is wrong.
    pub fn invalid(pointer: impl Into<String>, detail: impl Into<String>) -> Self {
        Self::InvalidRequest { fields: vec![FieldProblem::new(pointer, detail)] }
    }
}

impl Fault for Refusal {
    fn kind(&self) -> Kind {
        match self {
            Self::NotFound { .. } => Kind::NotFound,
            Self::Forbidden { .. } => Kind::Forbidden,
            Self::InvalidRequest { .. }
            | Self::TimeDoesNotExist { .. }
            | Self::TimeIsAmbiguous { .. }
            | Self::IdempotencyKeyReused => Kind::Invalid,
            Self::Stale { .. } => Kind::Stale,
            Self::SessionFull { .. }
            | Self::GroupRefused { .. }
            | Self::GroupTooLarge { .. }
            | Self::GroupHeldUp
            | Self::DealerCapReached { .. }
            | Self::DoubleBooked { .. }
            | Self::RegistrationNotOpen
            | Self::RegistrationClosed { .. }
            | Self::SessionCancelled { .. }
            | Self::PrerequisitesMissing { .. }
            | Self::Clash { .. }
            | Self::AlreadyCancelled { .. }
            | Self::NotConfirmed { .. }
            | Self::NotWaiting { .. }
            | Self::NotRequested { .. }
            | Self::AttendanceNotOpen { .. }
            | Self::AttendanceUnmarked { .. }
            | Self::LateCancellationNeedsReason { .. }
            | Self::OfferExpired
            | Self::AlternativeExpired { .. }
            | Self::CapacityBelowTaken { .. }
            | Self::PrerequisiteCycle { .. } => Kind::Refused,
        }
    }

    fn code(&self) -> &'static str {
        match self {
            Self::NotFound { .. } => "not-found",
            Self::Forbidden { .. } => "forbidden",
            Self::InvalidRequest { .. } => "invalid-request",
            Self::SessionFull { .. } => "session-full",
            Self::GroupRefused { .. } => "group-refused",
            Self::GroupTooLarge { .. } => "group-too-large",
            Self::GroupHeldUp => "group-held-up",
            Self::DealerCapReached { .. } => "dealer-cap-reached",
            Self::DoubleBooked { .. } => "double-booked",
            Self::RegistrationNotOpen => "registration-not-open",
            Self::RegistrationClosed { .. } => "registration-closed",
            Self::SessionCancelled { .. } => "session-cancelled",
            Self::PrerequisitesMissing { missing } if missing.iter().all(|one| one.why == Why::Unknown) => {
                "prerequisites-unknown"
            }
            Self::PrerequisitesMissing { .. } => "prerequisites-missing",
            Self::Clash { .. } => "clash",
            Self::AlreadyCancelled { .. } => "already-cancelled",
            Self::NotConfirmed { .. } => "not-confirmed",
            Self::NotWaiting { .. } => "not-waiting",
            Self::NotRequested { .. } => "not-requested",
            Self::AttendanceNotOpen { .. } => "attendance-not-open",
            Self::AttendanceUnmarked { .. } => "attendance-unmarked",
            Self::LateCancellationNeedsReason { .. } => "late-cancellation-needs-reason",
            Self::OfferExpired => "offer-expired",
            Self::AlternativeExpired { .. } => "alternative-expired",
            Self::CapacityBelowTaken { .. } => "capacity-below-taken",
            Self::PrerequisiteCycle { .. } => "prerequisite-cycle",
            Self::TimeDoesNotExist { .. } => "time-does-not-exist",
            Self::TimeIsAmbiguous { .. } => "time-is-ambiguous",
            Self::Stale { .. } => "stale",
            Self::IdempotencyKeyReused => "idempotency-key-reused",
        }
    }

    fn facts(&self) -> Map<String, Value> {
        if let Self::SessionFull { session, waitlist_open, waitlisted } = self {
            let waitlist = json!({ "open": waitlist_open, "length": waitlisted });
            return Map::from_iter([
                ("session".to_owned(), json!(session)),
                ("waitlist".to_owned(), waitlist),
            ]);
        }
        // The refusal's own data, without the code and the sentence that stand beside it anyway.
        let Ok(Value::Object(mut facts)) = serde_json::to_value(self) else { return Map::new() };
        facts.retain(|name, _| name != "code" && name != "detail" && name != "what");
        facts
    }
}

impl Refusal {
    /// What of a record it is about, as a JSON pointer; nothing when it is about all of it.
    pub const fn pointer(&self) -> &'static str {
        match self {
            Self::TimeDoesNotExist { .. } | Self::TimeIsAmbiguous { .. } => "/parts",
            _ => "",
        }
    }
}

impl From<BadTime> for Refusal {
    fn from(bad: BadTime) -> Self {
        let detail = bad.to_string();
        match bad {
            BadTime::Skipped { .. } => Self::TimeDoesNotExist { detail },
            BadTime::Repeated { first, second, .. } => Self::TimeIsAmbiguous { detail, first, second },
            BadTime::OutOfRange { .. } => Self::invalid("/parts", detail),
        }
    }
}

impl From<BelowTaken> for Refusal {
    fn from(below: BelowTaken) -> Self {
        Self::CapacityBelowTaken { asked: below.asked, taken: below.taken }
    }
}
