//! Which sessions an entry of the journal makes due.

use std::collections::BTreeSet;

use crate::ids::{CourseId, LocationId, PersonId, SessionId};
use crate::journal::{Entry, Event};

/// What is to be looked at: sessions, and those that are not over of these courses, at these locations, or with a seat of these people.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct Concern {
    /// These.
    pub sessions: BTreeSet<SessionId>,
    /// Those of these courses: their titles are shown.
    pub courses: BTreeSet<CourseId>,
    /// Those at these locations: their addresses are shown.
    pub locations: BTreeSet<LocationId>,
    /// Those in which these people have a seat: they are booked under their addresses.
    pub people: BTreeSet<PersonId>,
}

impl Concern {
    /// Whether it is nothing at all.
    pub fn is_empty(&self) -> bool {
        let Self { sessions, courses, locations, people } = self;
        sessions.is_empty() && courses.is_empty() && locations.is_empty() && people.is_empty()
    }
}

/// What these entries make due. One session that much happened to is looked at once.
pub fn concern<'a>(entries: impl IntoIterator<Item = &'a Entry>) -> Concern {
    let mut concern = Concern::default();
    for entry in entries {
        match &entry.event {
            Event::CoursesSaved(saved) => concern.courses.extend(saved.iter().map(|it| it.id)),
            Event::LocationsSaved(saved) => concern.locations.extend(saved.iter().map(|it| it.id)),
            Event::PeopleSaved(saved) => concern.people.extend(saved.iter().map(|it| it.id)),
            event if shows(event) => concern.sessions.extend(entry.session),
            _unseen => {}
        }
    }
    concern
}

/// Whether a calendar may have to show something else of a session after it. Every event says so, that a new one is not forgotten.
const fn shows(event: &Event) -> bool {
    match event {
        Event::SessionScheduled(_)
        | Event::SessionChanged(_)
        | Event::SessionPublished
        | Event::SessionCancelled
        | Event::SessionCompleted
        | Event::BlockSaved(_)
        | Event::BlockUsed(_)
        | Event::BlockRefilled(_)
        | Event::BlockReleased(_)
        | Event::SessionMoved { .. }
        | Event::Registered
        | Event::AdmittedBeyond
        | Event::WalkedIn { .. }
        | Event::AttendanceMarked { .. }
        | Event::Requested { .. }
        | Event::Approved
        | Event::Declined
        | Event::RequestLapsed
        | Event::OfferMade { .. }
        | Event::OfferTaken
        | Event::OfferDeclined
        | Event::OfferLapsed
        | Event::WaitEnded
        | Event::Promoted
        | Event::Cancelled { .. }
        | Event::Transferred { .. }
        | Event::Displaced { .. }
        | Event::Substituted { .. }
        | Event::TookOver { .. }
        | Event::EndedWithSession
        | Event::SeatsRecounted(_) => true,
        Event::CoursesSaved(_)
        | Event::LocationsSaved(_)
        | Event::DealersSaved(_)
        | Event::PeopleSaved(_)
        | Event::CompletionsRecorded(_)
        | Event::CompletionsWithdrawn(_)
        | Event::RuleSet(_)
        | Event::RuleCleared(..)
        | Event::PluginChanged { .. }
        | Event::SessionBelowMinimum { .. }
        | Event::BlockNamingDue(_)
        | Event::ClashArose { .. }
        | Event::Reminded { .. }
        | Event::AttendanceSettled { .. }
        | Event::AttendanceMissing { .. }
        | Event::RequestPassedOn
        | Event::ApprovedBeforehand
        | Event::Waitlisted { .. }
        | Event::OfferWarned
        | Event::WaitPaused
        | Event::Prioritised { .. }
        | Event::WaitResumed
        | Event::SeatAnnounced
        | Event::Skipped { .. }
        | Event::AlternativesShown(_)
        | Event::AlternativeTaken(_)
        | Event::FeedRenewed => false,
    }
}
