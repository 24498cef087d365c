//! What is told to whoever is asked about notices: ids and facts, never a name, a mail address or a text that somebody wrote.

use std::collections::BTreeMap;

use jiff::Timestamp;
use jiff::civil::DateTime;
use serde::Serialize;

use crate::attendance::Outcome;
use crate::catalog::Person;
use crate::ids::{CourseId, DealerId, PersonId, SessionId};
use crate::journal::{Entry, Event};
use crate::notice::advice::Planned;
use crate::notice::for_manager;
use crate::notice::telling::learners;
use crate::schedule::Zone;
use crate::session::Session;

/// What somebody is to the learner, or to the session, that they are told of it.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize)]
#[serde(rename_all = "kebab-case")]
pub enum ToldAs {
    /// It happened to them.
    Learner,
    /// They lead the learner.
    Manager,
    /// They may approve what the learner asks for.
    Approver,
    /// They teach the session.
    Instructor,
    /// They look after the learner's dealer.
    DealerAdmin,
    /// They look after everything.
    Admin,
}

impl ToldAs {
    /// All there are.
    pub const ALL: [Self; 6] =
        [Self::Learner, Self::Manager, Self::Approver, Self::Instructor, Self::DealerAdmin, Self::Admin];

    /// The word used in the API.
    pub const fn word(self) -> &'static str {
        match self {
            Self::Learner => "learner",
            Self::Manager => "manager",
            Self::Approver => "approver",
            Self::Instructor => "instructor",
            Self::DealerAdmin => "dealer-admin",
            Self::Admin => "admin",
        }
    }
}

/// How soon somebody is told.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Pace {
    /// As soon as it happened, whatever the hour.
    Urgent,
    /// As soon as it happened.
    AtOnce,
    /// With everything else of the day.
    Digest,
}

/// What happened, as far as rules may know.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Happening {
    /// Its word, such as `registration.cancelled`.
    pub kind: &'static str,
    /// When.
    pub at: Timestamp,
    /// To which session.
    pub session: Option<SessionId>,
    /// Of which course.
    pub course: Option<CourseId>,
    /// When the session begins.
    pub starts_at: Option<Timestamp>,
    /// To whom.
    pub learner: PersonId,
    /// Whose rules these are.
    pub dealer: Option<DealerId>,
    /// What an attendance that is settled came to.
    pub outcome: Option<Outcome>,
    /// How often the learner did not come in the 365 days up to now, this time included.
    pub no_shows: u32,
    /// Whether a seat was given back inside the time that counts as late.
    pub late: bool,
}

/// That somebody will be told.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Notification {
    /// Who.
    pub person: PersonId,
    /// As what.
    pub told_as: ToldAs,
    /// How soon.
    pub pace: Pace,
    /// Whether they would not have to be told.
    pub may_be_muted: bool,
    /// The zone they live by.
    pub zone: Zone,
}

/// What whoever has rules of their own is asked about notices.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Telling {
    /// What happened.
    pub happening: Happening,
    /// Who will be told of it.
    pub notices: Vec<Notification>,
}

impl Telling {
    /// What the clock of whoever is told showed when it happened.
    pub fn clock_of(&self, notice: &Notification) -> DateTime {
        self.happening.at.to_zoned(notice.zone.rules().clone()).datetime()
    }
}

/// What is known beside an entry of the journal.
pub struct Known<'a> {
    /// Everybody; who is not in it is not told.
    pub people: &'a BTreeMap<PersonId, Person>,
    /// The entry's session.
    pub session: Option<&'a Session>,
    /// How often somebody did not come in the 365 days up to the entry, with what it tells of.
    pub no_shows: &'a (dyn Fn(PersonId) -> u32 + Sync),
}

/// What is asked about an entry of the journal: a question for each learner to whom it happened, in the order of their ids, also where
/// nobody is told of it yet. None when it is nothing to anybody.
pub fn tellings(entry: &Entry, planned: &[Planned], known: &Known<'_>) -> Vec<Telling> {
    if planned.is_empty() && for_manager(&entry.event).is_none() {
        return Vec::new();
    }
    let telling = |learner: PersonId| {
        let notice = |it: &Planned| {
            let Planned { person, told_as, pace, may_be_muted, .. } = *it;
            let zone = known.people.get(&person)?.zone.clone();
            Some(Notification { person, told_as, pace, may_be_muted, zone })
        };
        Some(Telling {
            happening: happening(entry, known.people.get(&learner)?, known),
            notices: planned.iter().filter(|it| it.learner == learner).filter_map(notice).collect(),
        })
    };
    learners(entry).into_iter().filter_map(telling).collect()
}

fn happening(entry: &Entry, learner: &Person, known: &Known<'_>) -> Happening {
    Happening {
        kind: entry.event.word(),
        at: entry.at,
        session: entry.session,
        course: known.session.map(|session| session.course),
        starts_at: known.session.map(Session::starts_at),
        learner: learner.id,
        dealer: learner.dealer,
        outcome: match entry.event {
            Event::AttendanceSettled { outcome, .. } => Some(outcome),
            _ => None,
        },
        no_shows: (known.no_shows)(learner.id),
        late: matches!(entry.event, Event::Cancelled { late: true } | Event::Transferred { late: true, .. }),
    }
}
