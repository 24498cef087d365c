//! Being signed in to the pages: whose it is, and until when.
//!
//! # Not here
//! How somebody proves who they are, and the token that a browser keeps: the core never sees it.

use jiff::{SignedDuration, Timestamp};

use crate::catalog::{Grant, Person, Role};
use crate::ids::{PersonId, SignInId};

/// How many places one person is signed in at, at most; the one that was left alone for longest gives way.
pub const MOST_SIGN_INS: usize = 10;
/// How long the token before is still good after it was replaced: requests may be under way with it.
pub const TOKEN_OVERLAPS: SignedDuration = SignedDuration::from_secs(30);

/// Somebody who is signed in, in one browser.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct SignIn {
    /// Its id; it opens nothing.
    pub id: SignInId,
    /// Whose.
    pub person: PersonId,
    /// By which way they came in, such as `demo`.
    pub way: String,
    /// Since when.
    pub begun_at: Timestamp,
    /// When something was last asked with it, to the minute.
    pub seen_at: Timestamp,
    /// When they last proved who they are.
    pub proven_at: Timestamp,
    /// What they could do when their token was made: see [`powers`].
    pub powers: String,
}

/// How long somebody stays signed in.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Lasts {
    /// Without asking for anything.
    pub idle: SignedDuration,
    /// However much they ask.
    pub whole: SignedDuration,
}

impl Lasts {
    /// For somebody with these roles: the more one may do, the shorter. What the strictest of them allows counts.
    pub fn of(person: &Person) -> Self {
        let hours = SignedDuration::from_hours;
        let of_role = |role| match role {
            Role::Learner => Self { idle: hours(7 * 24), whole: hours(30 * 24) },
            Role::Instructor | Role::Manager => Self { idle: hours(12), whole: hours(7 * 24) },
            Role::DealerAdmin | Role::Admin => Self { idle: SignedDuration::from_mins(30), whole: hours(12) },
        };
        let strictest = |one: Self, other: Self| Self {
            idle: one.idle.min(other.idle),
            whole: one.whole.min(other.whole),
        };
        person.roles.iter().map(|grant| of_role(grant.role)).fold(of_role(Role::Learner), strictest)
    }
}

impl SignIn {
    /// The first instant at which they are signed in no more.
    pub fn until(&self, person: &Person) -> Timestamp {
        let Lasts { idle, whole } = Lasts::of(person);
        let after = |at: Timestamp, time| at.saturating_add(time).unwrap_or(Timestamp::MAX);
        after(self.seen_at, idle).min(after(self.begun_at, whole))
    }
}

/// What somebody may do, in one text that is another one as soon as they may do more or less.
pub fn powers(person: &Person) -> String {
    let word = |grant: &Grant| match grant.dealer {
        Some(dealer) => format!("{}@{dealer}", grant.role.word()),
        None => grant.role.word().to_owned(),
    };
    let mut words: Vec<_> = person.roles.iter().map(word).collect();
    words.sort_unstable();
    words.join(" ")
}
