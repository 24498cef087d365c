//! Plugins as they are used: whose rules they are, with which settings, and which edition of them is active.
//!
//! # Flow
//! Somebody uploads a component, and uses it for a dealer, a dealer group or everybody ([`Act::Add`]): it is off → an edition of it
//! is activated, and its opinions count ([`crate::opinion`]) → another component or other settings are a new edition, which
//! changes nothing until it is activated in turn → what was active before comes back by [`Act::RollBack`].
//!
//! # Invariants
//! * One edition is active, or none: there is no moment in between.
//! * What is active, and what was before it, is never forgotten.
//!
//! # Not here
//! Components and what runs them (adapters). Whether settings can be used says the plugin itself, before the desk is asked.

mod decide;

#[cfg(test)]
mod rules;

use std::collections::{BTreeMap, BTreeSet};

use serde::{Deserialize, Serialize};

use crate::catalog::Dealer;
use crate::ids::{DealerId, PluginId};
use crate::opinion::Speaker;

pub(crate) use decide::not_too_many;
pub use decide::{MOST_EDITIONS, MOST_SETTINGS, MOST_TOGETHER, changed};

/// For whose learners a plugin speaks.
#[derive(Debug, Clone, PartialEq, Eq, PartialOrd, Ord, Serialize, Deserialize)]
#[serde(rename_all = "kebab-case")]
pub enum Whose {
    /// Everybody's.
    Everybody,
    /// Those of the dealers of one group.
    DealerGroup(String),
    /// Those of one dealer.
    Dealer(DealerId),
}

impl Whose {
    /// Whether the learners of a dealer are among them.
    fn are_of(&self, dealer: &Dealer) -> bool {
        match self {
            Self::Everybody => true,
            Self::DealerGroup(group) => dealer.group.as_ref() == Some(group),
            Self::Dealer(id) => dealer.id == *id,
        }
    }

    /// The dealers whose learners they are, of those there are; absent when they are everybody's, also of no dealer.
    pub fn dealers(&self, dealers: &BTreeMap<DealerId, Dealer>) -> Option<BTreeSet<DealerId>> {
        let among = || dealers.values().filter(|it| self.are_of(it)).map(|it| it.id).collect();
        (*self != Self::Everybody).then(among)
    }
}

/// A component together with its settings.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct Edition {
    /// Counted from 1 for each plugin; never used twice.
    pub number: u32,
    /// Which component: its name, its version, and its digest.
    pub by: Speaker,
    /// Its settings, as JSON.
    pub settings: String,
}

/// A plugin as it is used.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct Plugin {
    /// Its id.
    pub id: PluginId,
    /// For whose learners it speaks.
    pub whose: Whose,
    /// Where it comes among others that speak for the same learners: the smallest first, then the oldest.
    pub place: u32,
    /// Its editions, oldest first.
    pub editions: Vec<Edition>,
    /// The number of the edition that counts now; none when it is off.
    pub active: Option<u32>,
    /// The number of the edition that counted before.
    pub before: Option<u32>,
    /// Raised by each change.
    pub version: u64,
}

/// What may be done to a plugin.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Act {
    /// It is used, and off at first.
    Add {
        /// For whose learners.
        whose: Whose,
        /// Where it comes among others.
        place: u32,
        /// Which component.
        by: Speaker,
        /// With which settings.
        settings: String,
    },
    /// It gets another component, other settings or another place. What is active stays so.
    Revise {
        /// Which component; the same when absent.
        by: Option<Speaker>,
        /// With which settings; the same when absent.
        settings: Option<String>,
        /// Where it comes among others; where it is when absent.
        place: Option<u32>,
    },
    /// An edition counts from now on; the newest when none is named.
    Activate {
        /// Its number.
        edition: Option<u32>,
    },
    /// What counted before counts again.
    RollBack,
    /// Nothing of it counts any more.
    SwitchOff,
    /// It is used no more. It must be off.
    Remove,
}

/// One change of one plugin.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Change {
    /// Of which.
    pub plugin: PluginId,
    /// What.
    pub act: Act,
    /// Why; asked for whatever changes what learners are shown.
    pub reason: Option<String>,
    /// Which version of the plugin this is meant for; whichever it is when absent.
    pub version: Option<u64>,
}

/// What was done to a plugin.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "kebab-case")]
pub enum Step {
    /// It is used.
    Added,
    /// It has another edition, or another place.
    Revised,
    /// An edition counts.
    Activated,
    /// What counted before counts again.
    RolledBack,
    /// It counts no more.
    SwitchedOff,
    /// It is used no more.
    Removed,
}

impl Plugin {
    /// The edition that counts now.
    pub fn active(&self) -> Option<&Edition> {
        self.edition(self.active?)
    }

    /// An edition by its number.
    pub fn edition(&self, number: u32) -> Option<&Edition> {
        self.editions.iter().find(|it| it.number == number)
    }

    /// The newest edition.
    pub fn newest(&self) -> Option<&Edition> {
        self.editions.last()
    }

    /// Whether it speaks for the learners of a dealer.
    pub fn speaks_for(&self, dealer: &Dealer) -> bool {
        self.whose.are_of(dealer)
    }

    /// Where it is asked among others.
    pub fn turn(&self) -> (u32, PluginId) {
        (self.place, self.id)
    }
}

impl Step {
    /// The stable word for it, in the journal.
    pub const fn word(self) -> &'static str {
        match self {
            Self::Added => "plugin.added",
            Self::Revised => "plugin.revised",
            Self::Activated => "plugin.activated",
            Self::RolledBack => "plugin.rolled-back",
            Self::SwitchedOff => "plugin.switched-off",
            Self::Removed => "plugin.removed",
        }
    }
}
