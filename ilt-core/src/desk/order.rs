//! What was asked of the desk: by whom, and under which key.

use uuid::Uuid;

use crate::desk::{Command, Key, Refusal};
use crate::journal::Actor;
use crate::opinion::Granted;

/// A command as it waits at the desk.
#[derive(Debug, Clone, PartialEq)]
pub struct Order {
    /// Who asks.
    pub actor: Actor,
    /// For what.
    pub command: Command,
    /// The key of the request, with a digest of its body.
    pub key: Option<(Key, String)>,
    /// Ties together what one request causes.
    pub correlation: Uuid,
    /// Where a rule of the learner's dealer wants them, should they join a queue by this.
    pub granted: Option<Box<Granted>>,
    /// What is missing here may be found elsewhere: that something is missing is not the answer yet, and not kept under the key.
    pub is_open: bool,
}

impl Order {
    /// An order that nobody else has a say in.
    pub const fn new(actor: Actor, command: Command, key: Option<(Key, String)>, correlation: Uuid) -> Self {
        Self { actor, command, key, correlation, granted: None, is_open: false }
    }

    /// Whether this refusal is the answer to it, to be heard again under its key. Whoever only asks what was answered has not answered
    /// anything.
    pub(super) const fn ends_with(&self, refusal: &Refusal) -> bool {
        match (&self.command, refusal) {
            (Command::Recall { .. }, _) => false,
            (_, Refusal::PrerequisitesMissing { .. } | Refusal::GroupRefused { .. }) => !self.is_open,
            _ => true,
        }
    }
}
