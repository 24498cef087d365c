//! The REST contract as clients meet it: whole requests through the router, on each store, with a fixed clock and counting ids.
//!
//! The cases know nothing of the store below; every file of them is a module of [`memory`] and again of [`sqlite`].
#![expect(clippy::duplicate_mod, reason = "the same cases run on each store")]

#[path = "rest/again.rs"]
mod again;
#[path = "rest/analytics.rs"]
mod analytics;
#[path = "rest/asking.rs"]
mod asking;
#[path = "rest/authorization.rs"]
mod authorization;
#[path = "rest/calendars.rs"]
mod calendars;
#[path = "rest/clocks.rs"]
mod clocks;
#[path = "rest/codes.rs"]
mod codes;
#[path = "rest/counting.rs"]
mod counting;
#[path = "rest/elsewhere.rs"]
mod elsewhere;
#[path = "rest/faulty.rs"]
mod faulty;
#[path = "rest/harness.rs"]
mod harness;
#[path = "rest/held.rs"]
mod held;
#[path = "rest/inside.rs"]
mod inside;
#[path = "rest/limits.rs"]
mod limits;
#[path = "rest/nul.rs"]
mod nul;
#[path = "rest/openapi.rs"]
mod openapi;
#[cfg(feature = "plugins")]
#[path = "rest/plugins.rs"]
mod plugins;
#[path = "rest/pretended.rs"]
mod pretended;
#[path = "rest/reply.rs"]
mod reply;
#[path = "rest/rights.rs"]
mod rights;
#[path = "rest/tokens.rs"]
mod tokens;
#[path = "rest/town.rs"]
mod town;
#[path = "rest/unread.rs"]
mod unread;

/// On the in-memory store.
#[path = "rest"]
mod memory {
    use crate::harness::{Store, TestApp};

    async fn start() -> TestApp {
        TestApp::on(Store::Memory).await
    }

    mod approving;
    mod attendance;
    mod blocks;
    mod calendar;
    mod catalogue;
    mod handing_on;
    mod journal;
    mod keys;
    mod life;
    mod numbers;
    mod pages;
    mod people;
    mod policy;
    mod problems;
    mod reading;
    mod registering;
    mod registrations;
    mod reminding;
    mod repeats;
    mod roster;
    mod sessions;
    #[cfg(feature = "dev-login")]
    mod signing_in;
    mod strict;
    mod together;
    mod waiting;
}

#[cfg(feature = "plugins")]
#[path = "rest/asking_anew.rs"]
mod asking_anew;
#[cfg(feature = "plugins")]
#[path = "rest/uploading.rs"]
mod uploading;
#[cfg(feature = "calcom")]
#[path = "rest/webhooks.rs"]
mod webhooks;

/// On SQLite.
#[path = "rest"]
mod sqlite {
    use crate::harness::{Store, TestApp};

    async fn start() -> TestApp {
        TestApp::on(Store::Sqlite).await
    }

    mod approving;
    mod attendance;
    mod blocks;
    mod calendar;
    mod catalogue;
    mod handing_on;
    mod journal;
    mod keys;
    mod life;
    mod numbers;
    mod pages;
    mod people;
    mod policy;
    mod problems;
    mod reading;
    mod registering;
    mod registrations;
    mod reminding;
    mod repeats;
    mod roster;
    mod sessions;
    #[cfg(feature = "dev-login")]
    mod signing_in;
    mod strict;
    mod together;
    mod waiting;
}
