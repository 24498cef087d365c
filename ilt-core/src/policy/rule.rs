//! The list of rules: their words, units, limits and defaults (PRODUCT.md, "Rules and their defaults").

use serde::{Deserialize, Serialize};

/// A rule whose value can be set. Every value is a whole number of the rule's unit; a switch is 0 or 1.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize, Deserialize)]
#[serde(rename_all = "kebab-case")]
pub enum Rule {
    /// Business days before the start at which registration closes.
    RegistrationCloses,
    /// Business days before the start inside which cancelling a travel course is late.
    LateTravel,
    /// Hours before the start inside which cancelling a local course is late.
    LateLocal,
    /// Whether a full session keeps a waitlist.
    Waitlist,
    /// Hours an offer lasts when the start is over 14 days away.
    OfferFar,
    /// Hours an offer lasts when the start is 14 to 3 days away.
    OfferNear,
    /// Hours an offer lasts, counted by day only, when the start is under 3 days away.
    OfferSoon,
    /// Hours before the start inside which everybody who waits is told at once, and the first to accept wins.
    OfferEverybody,
    /// Hours before the start inside which nothing is offered any more.
    OfferNever,
    /// Offers in a row that lapse before a place in the queue is paused; 0 for never.
    WaitlistPause,
    /// Days before the start until which "book me without asking" books.
    AutomaticUntil,
    /// Whether somebody else must approve before a seat is confirmed.
    Approval,
    /// Business days that a request holds a seat before it lapses.
    ApprovalDays,
    /// Days before the start at which a session with too few people is warned of.
    MinimumWarn,
    /// Days before the start at which a session with too few people is decided on.
    MinimumDecide,
    /// Whether it is cancelled then by itself.
    MinimumCancels,
    /// Seats of one session that one dealer's people may have; 0 for any number.
    DealerCap,
    /// Days before the start at which a dealer is to have named people for its seat block.
    BlockNaming,
    /// Days before the start at which a seat block is released.
    BlockRelease,
    /// Days before the start at which people are first reminded; 0 for not at all.
    ReminderFirst,
    /// Days before the start at which people are reminded once more; 0 for not at all.
    ReminderLast,
    /// Percent of a session's seats that a dealer admin may set aside.
    BlockShare,
    /// Minutes before a part's start from which on attendance can be marked.
    AttendanceOpens,
    /// Minutes after the start until which people who walk in can be let in.
    WalkInUntil,
    /// Percent of the time that somebody must be there to have completed the course.
    AttendedShare,
    /// Percent of the time below which somebody is a no-show.
    NoShowShare,
    /// Hours after the end at which the instructor is told of attendance that is not marked.
    UnmarkedInstructor,
    /// Hours after the end at which the admin is told.
    UnmarkedAdmin,
    /// Days before a completion expires from which on completing again keeps the anniversary.
    RecertificationWindow,
    /// Days after a deadline at which the manager of whoever missed it is told; 0 for never.
    EscalateManager,
    /// Days after it at which the dealer admin is told; 0 for never.
    EscalateDealer,
    /// Days after it at which whoever is responsible for the region is told; 0 for never.
    EscalateRegion,
    /// Kilometres an hour that people travel between locations.
    TravelSpeed,
    /// Minutes that even the shortest way takes.
    TravelLeast,
}

/// A value that the rule does not take.
#[derive(Debug, Clone, PartialEq, Eq, thiserror::Error)]
#[error("{} must be between {} and {} {}, not {value}", rule.word(), rule.limits().0, rule.limits().1, rule.unit())]
pub struct BadValue {
    /// The rule that was to be set.
    pub rule: Rule,
    /// The value it was to have.
    pub value: i64,
}

impl Rule {
    /// Every rule, in the order pages list them.
    pub const ALL: [Self; 34] = [
        Self::RegistrationCloses,
        Self::LateTravel,
        Self::LateLocal,
        Self::Waitlist,
        Self::OfferFar,
        Self::OfferNear,
        Self::OfferSoon,
        Self::OfferEverybody,
        Self::OfferNever,
        Self::WaitlistPause,
        Self::AutomaticUntil,
        Self::Approval,
        Self::ApprovalDays,
        Self::MinimumWarn,
        Self::MinimumDecide,
        Self::MinimumCancels,
        Self::DealerCap,
        Self::BlockNaming,
        Self::BlockRelease,
        Self::BlockShare,
        Self::ReminderFirst,
        Self::ReminderLast,
        Self::AttendanceOpens,
        Self::WalkInUntil,
        Self::AttendedShare,
        Self::NoShowShare,
        Self::UnmarkedInstructor,
        Self::UnmarkedAdmin,
        Self::RecertificationWindow,
        Self::EscalateManager,
        Self::EscalateDealer,
        Self::EscalateRegion,
        Self::TravelSpeed,
        Self::TravelLeast,
    ];

    /// The word used in the API and in the database.
    pub const fn word(self) -> &'static str {
        self.row().0
    }

    /// What the value counts.
    pub const fn unit(self) -> &'static str {
        self.row().1
    }

    /// The value when nobody set it.
    pub const fn default(self) -> i64 {
        self.row().2
    }

    /// The smallest and the largest value it takes.
    pub const fn limits(self) -> (i64, i64) {
        (self.row().3, self.row().4)
    }

    /// The rule that `word` names.
    pub fn from_word(word: &str) -> Option<Self> {
        Self::ALL.into_iter().find(|rule| rule.word() == word)
    }

    /// The value, when the rule takes it.
    pub fn check(self, value: i64) -> Result<i64, BadValue> {
        let (least, most) = self.limits();
        if (least..=most).contains(&value) { Ok(value) } else { Err(BadValue { rule: self, value }) }
    }

    /// Word, unit, default, least, most.
    const fn row(self) -> (&'static str, &'static str, i64, i64, i64) {
        match self {
            Self::RegistrationCloses => ("registration-closes", "business days", 2, 0, 60),
            Self::LateTravel => ("late-travel", "business days", 5, 0, 60),
            Self::LateLocal => ("late-local", "hours", 24, 0, 24 * 60),
            Self::Waitlist => ("waitlist", "switch", 1, 0, 1),
            Self::OfferFar => ("offer-far", "hours", 48, 1, 24 * 14),
            Self::OfferNear => ("offer-near", "hours", 24, 1, 24 * 7),
            Self::OfferSoon => ("offer-soon", "hours", 4, 1, 48),
            Self::OfferEverybody => ("offer-everybody", "hours", 24, 0, 72),
            Self::OfferNever => ("offer-never", "hours", 2, 0, 48),
            Self::WaitlistPause => ("waitlist-pause", "lapses", 2, 0, 10),
            Self::AutomaticUntil => ("automatic-until", "days", 3, 0, 60),
            Self::Approval => ("approval", "switch", 0, 0, 1),
            Self::ApprovalDays => ("approval-days", "business days", 3, 1, 60),
            Self::MinimumWarn => ("minimum-warn", "days", 14, 0, 120),
            Self::MinimumDecide => ("minimum-decide", "days", 7, 0, 120),
            Self::MinimumCancels => ("minimum-cancels", "switch", 0, 0, 1),
            Self::DealerCap => ("dealer-cap", "seats", 0, 0, 100_000),
            Self::BlockNaming => ("block-naming", "days", 21, 0, 365),
            Self::BlockRelease => ("block-release", "days", 14, 0, 365),
            Self::BlockShare => ("block-share", "percent", 25, 0, 100),
            Self::ReminderFirst => ("reminder-first", "days", 7, 0, 60),
            Self::ReminderLast => ("reminder-last", "days", 1, 0, 60),
            Self::AttendanceOpens => ("attendance-opens", "minutes", 15, 0, 600),
            Self::WalkInUntil => ("walk-in-until", "minutes", 30, 0, 600),
            Self::AttendedShare => ("attended-share", "percent", 80, 1, 100),
            Self::NoShowShare => ("no-show-share", "percent", 25, 1, 100),
            Self::UnmarkedInstructor => ("unmarked-instructor", "hours", 24, 1, 24 * 30),
            Self::UnmarkedAdmin => ("unmarked-admin", "hours", 72, 1, 24 * 60),
            Self::RecertificationWindow => ("recertification-window", "days", 90, 0, 365),
            Self::EscalateManager => ("escalate-manager", "days", 1, 0, 365),
            Self::EscalateDealer => ("escalate-dealer", "days", 7, 0, 365),
            Self::EscalateRegion => ("escalate-region", "days", 14, 0, 365),
            Self::TravelSpeed => ("travel-speed", "km/h", 60, 1, 300),
            Self::TravelLeast => ("travel-least", "minutes", 30, 0, 600),
        }
    }
}
