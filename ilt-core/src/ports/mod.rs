//! What the core needs of the outside: one small trait per file.
//!
//! The store's promises are held by one contract suite ([`crate::testing`], feature `testing`) that every adapter passes.

mod analytics;
mod api_keys;
mod calendar;
mod clock;
mod components;
mod dead_letters;
mod deliveries;
mod evidence;
mod ids;
mod journal;
mod leases;
mod mirrors;
mod reads;
mod rules;
mod sign_ins;
mod statements;
mod store;
mod timers;

pub use analytics::{Analytics, BadMonth, Counting, Measure, Month, Monthly, MonthlyQuery};
pub use api_keys::ApiKeys;
pub use calendar::{Calendar, Mode, NoCalendar};
pub use clock::Clock;
pub use components::{Component, Components, Description};
pub use dead_letters::{DeadLetter, DeadLetters};
pub use deliveries::{About, Deliveries, Delivery, Letter, NumberedLetter, Taken};
pub use evidence::{Doubt, Elsewhere, Evidence, OwnCompletions};
pub use ids::Ids;
pub use journal::{EntryQuery, Journal};
pub use leases::Leases;
pub use mirrors::{CALENDAR, Differing, Due, Mirrors, Waiting};
pub use reads::{Cursor, PeopleQuery, Reads, RegistrationQuery, Roster, RosterLine, SeatsOfDealers};
pub use rules::{NoRules, Rules};
pub use sign_ins::{SignIns, TokenDigest, Whose};
pub use statements::{Numbered, Statements, TELLER};
pub use store::{Store, StoreError, Work};
pub use timers::Timers;
