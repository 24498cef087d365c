//! What would have been shown otherwise, session by session.

use ilt_core::ids::{PersonId, SessionId};
use ilt_core::opinion::Adjustment;
use ilt_core::ranking::Shown;
use jiff::Timestamp;
use serde::Serialize;

use super::looks::{Both, Placed};

/// A look for which something else would have been shown, or in another order.
#[derive(Debug, Clone, PartialEq, Serialize)]
pub struct Moved {
    /// When it was shown.
    pub at: Timestamp,
    /// To whom.
    pub learner: PersonId,
    /// Instead of which session.
    pub wanted: SessionId,
    /// What would be in another place, or has an opinion about it; in the new order, and what would not be shown any more last.
    pub lines: Vec<Line>,
}

/// A session in its two places.
#[derive(Debug, Clone, PartialEq, Serialize)]
pub struct Line {
    /// Which.
    pub session: SessionId,
    /// Its place without rules, from 1; none when it would not be shown.
    pub before: Option<u32>,
    /// Its place with the candidate.
    pub after: Option<u32>,
    /// What counts of what is said about it.
    pub said: Vec<Said>,
}

/// What one plugin says of one session.
#[derive(Debug, Clone, PartialEq, Serialize)]
pub struct Said {
    /// Which plugin.
    pub plugin: String,
    /// Added to the score.
    pub change: f64,
    /// Why.
    pub reason: String,
}

impl From<&Adjustment> for Said {
    fn from(one: &Adjustment) -> Self {
        Self { plugin: one.by.plugin.clone(), change: one.change, reason: one.reason.clone() }
    }
}

/// What would be otherwise.
pub(super) fn moved(shown: &Shown, both: &Both) -> Moved {
    let line = |session: SessionId| {
        let said = both.adjusted.get(&session).into_iter().flatten().map(Said::from).collect();
        Line { session, before: place(&both.without, session), after: place(&both.with, session), said }
    };
    let gone = both.without.iter().filter(|one| place(&both.with, one.session).is_none());
    let all = both.with.iter().chain(gone).map(|one| line(one.session));
    let lines = all.filter(|line| line.before != line.after || !line.said.is_empty()).collect();
    Moved { at: shown.shown_at, learner: shown.learner, wanted: shown.wanted, lines }
}

fn place(placed: &[Placed], session: SessionId) -> Option<u32> {
    placed.iter().zip(1..).find(|(one, _)| one.session == session).map(|(_, place)| place)
}
