//! What a rehearsal found, as it is shown: the same words that the command line writes as JSON.

mod looks;
mod notices;
mod places;

use std::collections::BTreeMap;

use ilt_engine::rehearsal::Report;
use jiff::Timestamp;
use serde::Serialize;
use utoipa::ToSchema;

use looks::{LooksView, TakenView};
use notices::NoticesView;
use places::PlacesView;

/// What would have differed.
#[derive(Serialize, ToSchema)]
pub struct ReportView {
    /// From when on.
    #[schema(value_type = String, format = DateTime)]
    since: Timestamp,
    /// Until when.
    #[schema(value_type = String, format = DateTime)]
    until: Timestamp,
    /// Entries of the journal that were followed.
    entries: u64,
    /// Entries that do not fit those before them: with some, what was asked again may be wrong.
    misfits: u64,
    looks: LooksView,
    taken: TakenView,
    waitlist: PlacesView,
    notices: NoticesView,
    /// How often something was wrong with what a plugin said, by plugin and what.
    faults: BTreeMap<String, u64>,
    /// How often the plugin did not answer, by why.
    failures: BTreeMap<String, u64>,
}

impl From<&Report> for ReportView {
    fn from(report: &Report) -> Self {
        let Report { since, until, entries, misfits, looks, taken, waitlist, notices, faults, failures } =
            report;
        Self {
            since: *since,
            until: *until,
            entries: *entries,
            misfits: *misfits,
            looks: looks.into(),
            taken: taken.into(),
            waitlist: waitlist.into(),
            notices: notices.into(),
            faults: faults.clone(),
            failures: failures.clone(),
        }
    }
}

#[cfg(test)]
mod rules;
