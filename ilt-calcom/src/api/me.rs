//! Whose key it is.

use serde::Deserialize;

use super::account::Account;
use super::call::Call;
use super::error::Error;
use super::version::Family;
use crate::ids::{ScheduleId, UserId};

/// The user whose key was sent (recorded: 002).
#[derive(Debug, Clone, PartialEq, Eq, Deserialize)]
#[serde(rename_all = "camelCase")]
pub struct Me {
    /// The user's id.
    pub id: UserId,
    /// What the user's pages are found under, and the user's event types are asked for by.
    pub username: String,
    /// The zone the user's calendar shows.
    pub time_zone: String,
    /// What event types without a schedule, or with one that was deleted, fall back to.
    pub default_schedule_id: Option<ScheduleId>,
}

impl Account {
    /// Who the key's user is. Also the plainest question there is.
    pub async fn me(&self) -> Result<Me, Error> {
        self.call(&Call::get("asking whose key it is", Family::Me, &["me"])).await
    }
}
