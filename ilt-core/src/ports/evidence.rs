//! What people completed elsewhere.

use std::collections::BTreeSet;

use async_trait::async_trait;

use crate::catalog::Completion;
use crate::ids::{CourseId, PersonId};

/// Whether somebody completed something.
pub type Doubt = (PersonId, CourseId);

/// What is known elsewhere of what people completed. What is in neither list was not completed, as far as anybody knows there.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct Elsewhere {
    /// What was completed, and when.
    pub completed: BTreeSet<Completion>,
    /// What could not be found out, which is not a no.
    pub unknown: BTreeSet<Doubt>,
}

/// A place where people complete what this ledger does not see. It never fails: what it cannot find out in its time is unknown.
#[async_trait]
pub trait Evidence: Send + Sync {
    /// Whether there is no such place, so that nobody waits for it.
    fn is_nowhere(&self) -> bool {
        false
    }

    /// What is known there.
    async fn about(&self, doubts: &BTreeSet<Doubt>) -> Elsewhere;
}

/// What counts is what this ledger knows.
#[derive(Debug, Clone, Copy, Default)]
pub struct OwnCompletions;

#[async_trait]
impl Evidence for OwnCompletions {
    fn is_nowhere(&self) -> bool {
        true
    }

    async fn about(&self, _: &BTreeSet<Doubt>) -> Elsewhere {
        Elsewhere::default()
    }
}
