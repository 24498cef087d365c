//! The ways in which somebody can sign in.
//!
//! The people of a demo sign in without proving anything: only in a host that was built with the feature `dev-login` and runs a demo, and only
//! from the same machine by a name of its own, so that no page from elsewhere does it under another name.

use std::sync::Arc;

use ilt_core::ids::PersonId;
use ilt_engine::config::Proxies;

use super::same_site;
use crate::http::access::sender::{self, Asked};

/// What people are called by, and who they are.
type Cast = Arc<[(&'static str, PersonId)]>;

/// The ways that there are.
#[derive(Clone, Default)]
pub struct Ways {
    demo: Option<Cast>,
}

/// A way in.
pub struct Way<'a> {
    /// What it is called.
    pub(super) word: &'static str,
    people: &'a Cast,
}

impl Ways {
    /// The people of a demo, by their roles.
    #[cfg(feature = "dev-login")]
    pub fn demo_of(people: impl IntoIterator<Item = (&'static str, PersonId)>) -> Self {
        Self { demo: Some(people.into_iter().collect()) }
    }

    /// A way by its name, where whoever asks may go it.
    pub(super) fn find(&self, word: &str, asked: Asked<'_>, proxies: &Proxies) -> Option<Way<'_>> {
        // Where a proxy is believed, what it says could be this machine.
        let is_here = || {
            let from = sender::address(asked, proxies).filter(|_| proxies.is_empty());
            from.is_some_and(|it| it.is_loopback()) && same_site::host(asked.0).is_some_and(is_this_machine)
        };
        let people = self.demo.as_ref().filter(|_| word == DEMO && is_here())?;
        Some(Way { word: DEMO, people })
    }
}

/// The way of a demo's people.
pub(super) const DEMO: &str = "demo";

impl<'a> Way<'a> {
    /// Who can come in by it, and what they are called.
    pub(super) fn people(&self) -> &'a [(&'static str, PersonId)] {
        self.people
    }

    /// Whether this one can come in by it.
    pub(super) fn offers(&self, person: PersonId) -> bool {
        self.people.iter().any(|(_, id)| *id == person)
    }
}

/// Whether a name, with a port or without, can be of no other machine.
fn is_this_machine(host: &str) -> bool {
    let name = host
        .rsplit_once(':')
        .map_or(host, |(name, port)| if port.bytes().all(|it| it.is_ascii_digit()) { name } else { host });
    matches!(name, "localhost" | "127.0.0.1" | "[::1]")
}

#[cfg(test)]
mod tests {
    #[test]
    fn a_name_that_others_can_have_is_not_this_machines() {
        for (host, is_here) in [
            ("localhost", true),
            ("localhost:8090", true),
            ("127.0.0.1:8090", true),
            ("[::1]:8090", true),
            ("[::1]", true),
            ("localhost.example", false),
            ("rebound.example:8090", false),
            ("127.0.0.1.example", false),
            ("", false),
        ] {
            assert_eq!(super::is_this_machine(host), is_here, "{host}");
        }
    }
}
