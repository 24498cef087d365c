//! What a learner's manager hears of.

use crate::attendance::Outcome;
use crate::journal::Event;

/// When somebody hears of something.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Notice {
    /// As soon as it happened.
    AtOnce,
    /// With everything else of the day.
    Digest,
}

/// When the learner's manager hears of an event; never when it is nothing to them: the plan of the network, what the system
/// does on its own account, and what comes again in another event.
pub const fn for_manager(event: &Event) -> Option<Notice> {
    match event {
        // What they must act on.
        Event::Requested { .. }
        | Event::Cancelled { late: true }
        | Event::Transferred { late: true, .. }
        | Event::ClashArose { .. } => Some(Notice::AtOnce),
        Event::AttendanceSettled { outcome, .. } => match outcome {
            Outcome::NoShow => Some(Notice::AtOnce),
            Outcome::Attended | Outcome::Partial | Outcome::Excused => Some(Notice::Digest),
        },
        // What became of their people.
        Event::Registered
        | Event::AdmittedBeyond
        | Event::WalkedIn { .. }
        | Event::Approved
        | Event::Declined
        | Event::RequestLapsed
        | Event::Waitlisted { .. }
        | Event::ApprovedBeforehand
        | Event::Skipped { .. }
        | Event::OfferTaken
        | Event::OfferDeclined
        | Event::OfferLapsed
        | Event::WaitPaused
        | Event::WaitResumed
        | Event::WaitEnded
        | Event::Promoted
        | Event::Cancelled { late: false }
        | Event::Transferred { late: false, .. }
        | Event::Displaced { .. }
        | Event::Substituted { .. }
        | Event::TookOver { .. }
        | Event::EndedWithSession
        | Event::SessionMoved { .. }
        | Event::CompletionsRecorded(_)
        | Event::CompletionsWithdrawn(_) => Some(Notice::Digest),
        Event::CoursesSaved(_)
        | Event::LocationsSaved(_)
        | Event::DealersSaved(_)
        | Event::PeopleSaved(_)
        | Event::RuleSet(_)
        | Event::RuleCleared(..)
        | Event::PluginChanged { .. }
        | Event::SessionScheduled(_)
        | Event::SessionChanged(_)
        | Event::SessionPublished
        | Event::SessionCancelled
        | Event::SessionBelowMinimum { .. }
        | Event::SessionCompleted
        | Event::BlockSaved(_)
        | Event::BlockUsed(_)
        | Event::BlockRefilled(_)
        | Event::BlockNamingDue(_)
        | Event::BlockReleased(_)
        | Event::Reminded { .. }
        | Event::AttendanceMarked { .. }
        | Event::AttendanceMissing { .. }
        | Event::RequestPassedOn
        | Event::OfferMade { .. }
        | Event::OfferWarned
        | Event::Prioritised { .. }
        | Event::SeatAnnounced
        | Event::AlternativesShown(_)
        | Event::AlternativeTaken(_)
        | Event::FeedRenewed
        | Event::SeatsRecounted(_) => None,
    }
}
