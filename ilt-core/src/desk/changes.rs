//! What a batch changed: rows as they are now, the journal, and what must happen later.

use std::collections::BTreeMap;

use jiff::Timestamp;
use uuid::Uuid;

use crate::catalog::{Completion, Course, Dealer, Location, Person};
use crate::desk::{Answer, Command, Key};
use crate::ids::{PersonId, PluginId, RegistrationId, SessionId};
use crate::journal::Entry;
use crate::plugin::Plugin;
use crate::policy::{Override, Rule, Scope};
use crate::ranking::Shown;
use crate::registration::Registration;
use crate::session::{Block, Seats, Session};

/// A session's seats after the batch.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Ledger {
    /// Whose.
    pub session: SessionId,
    /// The numbers.
    pub seats: Seats,
    /// What is set aside, in order of dealer.
    pub blocks: Vec<Block>,
    /// When seats last came free.
    pub freed_at: Option<Timestamp>,
}

impl From<&Session> for Ledger {
    fn from(session: &Session) -> Self {
        let Session { id, seats, blocks, freed_at, .. } = session;
        Self { session: *id, seats: *seats, blocks: blocks.clone(), freed_at: *freed_at }
    }
}

/// The answer to a request, kept for its repetition.
#[derive(Debug, Clone, PartialEq)]
pub struct Remembered {
    /// Of which request.
    pub key: Key,
    /// Digest of its body: another body under the same key is refused.
    pub digest: String,
    /// What was answered.
    pub answer: Answer,
    /// When.
    pub at: Timestamp,
}

/// What sort of thing is to happen at a time.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub enum TimerKind {
    /// Half of an offer's time is over.
    OfferWarning,
    /// An offer expires.
    OfferLapse,
    /// It is too late for those who wait.
    WaitEnd,
    /// Half of the time to approve is over.
    RequestReminder,
    /// A request lapses.
    RequestLapse,
    /// A session has seats for its queue.
    QueueTurn,
    /// A session may have too few people.
    Minimum,
    /// Something is to happen to a session's seat blocks.
    Blocks,
    /// A session is over, and attendance may not be marked.
    Unmarked,
    /// People are to be reminded of a session.
    Reminders,
    /// A seat clashes since its session was moved: its learner is to be shown what can be taken instead.
    ClashHelp,
}

impl TimerKind {
    /// Every kind.
    pub const ALL: [Self; 11] = [
        Self::OfferWarning,
        Self::OfferLapse,
        Self::WaitEnd,
        Self::RequestReminder,
        Self::RequestLapse,
        Self::QueueTurn,
        Self::Minimum,
        Self::Blocks,
        Self::Unmarked,
        Self::Reminders,
        Self::ClashHelp,
    ];

    /// Those of registrations.
    pub const OF_REGISTRATIONS: [Self; 6] = [
        Self::OfferWarning,
        Self::OfferLapse,
        Self::WaitEnd,
        Self::RequestReminder,
        Self::RequestLapse,
        Self::ClashHelp,
    ];

    /// The word used in the database.
    pub const fn word(self) -> &'static str {
        match self {
            Self::OfferWarning => "offer-warning",
            Self::OfferLapse => "offer-lapse",
            Self::WaitEnd => "wait-end",
            Self::RequestReminder => "request-reminder",
            Self::RequestLapse => "request-lapse",
            Self::QueueTurn => "queue-turn",
            Self::Minimum => "minimum",
            Self::Blocks => "blocks",
            Self::Unmarked => "unmarked",
            Self::Reminders => "reminders",
            Self::ClashHelp => "clash-help",
        }
    }

    /// The kind that `word` names.
    pub fn from_word(word: &str) -> Option<Self> {
        Self::ALL.into_iter().find(|kind| kind.word() == word)
    }
}

/// Something that must happen at a time. There is one for each kind and subject; setting it again moves it.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Timer {
    /// What.
    pub kind: TimerKind,
    /// To which registration or session.
    pub subject: Uuid,
    /// When.
    pub due: Timestamp,
}

impl Timer {
    /// What is asked of the desk when it is due.
    pub const fn command(&self) -> Command {
        let (registration, session) = (RegistrationId(self.subject), SessionId(self.subject));
        match self.kind {
            TimerKind::OfferWarning => Command::WarnOffer { registration },
            TimerKind::OfferLapse => Command::LapseOffer { registration },
            TimerKind::WaitEnd => Command::EndWait { registration, shown: Vec::new() },
            TimerKind::RequestReminder => Command::PassOnRequest { registration },
            TimerKind::RequestLapse => Command::LapseRequest { registration },
            TimerKind::QueueTurn => Command::TurnQueue { session },
            TimerKind::Minimum => Command::WeighMinimum { session, proposals: Vec::new() },
            TimerKind::Blocks => Command::TurnBlocks { session },
            TimerKind::Unmarked => Command::ChaseMarks { session },
            TimerKind::Reminders => Command::RemindLearners { session },
            TimerKind::ClashHelp => Command::HelpClash { registration, shown: Vec::new() },
        }
    }
}

/// Everything one transaction saves. Rows are as they are after the batch; saving one again overwrites it.
#[derive(Debug, Clone, Default, PartialEq)]
pub struct Changes {
    /// Courses that were added or changed.
    pub courses: Vec<Course>,
    /// Locations that were added or changed.
    pub locations: Vec<Location>,
    /// Dealers that were added or changed.
    pub dealers: Vec<Dealer>,
    /// People who were added or changed, with names and mail addresses.
    pub people: Vec<Person>,
    /// Completions that were added.
    pub completions: Vec<Completion>,
    /// Completions that are no more.
    pub completions_withdrawn: Vec<Completion>,
    /// Sessions whose plan or status was added or changed, seats included.
    pub sessions: Vec<Session>,
    /// Sessions of which only the seats changed.
    pub ledgers: Vec<Ledger>,
    /// Registrations that were added or changed.
    pub registrations: Vec<Registration>,
    /// Alternatives that were shown, or taken since.
    pub shown: Vec<Shown>,
    /// Rules that were set.
    pub rules_set: Vec<Override>,
    /// Rules that were set back.
    pub rules_cleared: Vec<(Scope, Rule)>,
    /// Plugins that were added or changed; none where one is used no more.
    pub plugins: BTreeMap<PluginId, Option<Plugin>>,
    /// Secret calendar addresses: whose, and the digest of the secret.
    pub feeds: Vec<(PersonId, String)>,
    /// Answers to be kept for repeated requests.
    pub remembered: Vec<Remembered>,
    /// Timers to set, with when they are due, and to clear.
    pub timers: BTreeMap<(TimerKind, Uuid), Option<Timestamp>>,
    /// The journal's new entries, in order; numbered when they are saved.
    pub entries: Vec<Entry>,
}

impl Changes {
    /// Whether there is nothing to save.
    pub fn is_empty(&self) -> bool {
        *self == Self::default()
    }
}
