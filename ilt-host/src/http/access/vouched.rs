//! Who asks, on the word of the program around this engine.
//!
//! # Invariants
//! * Nothing of a request that came over a network becomes a [`Vouched`]: it is none of its headers, and only [`crate::http::inside`] puts one
//!   beside a request.

use std::sync::{Arc, LazyLock};

use ilt_core::catalog::{Grant, Person, Preferences, Role};
use ilt_core::ids::PersonId;
use ilt_core::schedule::Zone;
use uuid::Uuid;

/// Who it is.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Who {
    /// A person; what they may do is looked up, as it is for a token.
    Person(PersonId),
    /// That program itself, in the name of nobody: it may do what an admin may.
    Application,
}

/// Whom that program vouches for.
#[derive(Debug, Clone, Copy)]
pub struct Vouched {
    pub(in crate::http) who: Who,
    /// Whether they may ask only so often a minute, as with a token.
    pub(in crate::http) is_paced: bool,
}

/// The program, as what asks who may do something knows it. Nobody has this id.
pub(super) fn application() -> Arc<Person> {
    static APPLICATION: LazyLock<Arc<Person>> = LazyLock::new(|| {
        Arc::new(Person {
            id: PersonId(Uuid::nil()),
            name: String::new(),
            email: String::new(),
            dealer: None,
            roles: vec![Grant { role: Role::Admin, dealer: None }],
            manager: None,
            stands_in_for: Vec::new(),
            preferences: Preferences::default(),
            zone: Zone::utc(),
            version: 0,
            active: true,
        })
    });
    APPLICATION.clone()
}
