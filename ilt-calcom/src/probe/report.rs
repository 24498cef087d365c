//! What was found, and what to do about it in words.

use std::collections::BTreeMap;
use std::time::Duration;

use crate::api::{Family, Kind, Me};
use crate::ids::UserId;

/// How a family of resources answers.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum State {
    /// As it should.
    Understood,
    /// In another version than it was asked in.
    FellBack,
    /// Not at all: it has no such call.
    Missing,
    /// It failed, or it is not let.
    Failed(Kind),
}

/// What it comes to.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Verdict {
    /// It is Cal.com's API, it knows the key, and it can do all that is needed.
    Usable,
    /// It is Cal.com's API and knows the key, but some of it is missing ([`Report::missing`]).
    Lacking,
    /// Nobody answers, or it fails.
    Unreachable(Kind),
    /// The address answers, but has no version 2 of the API.
    NoApi,
    /// Somebody else answers.
    OtherProduct,
    /// It does not know the key, and never did.
    WrongKey,
    /// It does not know the key any more.
    RevokedKey,
    /// The key has expired.
    ExpiredKey,
    /// The key is somebody else's than it was.
    OtherUser {
        /// Whose it was.
        expected: UserId,
        /// Whose it is.
        found: UserId,
    },
    /// Too many requests; ask again.
    Throttled {
        /// When.
        reset: Duration,
    },
}

/// What was found.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Report {
    /// What it comes to.
    pub verdict: Verdict,
    /// Whose key it is.
    pub me: Option<Me>,
    /// How each family answers, as far as it was asked.
    pub families: BTreeMap<Family, State>,
    /// Requests that Cal.com grants the key in a window, when it says so.
    pub requests: Option<u32>,
}

impl Report {
    /// One that goes no further than its verdict.
    pub(super) const fn of(verdict: Verdict) -> Self {
        Self { verdict, me: None, families: BTreeMap::new(), requests: None }
    }

    /// All that is in the way, one sentence each; nothing when nothing is.
    pub fn missing(&self) -> Vec<String> {
        let mut missing: Vec<_> = self.verdict.words().into_iter().collect();
        missing.extend(self.families.iter().filter_map(|(family, state)| lacking(*family, state)));
        missing
    }
}

impl Verdict {
    /// What is in the way, when something is and it is not of one family.
    fn words(&self) -> Option<String> {
        let words = match self {
            Self::Usable | Self::Lacking => return None,
            Self::Unreachable(kind) => kind.to_string(),
            Self::NoApi => "the address answers, but not with version 2 of Cal.com's API: that is a service of its own beside the website; is it running, and is this its address?".to_owned(),
            Self::OtherProduct => "somebody else than Cal.com answers at the address".to_owned(),
            Self::WrongKey => "Cal.com does not know the key: is it all of it, and of this Cal.com? The user makes one in Settings, Developer, API keys".to_owned(),
            Self::RevokedKey => "Cal.com does not know the key any more: it was revoked, or its user was removed; the user makes another in Settings, Developer, API keys".to_owned(),
            Self::ExpiredKey => "the key has expired: the user makes another in Settings, Developer, API keys".to_owned(),
            Self::OtherUser { expected, found } => format!("the key is user {found}'s, and was user {expected}'s: was it set for the wrong instructor?"),
            Self::Throttled { reset } => format!("Cal.com takes nothing from this key for {} seconds", reset.as_secs()),
        };
        Some(words)
    }
}

fn lacking(family: Family, state: &State) -> Option<String> {
    let words = family.words();
    let version = family.version().unwrap_or("any");
    match state {
        State::Understood => None,
        State::FellBack => Some(format!(
            "{words}: asked in version {version}, it answers in another: it is too old, or something in front of it drops `cal-api-version`"
        )),
        State::Missing => Some(format!("{words}: it has no such call in version {version}")),
        State::Failed(kind) => Some(format!("{words}: {kind}")),
    }
}
