//! When somebody can be booked.
//!
//! A schedule that says no weekly hours and one date can be booked on that date only (recorded: 005, 016). One that leaves the
//! weekly hours out gets Monday to Friday, so they are always said.

use jiff::civil::Date;
use serde::{Deserialize, Serialize};
use serde_json::{Value, json};

use super::account::Account;
use super::call::Call;
use super::error::Error;
use super::version::Family;
use crate::ids::{ScheduleId, UserId};

/// One date on which somebody can be booked, by the wall clock of the schedule's zone.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "camelCase")]
pub struct Override {
    /// The date.
    pub date: Date,
    /// From when (`09:00`).
    pub start_time: String,
    /// Until when (`12:00`), later on the same date.
    pub end_time: String,
}

/// A schedule (recorded: 005–008).
#[derive(Debug, Clone, PartialEq, Eq, Deserialize)]
#[serde(rename_all = "camelCase")]
pub struct Schedule {
    /// Its id.
    pub id: ScheduleId,
    /// Whose it is.
    pub owner_id: UserId,
    /// What it is found by when its id is lost. Cal.com does not mind two of one name.
    pub name: String,
    /// The zone whose wall clock its times are.
    pub time_zone: String,
    /// Whether event types without a schedule use it.
    pub is_default: bool,
    /// Weekly hours, as Cal.com says them. Ours have none; somebody may have added some.
    pub availability: Vec<Value>,
    /// Single dates.
    pub overrides: Vec<Override>,
}

/// What a schedule is to be: one with these dates and no weekly hours.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct ScheduleChange {
    /// What it is found by when its id is lost.
    pub name: String,
    /// The zone whose wall clock its times are.
    pub time_zone: String,
    /// All its dates.
    pub overrides: Vec<Override>,
}

impl ScheduleChange {
    fn body(&self) -> Value {
        let Self { name, time_zone, overrides } = self;
        json!({ "name": name, "timeZone": time_zone, "isDefault": false, "availability": [], "overrides": overrides })
    }

    /// Whether a schedule is so already.
    pub fn is_met_by(&self, schedule: &Schedule) -> bool {
        let Self { name, time_zone, overrides } = self;
        let is_met =
            (name, time_zone, overrides) == (&schedule.name, &schedule.time_zone, &schedule.overrides);
        is_met && schedule.availability.is_empty()
    }
}

impl Account {
    /// Makes a schedule. [`Account::ensure_schedule`] can be repeated; this makes another one each time.
    pub async fn create_schedule(&self, new: &ScheduleChange) -> Result<Schedule, Error> {
        self.call(&Call::post("making a schedule", Family::Schedules, &["schedules"], &new.body())).await
    }

    /// A schedule of the user's.
    pub async fn schedule(&self, id: ScheduleId) -> Result<Schedule, Error> {
        self.call(&Call::get("reading a schedule", Family::Schedules, &["schedules", &id.to_string()])).await
    }

    /// All schedules of the user's; Cal.com has no pages for them.
    pub async fn schedules(&self) -> Result<Vec<Schedule>, Error> {
        self.call(&Call::get("listing schedules", Family::Schedules, &["schedules"])).await
    }

    /// Makes a schedule so. Its dates are replaced, not added to (recorded: 007).
    pub async fn change_schedule(&self, id: ScheduleId, change: &ScheduleChange) -> Result<Schedule, Error> {
        let path = ["schedules", &id.to_string()];
        self.call(&Call::patch("changing a schedule", Family::Schedules, &path, &change.body())).await
    }

    /// Removes a schedule. An event type that uses it falls back to the user's default hours without a word, so its event type goes
    /// first.
    pub async fn delete_schedule(&self, id: ScheduleId) -> Result<(), Error> {
        self.tell(&Call::delete("removing a schedule", Family::Schedules, &["schedules", &id.to_string()]))
            .await
    }
}
