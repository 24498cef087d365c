//! What all who lost their seats are shown together, when their session is cancelled.

use std::collections::{BTreeMap, BTreeSet};

use ilt_core::ids::{PersonId, SessionId};
use ilt_core::opinion::Adjusted;
use ilt_core::ports::Rules;
use ilt_core::ranking::Shown;
use ilt_core::registration::decide::Except;
use ilt_core::session::Session;

use super::faults::Faults;
use super::looks::{Both, ByLearner, placed};
use super::replica::Replica;
use crate::alternatives::in_line;
use crate::engine::look::{self, Facts};

/// A session that was cancelled, and what was known of those who were registered for it.
pub(super) struct Cancelled {
    session: SessionId,
    /// In the order that they choose in.
    registered: Vec<Facts>,
    /// What each of them would be shown, once somebody was.
    shown: Option<ByLearner>,
}

impl Cancelled {
    /// As it is known before the session is cancelled; none when nobody is asked about what these people are shown.
    pub fn of(replica: &Replica, rules: &dyn Rules, session: SessionId) -> Option<Self> {
        let mut registered: Vec<_> = replica.registered(session).collect();
        let is_asked = |learner| rules.has_opinions(replica.dealer_of(learner));
        if !registered.iter().any(|it| is_asked(it.learner)) {
            return None;
        }
        registered.sort_by_key(|it| in_line(it));
        let learners: BTreeSet<_> = registered.iter().map(|it| it.learner).collect();
        let facts = replica.facts(&learners);
        let registered = registered.iter().filter_map(|it| facts.get(&it.learner).cloned()).collect();
        Some(Self { session, registered, shown: None })
    }

    /// Whether it is this session.
    pub fn is_of(&self, session: SessionId) -> bool {
        self.session == session
    }

    /// What a learner would be shown.
    pub async fn shown(
        &mut self,
        replica: &Replica,
        rules: &dyn Rules,
        wanted: &Session,
        first: &Shown,
        faults: &mut Faults,
    ) -> Option<Both> {
        if self.shown.is_none() {
            self.shown = Some(self.together(replica, rules, wanted, first, faults).await);
        }
        self.shown.as_mut()?.remove(&first.learner)
    }

    async fn together(
        &self,
        replica: &Replica,
        rules: &dyn Rules,
        wanted: &Session,
        first: &Shown,
        faults: &mut Faults,
    ) -> ByLearner {
        let except = Except::Session(wanted.id);
        let look = |facts| Facts::look(facts, replica.catalogue(), except, first.weights, first.shown_at);
        let looks: Vec<_> = self.registered.iter().filter_map(look).collect();
        let mut adjusted = BTreeMap::<PersonId, Adjusted>::new();
        for look in &looks {
            if !rules.has_opinions(replica.dealer_of(look.learner())) {
                continue;
            }
            let Some(question) = look.question(wanted) else { continue };
            let (counts, wrong) = look::opinions(rules, &question).await;
            faults.count(&wrong);
            adjusted.insert(look.learner(), counts);
        }
        let without = look::together(&looks, wanted, &BTreeMap::new());
        let with = look::together(&looks, wanted, &adjusted);
        let both = looks.iter().zip(without.iter().zip(&with)).map(|(look, (without, with))| {
            let adjusted = adjusted.remove(&look.learner()).unwrap_or_default();
            (look.learner(), Both { without: placed(without), with: placed(with), adjusted })
        });
        both.collect()
    }
}
