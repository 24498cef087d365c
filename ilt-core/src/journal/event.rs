//! What can happen, and the entry that records it.

use jiff::Timestamp;
use serde::{Deserialize, Serialize};
use uuid::Uuid;

use crate::attendance::{Mark, Outcome, Stay};
use crate::catalog::{Completion, Course, Dealer, Location, Person};
use crate::desk::{ClashWith, Refusal};
use crate::ids::{AlternativeId, DealerId, EventId, GroupId, PersonId, RegistrationId, SessionId};
use crate::journal::Actor;
use crate::opinion::Speaker;
use crate::plugin::{Plugin, Step};
use crate::policy::{Override, Rule, Scope};
use crate::ranking::Shown;
use crate::registration::Priority;
use crate::session::{Block, Seats, Session};

/// What happened. Which session, learner and registration it happened to is said by the [`Entry`].
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum Event {
    /// Courses were added or changed.
    CoursesSaved(Vec<Course>),
    /// Locations were added or changed.
    LocationsSaved(Vec<Location>),
    /// Dealers were added or changed.
    DealersSaved(Vec<Dealer>),
    /// People were added or changed; without names and mail addresses.
    PeopleSaved(Vec<Person>),
    /// People completed courses.
    CompletionsRecorded(Vec<Completion>),
    /// Completions were recorded that a corrected attendance does not bear out.
    CompletionsWithdrawn(Vec<Completion>),
    /// A rule was set.
    RuleSet(Override),
    /// A rule was set back to the next wider scope.
    RuleCleared(Scope, Rule),
    /// A plugin was added or changed; as it is now, or as it was last when it is used no more.
    PluginChanged {
        /// What was done.
        did: Step,
        /// The plugin.
        plugin: Box<Plugin>,
    },
    /// A session was planned.
    SessionScheduled(Box<Session>),
    /// A session's plan was changed; as it is now.
    SessionChanged(Box<Session>),
    /// A session was opened to learners.
    SessionPublished,
    /// A session will not take place; the reason is the entry's.
    SessionCancelled,
    /// So few people are registered that it may be cancelled.
    SessionBelowMinimum {
        /// People who have a seat.
        confirmed: u32,
        /// People there must be.
        minimum: u32,
        /// Whether it is time to decide; a warning before.
        decide: bool,
    },
    /// It took place, and everybody's attendance is known.
    SessionCompleted,
    /// Seats were set aside for a dealer, or more or fewer than before.
    BlockSaved(Block),
    /// One of a dealer's people takes a seat that was set aside for it.
    BlockUsed(DealerId),
    /// One of a dealer's people gave a seat back that is set aside again.
    BlockRefilled(DealerId),
    /// It is time for a dealer to say who takes the seats that are set aside for it.
    BlockNamingDue(DealerId),
    /// What was set aside for a dealer is open to everybody.
    BlockReleased(DealerId),
    /// The time, place, room or instructors of the learner's session changed.
    SessionMoved {
        /// When it was to start.
        from: Timestamp,
        /// When it starts now.
        to: Timestamp,
        /// Whether one of its parts has another time or length, or there are more or fewer.
        #[serde(default)]
        other_times: bool,
        /// Whether it takes place at another location; in entries of older versions, also in another room.
        elsewhere: bool,
        /// Whether it takes place in another room.
        #[serde(default)]
        other_room: bool,
        /// Whether somebody else teaches.
        other_instructors: bool,
        /// Parts, counted from 1, of which the learner's mark is none any more: it was made before attendance opens now, or there is no
        /// such part.
        #[serde(default, skip_serializing_if = "Vec::is_empty")]
        unmarked: Vec<u32>,
    },
    /// The session was moved onto something else that the learner has to attend or to teach. They may leave it without being late.
    ClashArose {
        /// What is in the way, earliest first.
        with: Vec<ClashWith>,
    },
    /// The learner was reminded of the session.
    Reminded {
        /// Days before its start.
        days: u32,
    },
    /// A learner took an open seat.
    Registered,
    /// A learner was let in by an admin although no seat was open; the reason is the entry's.
    AdmittedBeyond,
    /// A learner came without a registration, and was let in by whoever teaches.
    WalkedIn {
        /// Beyond the capacity.
        beyond: bool,
    },
    /// How long a learner was at one part of the session; in the place of what was known of it.
    AttendanceMarked {
        /// The part, counted from 1.
        part: u32,
        /// How long.
        mark: Mark,
    },
    /// What a learner's marks came to, when the session was completed or a mark was corrected since.
    AttendanceSettled {
        /// What.
        outcome: Outcome,
        /// How long they were there; not said by older versions.
        #[serde(default, skip_serializing_if = "Option::is_none")]
        stay: Option<Stay>,
    },
    /// The session is over, and somebody's attendance is not marked.
    AttendanceMissing {
        /// How many people's.
        unmarked: u32,
        /// Whether the admin is told, and not the instructor only.
        escalated: bool,
    },
    /// A learner wants a seat, which is kept until somebody has approved.
    Requested {
        /// When the request lapses.
        until: Timestamp,
        /// The seat in another session that is given back once it is approved.
        #[serde(default, skip_serializing_if = "Option::is_none")]
        gives_back: Option<RegistrationId>,
    },
    /// Half of the time to approve is over: whoever stands in is asked as well.
    RequestPassedOn,
    /// Whoever must approve said yes.
    Approved,
    /// Whoever must approve said yes to one who still waits for a seat.
    ApprovedBeforehand,
    /// Whoever must approve said no; the reason is the entry's.
    Declined,
    /// Nobody approved in time.
    RequestLapsed,
    /// A learner joined the queue.
    Waitlisted {
        /// "Book me without asking."
        automatic: bool,
        /// The seat in another session that is given back for the one waited for.
        #[serde(default, skip_serializing_if = "Option::is_none")]
        gives_back: Option<RegistrationId>,
        /// The people who wait together, all or none.
        #[serde(default, skip_serializing_if = "Option::is_none")]
        group: Option<GroupId>,
    },
    /// A seat that came free is kept for the learner.
    OfferMade {
        /// When the offer expires.
        until: Timestamp,
        /// When the learner is warned that it does.
        warn_at: Timestamp,
    },
    /// Half of the time that an offer lasts is over.
    OfferWarned,
    /// The learner took the seat that was offered.
    OfferTaken,
    /// The learner said no, and keeps the place in the queue.
    OfferDeclined,
    /// Nobody answered in time.
    OfferLapsed,
    /// So many offers lapsed in a row that the place is passed over from now on; it is kept.
    WaitPaused,
    /// The place comes earlier than by its time of joining, or no longer does.
    Prioritised {
        /// How much earlier, and why; nothing for the order of joining.
        priority: Option<Priority>,
        /// Whose rule it is, where a dealer's plugin says so.
        #[serde(default, skip_serializing_if = "Option::is_none")]
        by: Option<Box<Speaker>>,
    },
    /// The learner still wants a seat.
    WaitResumed,
    /// There is a seat shortly before the start, for the first of all who wait to accept it.
    SeatAnnounced,
    /// It is too late to be offered a seat.
    WaitEnded,
    /// The learner was booked from the queue without asking, as they wished.
    Promoted,
    /// The learner was passed over, with the reason, and stays in line.
    Skipped {
        /// Why no seat could be given.
        why: Refusal,
    },
    /// The registration was given back.
    Cancelled {
        /// Inside the time in which it counts as late.
        late: bool,
    },
    /// The seat was given up for one in another session, in one step.
    Transferred {
        /// The registration there.
        to: RegistrationId,
        /// Inside the time in which giving a seat back counts as late.
        late: bool,
    },
    /// The session has fewer seats now, and the learner is one of those who go; the reason is the entry's.
    Displaced {
        /// The registration in another session, where there is one.
        to: Option<RegistrationId>,
    },
    /// Somebody else has the seat now, in one step.
    Substituted {
        /// The registration of whoever comes instead.
        to: RegistrationId,
    },
    /// The learner has the seat of somebody else, who cannot come.
    TookOver {
        /// The registration that had it.
        of: RegistrationId,
    },
    /// The registration ended because the session was cancelled.
    EndedWithSession,
    /// Alternatives were shown to the learner, best first.
    AlternativesShown(Vec<Shown>),
    /// An alternative that was shown led to the entry's registration.
    AlternativeTaken(AlternativeId),
    /// A person asked for a new secret calendar address; the old one is void.
    FeedRenewed,
    /// The seats of a session differed from its people, and are right again.
    SeatsRecounted(Seats),
}

impl Event {
    /// Whether it gives somebody who had none a seat within the capacity, for good or for a while.
    pub(crate) const fn takes_a_seat(&self) -> bool {
        matches!(
            self,
            Self::Registered
                | Self::Requested { .. }
                | Self::OfferMade { .. }
                | Self::OfferTaken
                | Self::Promoted
                | Self::WalkedIn { beyond: false }
        )
    }

    /// Whether it tells a learner that their session has another time or place.
    pub(crate) fn reschedules(&self) -> bool {
        matches!(self, Self::SessionMoved { from, to, other_times, elsewhere, .. }
            if from != to || *other_times || *elsewhere)
    }

    /// Whether it confirms a seat to somebody who had none.
    pub const fn confirms(&self) -> bool {
        matches!(
            self,
            Self::Registered
                | Self::AdmittedBeyond
                | Self::WalkedIn { .. }
                | Self::Approved
                | Self::OfferTaken
                | Self::Promoted
                | Self::TookOver { .. }
        )
    }

    /// The stable word for it, such as `registration.confirmed`.
    pub const fn word(&self) -> &'static str {
        match self {
            Self::CoursesSaved(_) => "courses.saved",
            Self::LocationsSaved(_) => "locations.saved",
            Self::DealersSaved(_) => "dealers.saved",
            Self::PeopleSaved(_) => "people.saved",
            Self::CompletionsRecorded(_) => "completions.recorded",
            Self::RuleSet(_) => "rule.set",
            Self::RuleCleared(..) => "rule.cleared",
            Self::PluginChanged { did, .. } => did.word(),
            Self::SessionScheduled(_) => "session.scheduled",
            Self::SessionChanged(_) => "session.changed",
            Self::SessionPublished => "session.published",
            Self::SessionCancelled => "session.cancelled",
            Self::SessionBelowMinimum { .. } => "session.below-minimum",
            Self::SessionCompleted => "session.completed",
            Self::BlockSaved(_) => "block.saved",
            Self::BlockUsed(_) => "block.used",
            Self::BlockRefilled(_) => "block.refilled",
            Self::BlockNamingDue(_) => "block.naming-due",
            Self::BlockReleased(_) => "block.released",
            Self::SessionMoved { .. } => "registration.session-moved",
            Self::ClashArose { .. } => "registration.clash-arose",
            Self::Reminded { .. } => "registration.reminded",
            Self::Registered => "registration.confirmed",
            Self::WalkedIn { .. } => "registration.walked-in",
            Self::AttendanceMarked { .. } => "attendance.marked",
            Self::AttendanceSettled { .. } => "attendance.settled",
            Self::AttendanceMissing { .. } => "attendance.missing",
            Self::CompletionsWithdrawn(_) => "completions.withdrawn",
            Self::AdmittedBeyond => "registration.admitted-beyond-capacity",
            Self::Requested { .. } => "registration.requested",
            Self::RequestPassedOn => "registration.request-passed-on",
            Self::Approved => "registration.approved",
            Self::ApprovedBeforehand => "registration.approved-beforehand",
            Self::Declined => "registration.declined",
            Self::RequestLapsed => "registration.request-lapsed",
            Self::Waitlisted { .. } => "registration.waitlisted",
            Self::OfferMade { .. } => "registration.offered",
            Self::OfferWarned => "registration.offer-warned",
            Self::OfferTaken => "registration.offer-taken",
            Self::OfferDeclined => "registration.offer-declined",
            Self::OfferLapsed => "registration.offer-lapsed",
            Self::WaitPaused => "registration.wait-paused",
            Self::Prioritised { .. } => "registration.prioritised",
            Self::WaitResumed => "registration.wait-resumed",
            Self::SeatAnnounced => "registration.seat-announced",
            Self::WaitEnded => "registration.not-placed",
            Self::Promoted => "registration.promoted",
            Self::Skipped { .. } => "registration.skipped",
            Self::Cancelled { .. } => "registration.cancelled",
            Self::Transferred { .. } => "registration.transferred",
            Self::Displaced { .. } => "registration.displaced",
            Self::Substituted { .. } => "registration.substituted",
            Self::TookOver { .. } => "registration.took-over",
            Self::EndedWithSession => "registration.session-cancelled",
            Self::AlternativesShown(_) => "alternatives.shown",
            Self::AlternativeTaken(_) => "alternative.taken",
            Self::FeedRenewed => "feed.renewed",
            Self::SeatsRecounted(_) => "session.seats-recounted",
        }
    }
}

/// One line of the journal.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
pub struct Entry {
    /// Its number, without gaps, in commit order; 0 until it is saved.
    pub sequence: u64,
    /// Its id.
    pub id: EventId,
    /// When it happened.
    pub at: Timestamp,
    /// Who did it.
    pub actor: Actor,
    /// To which session.
    pub session: Option<SessionId>,
    /// To whom.
    pub learner: Option<PersonId>,
    /// To which registration.
    pub registration: Option<RegistrationId>,
    /// Why, as the actor said.
    pub reason: Option<String>,
    /// Ties together what one request caused.
    pub correlation: Uuid,
    /// What happened.
    pub event: Event,
    /// The session's seats afterwards, when it happened to one.
    pub seats: Option<Seats>,
}
