//! What can be asked of the desk.

use jiff::Timestamp;
use serde::{Deserialize, Serialize};
use uuid::Uuid;

use crate::catalog::{CompletedOn, Completion, Course, Dealer, Location, Person, Preferences};
use crate::desk::{Help, SessionPlan};
use crate::ids::{AlternativeId, DealerId, PersonId, RegistrationId, SessionId};
use crate::plugin::Change;
use crate::policy::{Override, Rule, Scope};
use crate::ranking::Shown;
use crate::registration::Priority;
use crate::schedule::Zone;

/// What to do when no seat is open.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default, Serialize, Deserialize)]
#[serde(rename_all = "kebab-case")]
pub enum OnFull {
    /// Refuse, so that alternatives can be shown.
    #[default]
    Alternatives,
    /// Join the queue.
    Waitlist,
    /// Let the learner in beyond the capacity; for admins, with a reason.
    BeyondCapacity,
}

/// Somebody who has to go when a session has fewer seats.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize)]
pub struct Displaced {
    /// Whose registration.
    pub registration: RegistrationId,
    /// To which session; nowhere when absent.
    pub to: Option<SessionId>,
}

/// How long somebody was there, as whoever saw it says.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct MarkPlan {
    /// Whose registration.
    pub registration: RegistrationId,
    /// Which part, counted from 1.
    pub part: u32,
    /// Minutes they were there; the whole part when absent.
    pub minutes: Option<u32>,
    /// They were away with an excuse for what is left.
    pub excused: bool,
    /// When it was seen; now when absent.
    pub at: Option<Timestamp>,
    /// What the device calls the mark.
    pub client: Option<Uuid>,
    /// Why, when it corrects another after the session was completed.
    pub reason: Option<String>,
}

impl MarkPlan {
    /// Somebody was there for a whole part.
    pub const fn whole(registration: RegistrationId, part: u32) -> Self {
        Self { registration, part, minutes: None, excused: false, at: None, client: None, reason: None }
    }
}

/// Seats that are to be set aside.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct BlockPlan {
    /// For whom.
    pub dealer: DealerId,
    /// How many, taken ones included.
    pub seats: u32,
    /// By when the dealer is to say who comes; by the rule when absent.
    pub name_by: Option<Timestamp>,
    /// When what is left is open to everybody; by the rule when absent.
    pub release_at: Option<Timestamp>,
}

/// One thing that somebody wants done.
#[derive(Debug, Clone, PartialEq)]
pub enum Command {
    /// Claim a seat, or a place in the queue.
    Register {
        /// Of which session.
        session: SessionId,
        /// For whom.
        learner: PersonId,
        /// What to do when no seat is open.
        on_full: OnFull,
        /// "Book me without asking" when it comes to the queue.
        automatic: bool,
        /// Why, when an admin overrides a clash, or lets the learner in beyond the capacity.
        reason: Option<String>,
    },
    /// Claim a seat in a session that was shown as an alternative.
    TakeAlternative {
        /// The alternative as it was shown.
        alternative: AlternativeId,
    },
    /// Give a registration back.
    Cancel {
        /// Which one.
        registration: RegistrationId,
        /// Why; needed when it is late.
        reason: Option<String>,
    },
    /// Move a seat to another session, in one step.
    Transfer {
        /// The registration to be left.
        registration: RegistrationId,
        /// The session to go to.
        session: SessionId,
        /// Why; needed when it is late.
        reason: Option<String>,
    },
    /// Wait for a better session while holding a seat, which is given back for the one waited for.
    Swap {
        /// The registration that has the seat.
        registration: RegistrationId,
        /// The session to wait for; an open seat there is taken at once.
        session: SessionId,
        /// "Book me without asking" when it comes to the queue.
        automatic: bool,
        /// Why; needed when a seat that is open is taken and the other one given back late.
        reason: Option<String>,
    },
    /// Claim seats, or places in the queue, for several people: all of them or none.
    RegisterGroup {
        /// Of which session.
        session: SessionId,
        /// For whom.
        learners: Vec<PersonId>,
        /// What to do when not enough seats are open.
        on_full: OnFull,
        /// "Book them without asking" when it comes to the queue.
        automatic: bool,
    },
    /// Give the open seats of a session to its queue.
    TurnQueue {
        /// Which session.
        session: SessionId,
    },
    /// Have somebody else come instead, in one step.
    Substitute {
        /// The registration whose seat it is.
        registration: RegistrationId,
        /// Who comes instead.
        learner: PersonId,
        /// Why, as whoever asks says.
        reason: Option<String>,
    },
    /// Take the seat that is offered.
    TakeOffer {
        /// Of which registration.
        registration: RegistrationId,
    },
    /// Let the offered seat go to the next in line, and keep the place.
    DeclineOffer {
        /// Of which registration.
        registration: RegistrationId,
    },
    /// Half of an offer's time is over.
    WarnOffer {
        /// Of which registration.
        registration: RegistrationId,
    },
    /// An offer's time is up.
    LapseOffer {
        /// Of which registration.
        registration: RegistrationId,
    },
    /// Be offered seats again, after offers had lapsed.
    ResumeWait {
        /// Which registration.
        registration: RegistrationId,
    },
    /// Let one who waits come before others, or no longer.
    Prioritise {
        /// Which registration.
        registration: RegistrationId,
        /// How much earlier, and why; nothing for the order of joining.
        priority: Option<Priority>,
    },
    /// Put one who waits where the rules of their dealer want them now ([`crate::desk::Order::granted`]).
    Reconsider {
        /// Which registration.
        registration: RegistrationId,
        /// How much earlier they came when the rules were asked; whoever was put elsewhere since then stays there.
        was: Option<Priority>,
    },
    /// Say yes to a request, or beforehand to one who waits.
    Approve {
        /// Of which registration.
        registration: RegistrationId,
    },
    /// Say no to a request, or to one who waits.
    Decline {
        /// Of which registration.
        registration: RegistrationId,
        /// What the learner is told.
        reason: String,
    },
    /// Half of the time to approve is over.
    PassOnRequest {
        /// Of which registration.
        registration: RegistrationId,
    },
    /// The time to approve is over.
    LapseRequest {
        /// Of which registration.
        registration: RegistrationId,
    },
    /// It is too late for one who waits.
    EndWait {
        /// Which registration.
        registration: RegistrationId,
        /// What they can take instead, best first.
        shown: Vec<Shown>,
    },
    /// A seat clashes since its session was moved: show its learner what can be taken instead.
    HelpClash {
        /// Which registration.
        registration: RegistrationId,
        /// What they can take instead, best first.
        shown: Vec<Shown>,
    },
    /// Record which alternatives were shown.
    Show {
        /// To whom.
        learner: PersonId,
        /// Instead of which session.
        wanted: SessionId,
        /// What was shown, best first.
        shown: Vec<Shown>,
    },
    /// Record what would help somebody who was refused, alternatives among it.
    Help {
        /// Whom.
        learner: PersonId,
        /// Who was refused which session.
        wanted: SessionId,
        /// What would help.
        help: Box<Help>,
    },
    /// Hear again what was answered under the key; nothing is done when that was nothing.
    Recall {
        /// About which session.
        session: SessionId,
    },
    /// Add courses, or change those that exist.
    SaveCourses(Vec<Course>),
    /// Add locations, or change those that exist.
    SaveLocations(Vec<Location>),
    /// Add dealers, or change those that exist.
    SaveDealers(Vec<Dealer>),
    /// Add people, or change those that exist.
    SavePeople(Vec<Person>),
    /// Say what the actor would rather have.
    SavePreferences {
        /// All of it.
        preferences: Preferences,
        /// The zone they live by.
        zone: Zone,
        /// The version they saw.
        version: u64,
    },
    /// Record that people completed courses.
    RecordCompletions(Vec<Completion>),
    /// The same, where only the days are known.
    RecordDays(Vec<CompletedOn>),
    /// Plan sessions, or change the plan of those that exist.
    SaveSessions {
        /// The plans.
        plans: Vec<SessionPlan>,
        /// Sessions of the past may be among them (an import of history).
        historic: bool,
    },
    /// Open a session to learners.
    PublishSession {
        /// Which one.
        session: SessionId,
        /// The version the caller saw.
        version: Option<u64>,
    },
    /// Say how long people were there.
    MarkAttendance {
        /// At which session.
        session: SessionId,
        /// Whom, and how long.
        marks: Vec<MarkPlan>,
    },
    /// Somebody proved that they are there.
    CheckIn {
        /// Whose registration.
        registration: RegistrationId,
    },
    /// Let somebody in who came without a registration.
    WalkIn {
        /// To which session.
        session: SessionId,
        /// Whom.
        learner: PersonId,
        /// Why, as whoever teaches says.
        reason: Option<String>,
    },
    /// The session took place, and everybody's attendance is marked.
    CompleteSession {
        /// Which one.
        session: SessionId,
    },
    /// See whether somebody's attendance is not marked.
    ChaseMarks {
        /// At which session.
        session: SessionId,
    },
    /// Call a session off.
    CancelSession {
        /// Which one.
        session: SessionId,
        /// What learners are told.
        reason: String,
        /// What its people can take instead, worked out for all of them together.
        proposals: Vec<Shown>,
    },
    /// See whether enough people come.
    WeighMinimum {
        /// To which session.
        session: SessionId,
        /// What its people can take instead, should it be cancelled.
        proposals: Vec<Shown>,
    },
    /// Remind those whose reminder is due.
    RemindLearners {
        /// Of which session.
        session: SessionId,
    },
    /// Change how many seats a session has, and say who goes where when there are too few.
    Resize {
        /// Which one.
        session: SessionId,
        /// Seats there are to be.
        capacity: u32,
        /// Who goes, and where to.
        displaced: Vec<Displaced>,
        /// What those who go are told.
        reason: Option<String>,
        /// The version the caller saw.
        version: Option<u64>,
    },
    /// Make the seats of a session those that its people have.
    RecountSeats {
        /// Of which session.
        session: SessionId,
    },
    /// Set seats aside for a dealer, or more or fewer than before.
    SaveBlock {
        /// Of which session.
        session: SessionId,
        /// What is set aside.
        block: BlockPlan,
    },
    /// Open to everybody what is set aside for a dealer.
    ReleaseBlock {
        /// Of which session.
        session: SessionId,
        /// For whom it is set aside.
        dealer: DealerId,
    },
    /// Do what is due to a session's seat blocks.
    TurnBlocks {
        /// Of which session.
        session: SessionId,
    },
    /// Set a rule.
    SetRule(Override),
    /// Use a plugin, or change how it is used; for admins, and for whoever looks after the dealer whose it is.
    ChangePlugin(Box<Change>),
    /// Set a rule back to the next wider scope.
    ClearRule(Scope, Rule),
    /// Give the actor a new secret calendar address.
    RenewFeed {
        /// Digest of the secret; the secret itself is never saved.
        digest: String,
    },
}
