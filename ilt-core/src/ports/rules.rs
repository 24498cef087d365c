//! Dealers' own rules.

use async_trait::async_trait;

use crate::ids::DealerId;
use crate::opinion::{Fault, Joining, Opinion, Precedence, Question, Speaker};

/// Dealers' own rules: they give opinions, and never fail. Whoever does not answer in time, or answers nonsense, has none.
#[async_trait]
pub trait Rules: Send + Sync {
    /// Whether a dealer has rules of its own, so that nobody works out a question that nobody is asked.
    fn has_opinions(&self, dealer: Option<DealerId>) -> bool;

    /// What the dealer's plugins would change, in their order.
    async fn opinions(&self, question: &Question) -> Vec<Opinion>;

    /// How far in front the dealer's plugins would put one who joins a queue, in their order.
    async fn precedence(&self, joining: &Joining) -> Vec<Precedence>;

    /// Tells the owners of plugins what was wrong with what they said.
    fn complain(&self, faults: &[(Speaker, Fault)]);
}

/// Nobody has rules of their own.
#[derive(Debug, Clone, Copy, Default)]
pub struct NoRules;

#[async_trait]
impl Rules for NoRules {
    fn has_opinions(&self, _: Option<DealerId>) -> bool {
        false
    }

    async fn opinions(&self, _: &Question) -> Vec<Opinion> {
        Vec::new()
    }

    async fn precedence(&self, _: &Joining) -> Vec<Precedence> {
        Vec::new()
    }

    fn complain(&self, _: &[(Speaker, Fault)]) {}
}
