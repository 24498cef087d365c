//! Who would have waited in front of whom.

use ilt_engine::rehearsal::{Overtaking, Places};
use jiff::Timestamp;
use serde::Serialize;
use utoipa::ToSchema;
use uuid::Uuid;

/// Places in queues.
#[derive(Serialize, ToSchema)]
pub struct PlacesView {
    /// How often learners of these dealers joined a queue.
    joined: u64,
    /// How often nobody could be asked.
    unrepeated: u64,
    /// How often the plugin would have put them in front.
    granted: u64,
    /// How often that would have been another place than they had.
    moved: u64,
    /// Some of those who would have had another place.
    examples: Vec<OvertakingView>,
}

/// Somebody who would have had another place in a queue when they joined it.
#[derive(Serialize, ToSchema)]
pub struct OvertakingView {
    #[schema(value_type = String, format = DateTime)]
    at: Timestamp,
    learner: Uuid,
    session: Uuid,
    /// Their place, from 1.
    before: u32,
    /// Their place with the plugin.
    after: u32,
    /// How far in front they would be put.
    level: u8,
    reason: String,
    plugin: String,
    /// The first few of those who would have waited behind them.
    overtaken: Vec<Uuid>,
}

impl From<&Places> for PlacesView {
    fn from(places: &Places) -> Self {
        Self {
            joined: places.joined,
            unrepeated: places.unrepeated,
            granted: places.granted,
            moved: places.moved,
            examples: places.examples.iter().map(OvertakingView::from).collect(),
        }
    }
}

impl From<&Overtaking> for OvertakingView {
    fn from(one: &Overtaking) -> Self {
        Self {
            at: one.at,
            learner: one.learner.0,
            session: one.session.0,
            before: one.before,
            after: one.after,
            level: one.level,
            reason: one.reason.clone(),
            plugin: one.plugin.clone(),
            overtaken: one.overtaken.iter().map(|it| it.0).collect(),
        }
    }
}
