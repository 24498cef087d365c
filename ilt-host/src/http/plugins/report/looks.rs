//! What would have been shown instead.

use std::collections::BTreeMap;

use ilt_engine::rehearsal::{Line, Looks, Moved, Said, Taken, Unrepeated};
use jiff::Timestamp;
use serde::Serialize;
use utoipa::ToSchema;
use uuid::Uuid;

/// Looks for alternatives that were asked again.
#[derive(Serialize, ToSchema)]
pub struct LooksView {
    /// How often something was shown to learners of these dealers.
    shown: u64,
    /// How often it could be asked again.
    repeated: u64,
    /// How often that, without rules, gave what was shown at the time.
    same: u64,
    /// How often rules of that time had a say in what was shown.
    ruled: u64,
    /// How often it gave something else, though no rules had a say.
    different: u64,
    /// How often it could not be asked again, by why.
    #[schema(value_type = BTreeMap<String, u64>)]
    unrepeated: BTreeMap<Unrepeated, u64>,
    /// How often the plugin had an opinion that counts.
    opinions: u64,
    /// How often something else would have been shown with it, or in another order.
    moved: u64,
    /// How often something else would have been first.
    other_first: u64,
    /// Sessions that would not have been shown any more.
    dropped: u64,
    /// Sessions that would have been shown instead.
    new: u64,
    /// How often what moved had which reason; the first 100 reasons.
    reasons: BTreeMap<String, u64>,
    /// Some of those that moved.
    examples: Vec<MovedView>,
}

/// A look for which something else would have been shown, or in another order.
#[derive(Serialize, ToSchema)]
pub struct MovedView {
    #[schema(value_type = String, format = DateTime)]
    at: Timestamp,
    learner: Uuid,
    /// The session in whose place something was shown.
    wanted: Uuid,
    /// In the new order; what would not be shown any more last.
    lines: Vec<LineView>,
}

/// A session in its two places, from 1.
#[derive(Serialize, ToSchema)]
pub struct LineView {
    session: Uuid,
    /// Without rules; absent when it would not be shown.
    before: Option<u32>,
    /// With the plugin.
    after: Option<u32>,
    said: Vec<SaidView>,
}

/// What a plugin says of a session.
#[derive(Serialize, ToSchema)]
pub struct SaidView {
    plugin: String,
    /// Added to the score.
    change: f64,
    reason: String,
}

/// How often the alternative that was taken was, or would have been, first.
#[derive(Serialize, ToSchema)]
pub struct TakenView {
    /// How many were taken.
    count: u64,
    first_as_shown: u64,
    first_without: u64,
    first_with: u64,
    /// How many would have been shown at all with the plugin.
    shown_with: u64,
}

impl From<&Looks> for LooksView {
    fn from(looks: &Looks) -> Self {
        Self {
            shown: looks.shown,
            repeated: looks.repeated,
            same: looks.same,
            ruled: looks.ruled,
            different: looks.different,
            unrepeated: looks.unrepeated.clone(),
            opinions: looks.opinions,
            moved: looks.moved,
            other_first: looks.other_first,
            dropped: looks.dropped,
            new: looks.new,
            reasons: looks.reasons.clone(),
            examples: looks.examples.iter().map(MovedView::from).collect(),
        }
    }
}

impl From<&Moved> for MovedView {
    fn from(moved: &Moved) -> Self {
        let lines = moved.lines.iter().map(LineView::from).collect();
        Self { at: moved.at, learner: moved.learner.0, wanted: moved.wanted.0, lines }
    }
}

impl From<&Line> for LineView {
    fn from(line: &Line) -> Self {
        let said = line.said.iter().map(SaidView::from).collect();
        Self { session: line.session.0, before: line.before, after: line.after, said }
    }
}

impl From<&Said> for SaidView {
    fn from(said: &Said) -> Self {
        Self { plugin: said.plugin.clone(), change: said.change, reason: said.reason.clone() }
    }
}

impl From<&Taken> for TakenView {
    fn from(taken: &Taken) -> Self {
        let Taken { count, first_as_shown, first_without, first_with, shown_with } = *taken;
        Self { count, first_as_shown, first_without, first_with, shown_with }
    }
}
