//! What a notifier is asked and says, as golden files spell it.

use ilt_core::ids::DealerId;
use ilt_core::notice::advice::{Happening as Happened, Notification, Telling};
use ilt_core::schedule::Zone;
use jiff::Timestamp;
use serde::{Deserialize, Serialize};
use uuid::Uuid;

use super::scoring::Weekday;
use crate::bindings::exports::ilt::plugin::noticing as contract;
use crate::tell;

/// Something happened, and these people will be told.
#[derive(Debug, Clone, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Question {
    pub happening: Happening,
    pub notices: Vec<Notice>,
}

#[derive(Debug, Clone, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Happening {
    pub kind: String,
    pub at: i64,
    pub session: Option<Uuid>,
    pub course: Option<Uuid>,
    pub starts: Option<i64>,
    pub learner: Option<Uuid>,
    pub dealer: Option<Uuid>,
    pub outcome: Option<String>,
    pub no_shows: u32,
    pub late: bool,
}

#[derive(Debug, Clone, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Notice {
    pub person: Uuid,
    pub role: Role,
    pub pace: Pace,
    pub may_be_muted: bool,
    pub day: Weekday,
    pub minute: u32,
}

#[derive(Debug, Clone, Copy, Serialize, Deserialize)]
#[serde(rename_all = "kebab-case")]
pub enum Role {
    Learner,
    Manager,
    Approver,
    Instructor,
    DealerAdmin,
    Admin,
}

#[derive(Debug, Clone, Copy, Serialize, Deserialize)]
#[serde(rename_all = "kebab-case")]
pub enum Pace {
    Urgent,
    AtOnce,
    Digest,
}

#[derive(Debug, Clone, Copy, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum Change {
    Mute(u32),
    ToDigest(u32),
    AtMinute(u32, u32),
    Add(Role, Pace),
}

#[derive(Debug, Clone, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Advice {
    pub change: Change,
    pub reason: String,
}

impl Question {
    /// As a host has it, as far as what counts of advice depends on it; none when it is at no time that there is.
    pub fn telling(&self) -> Option<Telling> {
        let zone: Zone = "UTC".parse().ok()?;
        let notice = |it: &Notice| Notification {
            person: it.person.into(),
            told_as: tell::told_as(it.role.into()),
            pace: tell::pace_of(it.pace.into()),
            may_be_muted: it.may_be_muted,
            zone: zone.clone(),
        };
        let happening = Happened {
            kind: "",
            at: Timestamp::from_second(self.happening.at).ok()?,
            session: None,
            course: None,
            starts_at: None,
            learner: self.happening.learner.unwrap_or_default().into(),
            dealer: self.happening.dealer.map(DealerId),
            outcome: None,
            no_shows: self.happening.no_shows,
            late: self.happening.late,
        };
        Some(Telling { happening, notices: self.notices.iter().map(notice).collect() })
    }
}

impl From<&Question> for contract::Question {
    fn from(it: &Question) -> Self {
        Self { happening: (&it.happening).into(), notices: it.notices.iter().map(Into::into).collect() }
    }
}

impl From<&Happening> for contract::Happening {
    fn from(it: &Happening) -> Self {
        let text = |id: Option<Uuid>| id.map(|id| id.to_string());
        Self {
            kind: it.kind.clone(),
            at: it.at,
            session: text(it.session),
            course: text(it.course),
            starts: it.starts,
            learner: text(it.learner),
            dealer: text(it.dealer),
            outcome: it.outcome.clone(),
            no_shows: it.no_shows,
            late: it.late,
        }
    }
}

impl From<&Notice> for contract::Notice {
    fn from(it: &Notice) -> Self {
        Self {
            person: it.person.to_string(),
            role: it.role.into(),
            pace: it.pace.into(),
            may_be_muted: it.may_be_muted,
            day: it.day.into(),
            minute: it.minute,
        }
    }
}

impl From<contract::Advice> for Advice {
    fn from(it: contract::Advice) -> Self {
        let change = match it.change {
            contract::Change::Mute(at) => Change::Mute(at),
            contract::Change::ToDigest(at) => Change::ToDigest(at),
            contract::Change::AtMinute((at, minute)) => Change::AtMinute(at, minute),
            contract::Change::Add((role, pace)) => Change::Add(role.into(), pace.into()),
        };
        Self { change, reason: it.reason }
    }
}

impl From<&Advice> for contract::Advice {
    fn from(it: &Advice) -> Self {
        let change = match it.change {
            Change::Mute(at) => contract::Change::Mute(at),
            Change::ToDigest(at) => contract::Change::ToDigest(at),
            Change::AtMinute(at, minute) => contract::Change::AtMinute((at, minute)),
            Change::Add(role, pace) => contract::Change::Add((role.into(), pace.into())),
        };
        Self { change, reason: it.reason.clone() }
    }
}

/// The same words on both sides.
macro_rules! same {
    ($name:ident: $($word:ident)*) => {
        impl From<$name> for contract::$name {
            fn from(it: $name) -> Self {
                match it {
                    $($name::$word => Self::$word,)*
                }
            }
        }

        impl From<contract::$name> for $name {
            fn from(it: contract::$name) -> Self {
                match it {
                    $(contract::$name::$word => Self::$word,)*
                }
            }
        }
    };
}

same!(Role: Learner Manager Approver Instructor DealerAdmin Admin);
same!(Pace: Urgent AtOnce Digest);
