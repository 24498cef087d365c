//! Sign-ins as they are shown.

use std::collections::BTreeMap;
use std::sync::Arc;

use ilt_core::access::SignIn;
use ilt_core::catalog::Person;
use ilt_core::ids::{PersonId, SignInId};
use jiff::Timestamp;
use serde::Serialize;
use utoipa::ToSchema;
use uuid::Uuid;

/// Somebody of a demo.
#[derive(Serialize, ToSchema)]
struct DemoPersonView {
    id: Uuid,
    name: String,
    /// What they are in the demo's story.
    #[schema(example = "dealer admin")]
    part: &'static str,
}

/// The ways in which somebody can sign in.
#[derive(Serialize, ToSchema)]
pub struct WaysView {
    /// The people of a demo, with the way `demo`; none where there is no demo.
    demo: Vec<DemoPersonView>,
}

impl WaysView {
    pub fn of(listed: &[(&'static str, PersonId)], people: &BTreeMap<PersonId, Arc<Person>>) -> Self {
        let shown = |(part, id): &(&'static str, PersonId)| {
            Some(DemoPersonView { id: id.0, name: people.get(id)?.name.clone(), part })
        };
        Self { demo: listed.iter().filter_map(shown).collect() }
    }
}

/// Somebody's being signed in, in one browser.
#[derive(Serialize, ToSchema)]
pub struct SignInView {
    id: Uuid,
    /// By which way they came in.
    way: String,
    #[schema(value_type = String, format = DateTime)]
    begun_at: Timestamp,
    /// When something was last asked, to the minute.
    #[schema(value_type = String, format = DateTime)]
    seen_at: Timestamp,
    /// When it ends, if nothing more is asked.
    #[schema(value_type = String, format = DateTime)]
    until: Timestamp,
    /// Whether this request came with it.
    is_this: bool,
}

impl SignInView {
    pub fn of(it: &SignIn, person: &Person, this: Option<SignInId>) -> Self {
        Self {
            id: it.id.0,
            way: it.way.clone(),
            begun_at: it.begun_at,
            seen_at: it.seen_at,
            until: it.until(person),
            is_this: this == Some(it.id),
        }
    }
}

/// Where somebody is signed in.
#[derive(Serialize, ToSchema)]
pub struct SignInsView {
    pub items: Vec<SignInView>,
}
