//! What a notifier is asked and says, as golden files spell it.

use serde::{Deserialize, Serialize};
use uuid::Uuid;

use super::scoring::Weekday;

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
