//! What was asked of the desk: by whom, and under which key.

use std::collections::{BTreeMap, BTreeSet};

use uuid::Uuid;

use crate::catalog::Course;
use crate::desk::{Command, Key, Refusal};
use crate::ids::{CourseId, PersonId};
use crate::journal::Actor;
use crate::opinion::Granted;
use crate::ports::Doubt;
use crate::prerequisite::Why;

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
    /// What was asked elsewhere about what is missing here.
    pub inquiry: Inquiry,
}

/// What was asked elsewhere about what is missing here.
#[derive(Debug, Clone, Default, PartialEq)]
pub enum Inquiry {
    /// Nothing is completed elsewhere: what is missing here is missing.
    #[default]
    Needless,
    /// There was an answer about these. Of anything else nobody knows that it is missing.
    About(BTreeSet<Doubt>),
}

impl Order {
    /// An order that nobody else has a say in.
    pub const fn new(actor: Actor, command: Command, key: Option<(Key, String)>, correlation: Uuid) -> Self {
        Self { actor, command, key, correlation, granted: None, inquiry: Inquiry::Needless }
    }

    /// Whether this refusal is the answer to it, to be heard again under its key. Whoever only asks what was answered has not answered
    /// anything, and what nobody knows is no answer.
    pub(super) fn ends_with(&self, refusal: &Refusal) -> bool {
        !matches!(self.command, Command::Recall { .. }) && !refusal.is_in_doubt()
    }
}

impl Inquiry {
    /// A refusal that calls nothing missing about which there was no answer; the learner is known where it is not the only one.
    pub(super) fn tempered(
        &self,
        mut refusal: Refusal,
        of: Option<PersonId>,
        courses: &BTreeMap<CourseId, Course>,
    ) -> Refusal {
        let Self::About(asked) = self else { return refusal };
        let is_known = |course| {
            asked.iter().any(|(person, of_course)| *of_course == course && of.is_none_or(|of| of == *person))
        };
        match &mut refusal {
            Refusal::PrerequisitesMissing { missing } => {
                for one in missing.iter_mut().filter(|one| !one.would_do(courses).all(is_known)) {
                    one.why = Why::Unknown;
                }
            }
            Refusal::GroupRefused { refused } => {
                for one in refused {
                    *one.why = self.tempered((*one.why).clone(), Some(one.learner), courses);
                }
            }
            _ => {}
        }
        refusal
    }
}
