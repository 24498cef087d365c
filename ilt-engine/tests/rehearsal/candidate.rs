//! A candidate that does as it is told.

use std::sync::Arc;
use std::sync::atomic::{AtomicU32, Ordering};

use async_trait::async_trait;
use ilt_core::ids::{DealerId, PersonId, SessionId};
use ilt_core::notice::advice::{Advice, Telling};
use ilt_core::opinion::{Fault, Heard, Joining, Opinion, Precedence, Question, Speaker, Wish};
use ilt_core::ports::Rules;
use tokio_util::sync::CancellationToken;

use crate::town::{dealer, learner, session};

/// Lifts one session, and puts somebody in front, for the learners of one dealer or of all.
#[derive(Default)]
pub struct Lifting {
    pub dealer: Option<DealerId>,
    pub wish: Option<(SessionId, f64)>,
    pub front: Option<(Option<PersonId>, u8)>,
    pub asked: Arc<AtomicU32>,
    /// What is told to stop after the first question.
    pub then: Option<CancellationToken>,
}

impl Lifting {
    pub fn nothing(of: u32) -> Self {
        Self { dealer: Some(dealer(of)), ..Self::default() }
    }

    pub fn session(of: u32, number: u32, change: f64) -> Self {
        Self { wish: Some((session(number), change)), ..Self::nothing(of) }
    }

    pub fn learner(of: u32, number: u32, level: u8) -> Self {
        Self { front: Some((Some(learner(number)), level)), ..Self::nothing(of) }
    }

    pub fn everybody(of: u32, level: u8) -> Self {
        Self { front: Some((None, level)), ..Self::nothing(of) }
    }

    fn by() -> Speaker {
        Speaker { plugin: "lifting".to_owned(), version: "1.0.0".to_owned(), digest: "ab".repeat(32) }
    }
}

#[async_trait]
impl Rules for Lifting {
    fn has_opinions(&self, dealer: Option<DealerId>) -> bool {
        dealer.is_some() && self.dealer.is_none_or(|own| dealer == Some(own))
    }

    fn has_advice(&self, _: Option<DealerId>) -> bool {
        false
    }

    async fn advice(&self, _: &Telling) -> Vec<Advice> {
        Vec::new()
    }

    async fn opinions(&self, question: &Question) -> Vec<Opinion> {
        assert!(self.has_opinions(question.learner.dealer), "asked about somebody else's learner");
        self.asked.fetch_add(1, Ordering::SeqCst);
        if let Some(stop) = &self.then {
            stop.cancel();
        }
        let Some((session, change)) = self.wish else { return Vec::new() };
        let is_asked = question.candidates.iter().any(|it| it.id == session);
        let wish = Wish { session, change, reason: "It suits us.".to_owned() };
        Vec::from_iter(is_asked.then(|| Opinion { by: Self::by(), wishes: vec![wish] }))
    }

    async fn precedence(&self, joining: &Joining) -> Heard {
        assert!(self.has_opinions(joining.learner.dealer), "asked about somebody else's learner");
        let front = self.front.filter(|(whom, _)| whom.is_none_or(|whom| whom == joining.learner.id));
        let reason = "Their certificate ends.".to_owned();
        let said = front.map(|(_, level)| Precedence { by: Self::by(), level, reason }).into_iter().collect();
        Heard { said, silent: 0 }
    }

    fn complain(&self, _: Option<DealerId>, _: &[(Speaker, Fault)]) {
        panic!("nobody's log is filled by a rehearsal");
    }
}
