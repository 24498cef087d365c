//! Dealers' own rules.

use async_trait::async_trait;

use crate::ids::DealerId;
use crate::notice::advice::{Advice, Telling};
use crate::opinion::{Fault, Heard, Joining, Opinion, Question, Speaker};

/// Dealers' own rules: they give opinions, and never fail. Whoever does not answer in time, or answers nonsense, has none.
#[async_trait]
pub trait Rules: Send + Sync {
    /// Whether no dealer at all has rules of its own, so that nothing is looked up for nobody. No, where that is not known.
    fn are_nobodys(&self) -> bool {
        false
    }

    /// Whether a dealer has rules of its own on sessions, so that nobody works out a question that nobody is asked.
    fn has_opinions(&self, dealer: Option<DealerId>) -> bool;

    /// Whether it has rules of its own on notices.
    fn has_advice(&self, dealer: Option<DealerId>) -> bool;

    /// What the dealer's plugins would change, in their order.
    async fn opinions(&self, question: &Question) -> Vec<Opinion>;

    /// How far in front the dealer's plugins would put one who joins a queue.
    async fn precedence(&self, joining: &Joining) -> Heard;

    /// What the dealer's plugins would change of who is told, and when, in their order.
    async fn advice(&self, telling: &Telling) -> Vec<Advice>;

    /// Tells the owners of a dealer's plugins what was wrong with what they said.
    fn complain(&self, dealer: Option<DealerId>, faults: &[(Speaker, Fault)]);
}

/// Nobody has rules of their own.
#[derive(Debug, Clone, Copy, Default)]
pub struct NoRules;

#[async_trait]
impl Rules for NoRules {
    fn are_nobodys(&self) -> bool {
        true
    }

    fn has_opinions(&self, _: Option<DealerId>) -> bool {
        false
    }

    fn has_advice(&self, _: Option<DealerId>) -> bool {
        false
    }

    async fn opinions(&self, _: &Question) -> Vec<Opinion> {
        Vec::new()
    }

    async fn precedence(&self, _: &Joining) -> Heard {
        Heard::default()
    }

    async fn advice(&self, _: &Telling) -> Vec<Advice> {
        Vec::new()
    }

    fn complain(&self, _: Option<DealerId>, _: &[(Speaker, Fault)]) {}
}
