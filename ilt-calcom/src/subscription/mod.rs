//! The webhook by which a user's Cal.com tells us what happens: there once, to our address, signed with our newest secret.
//!
//! # Flow
//! Where we are and what signs is read from the settings (`wanted`) → what is there says what is to be done (`plan`) → it is done, and
//! looked at again where somebody else was faster (`keep`).
//!
//! # Invariants
//! * A webhook to our address is ours, whoever made it: a user has one to an address.
//! * One to another address is taken away only when it goes to our path and is signed with a secret of ours: it was ours before this
//!   host moved. Whatever else goes to such a path is counted, and left.
//! * What is as it should be costs one question.
//!
//! # Not here
//! When it is looked at, and for whom.

mod keep;
mod plan;
#[cfg(test)]
mod rules;
mod wanted;

pub use plan::{Own, Plan};
pub use wanted::{BadSubscription, Subscription};

/// What became of a user's webhook.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Did {
    /// It was as it should be.
    Nothing,
    /// It was not there, or had a template, which leaves out what is relied upon: it is new.
    Registered,
    /// It told of something else, was switched off, or was signed with another secret.
    Changed,
}

/// What was found and done.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Subscribed {
    /// With the webhook itself.
    pub did: Did,
    /// Webhooks of ours to former addresses that were taken away.
    pub removed: u32,
    /// Webhooks to the same path at other addresses that may be anybody's.
    pub foreign: u32,
}
