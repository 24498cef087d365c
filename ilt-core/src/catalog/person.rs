//! A person, and the roles that person holds.

use serde::{Deserialize, Serialize};

use crate::catalog::Preferences;
use crate::ids::{DealerId, PersonId};
use crate::schedule::Zone;

/// The five roles.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize, Deserialize)]
#[serde(rename_all = "kebab-case")]
pub enum Role {
    /// Registers for sessions.
    Learner,
    /// Teaches sessions.
    Instructor,
    /// Leads a team at a dealer.
    Manager,
    /// Looks after a dealer's people.
    DealerAdmin,
    /// Looks after everything.
    Admin,
}

impl Role {
    /// Every role, from the narrowest to the widest.
    pub const ALL: [Self; 5] =
        [Self::Learner, Self::Instructor, Self::Manager, Self::DealerAdmin, Self::Admin];

    /// The word used in the API, in CSV files and in the database.
    pub const fn word(self) -> &'static str {
        match self {
            Self::Learner => "learner",
            Self::Instructor => "instructor",
            Self::Manager => "manager",
            Self::DealerAdmin => "dealer-admin",
            Self::Admin => "admin",
        }
    }

    /// The role that `word` names.
    pub fn from_word(word: &str) -> Option<Self> {
        Self::ALL.into_iter().find(|role| role.word() == word)
    }

    /// Whether the role is held at a dealer; the others are held everywhere.
    pub const fn is_at_a_dealer(self) -> bool {
        match self {
            Self::Learner | Self::Manager | Self::DealerAdmin => true,
            Self::Instructor | Self::Admin => false,
        }
    }
}

/// A role and where it is held.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize, Deserialize)]
pub struct Grant {
    /// Which role.
    pub role: Role,
    /// At which dealer; `None` for the roles that are held everywhere.
    pub dealer: Option<DealerId>,
}

/// A person.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct Person {
    /// Their id, the subject of their tokens.
    pub id: PersonId,
    /// Full name. Never in the journal, a log or a metric.
    #[serde(skip_serializing, default)]
    pub name: String,
    /// Mail address, lower-case. Never in the journal, a log or a metric.
    #[serde(skip_serializing, default)]
    pub email: String,
    /// Where they work.
    pub dealer: Option<DealerId>,
    /// What they may do, and where.
    pub roles: Vec<Grant>,
    /// Who leads them.
    pub manager: Option<PersonId>,
    /// Managers for whose teams they decide as well, as deputies.
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    pub stands_in_for: Vec<PersonId>,
    /// What they would rather have.
    #[serde(flatten)]
    pub preferences: Preferences,
    /// The zone they live by.
    pub zone: Zone,
    /// Whether they may do anything at all.
    pub active: bool,
    /// Raised by one with every change.
    pub version: u64,
}

impl Person {
    /// Whether they hold `role` anywhere.
    pub fn is(&self, role: Role) -> bool {
        self.roles.iter().any(|grant| grant.role == role)
    }

    /// Whether they hold `role` at `dealer`.
    pub fn is_at(&self, role: Role, dealer: Option<DealerId>) -> bool {
        dealer.is_some() && self.roles.iter().any(|grant| grant.role == role && grant.dealer == dealer)
    }
}
