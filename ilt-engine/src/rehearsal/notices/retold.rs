//! What would have been told otherwise, notice by notice.

use ilt_core::ids::{PersonId, SessionId};
use ilt_core::notice::advice::{Advised, Happening, Heard, Pace, ToldAs, When};
use jiff::Timestamp;
use serde::Serialize;

/// A notice that somebody would have heard at another time, not at all, or as well.
#[derive(Debug, Clone, PartialEq, Eq, Serialize)]
pub struct Retold {
    /// When it happened.
    pub at: Timestamp,
    /// What, by its word.
    pub kind: &'static str,
    /// To which session.
    pub session: Option<SessionId>,
    /// To whom.
    pub learner: PersonId,
    /// Who is told.
    pub person: PersonId,
    /// As what.
    pub told_as: ToldAs,
    /// What becomes of the notice.
    pub change: Fate,
    /// When they are told without the candidate.
    pub before: Hears,
    /// When with it.
    pub after: Hears,
    /// From which instant on, when they are told later.
    pub from: Option<Timestamp>,
    /// Which plugin says so.
    pub plugin: String,
    /// Why.
    pub reason: String,
}

/// When somebody hears of something.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Serialize)]
#[serde(rename_all = "kebab-case")]
pub enum Hears {
    /// As soon as it happened, whatever the hour.
    Urgently,
    /// As soon as it happened.
    AtOnce,
    /// From an instant on.
    Later,
    /// With everything else of the day.
    Digest,
    /// Not at all.
    Never,
}

impl Hears {
    /// All there are.
    pub const ALL: [Self; 5] = [Self::Urgently, Self::AtOnce, Self::Later, Self::Digest, Self::Never];

    /// The word used in the API.
    pub const fn word(self) -> &'static str {
        match self {
            Self::Urgently => "urgently",
            Self::AtOnce => "at-once",
            Self::Later => "later",
            Self::Digest => "digest",
            Self::Never => "never",
        }
    }

    /// When somebody hears of what happened at an instant; a minute that their clock shows just then is at once.
    pub(super) fn of(when: When, at: Timestamp) -> Self {
        match when {
            When::Urgent => Self::Urgently,
            When::AtOnce => Self::AtOnce,
            When::From(from) if from <= at => Self::AtOnce,
            When::From(_) => Self::Later,
            When::Digest => Self::Digest,
            When::Never => Self::Never,
        }
    }
}

impl From<Pace> for Hears {
    fn from(pace: Pace) -> Self {
        match pace {
            Pace::Urgent => Self::Urgently,
            Pace::AtOnce => Self::AtOnce,
            Pace::Digest => Self::Digest,
        }
    }
}

/// What becomes of a notice.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Serialize)]
#[serde(rename_all = "kebab-case")]
pub enum Fate {
    /// It is told as it would be without the candidate.
    Unchanged,
    /// It is not told.
    Muted,
    /// It is told with the digest.
    ToDigest,
    /// It is told at another minute.
    ToMinute,
    /// It is told as soon as it happened.
    ToAtOnce,
    /// It is told to somebody as well.
    Added,
}

impl Fate {
    /// All there are.
    pub const ALL: [Self; 6] =
        [Self::Unchanged, Self::Muted, Self::ToDigest, Self::ToMinute, Self::ToAtOnce, Self::Added];

    /// The word used in the API.
    pub const fn word(self) -> &'static str {
        match self {
            Self::Unchanged => "unchanged",
            Self::Muted => "muted",
            Self::ToDigest => "to-digest",
            Self::ToMinute => "to-minute",
            Self::ToAtOnce => "to-at-once",
            Self::Added => "added",
        }
    }

    /// What becomes of one that was heard at a time, or never; nobody is told as well of nothing.
    pub(super) fn of(before: Hears, after: Hears) -> Self {
        match after {
            after if before == after => Self::Unchanged,
            Hears::Never => Self::Muted,
            Hears::Urgently | Hears::AtOnce | Hears::Later | Hears::Digest if before == Hears::Never => {
                Self::Added
            }
            Hears::Digest => Self::ToDigest,
            Hears::Later => Self::ToMinute,
            Hears::Urgently | Hears::AtOnce => Self::ToAtOnce,
        }
    }
}

/// What would have been otherwise.
pub(super) fn retold(
    happening: &Happening,
    heard: &Heard,
    (before, after): (Hears, Hears),
    Advised { by, reason }: &Advised,
) -> Retold {
    let from = match heard.when {
        When::From(from) if after == Hears::Later => Some(from),
        When::Urgent | When::AtOnce | When::From(_) | When::Digest | When::Never => None,
    };
    Retold {
        at: happening.at,
        kind: happening.kind,
        session: happening.session,
        learner: happening.learner,
        person: heard.person,
        told_as: heard.told_as,
        change: Fate::of(before, after),
        before,
        after,
        from,
        plugin: by.plugin.clone(),
        reason: reason.clone(),
    }
}
