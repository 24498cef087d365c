//! Calendars that other people use as well, kept as our ledger says.
//!
//! # Flow
//! The follower `calendar` makes sessions due ([`crate::followers::calendar`]) → a [`Worker`] claims some of them, one at a time each →
//! a [`Keeper`] reads what the calendar is to show, writes down where that may be, has the calendar made so, has it decided what people
//! did there by themselves, and remembers what came of it. What calendars tell of makes sessions due as well ([`letters`]); and now and then
//! everything that is to come is due, whatever happened: so what people change over there is found, told or not.
//!
//! # Invariants
//! * No registration waits for a calendar. One that is away leaves sessions due, and everything catches up from what is then.
//! * A session is one worker's at a time, on whichever host; a host that dies leaves it to the next after its claim has ended.
//!
//! * What people do over there is decided by the desk ([`Reception`]), by the rules that hold here.
//!
//! # Not here
//! What a calendar is, and how it is spoken to: an adapter of the core's port.

mod keeper;
pub mod letters;
#[cfg(feature = "calcom")]
mod linking;
mod reception;
mod reconcile;
#[cfg(all(test, feature = "calcom"))]
mod rules;
mod shows;
#[cfg(feature = "calcom")]
mod subscribing;
#[cfg(feature = "calcom")]
mod watching;
mod words;
mod worker;

pub use keeper::{Keeper, KeeperTrouble, rest};
#[cfg(feature = "calcom")]
pub use linking::{Checked, LinkTrouble, Linked, Linking, Unlinked};
pub use reception::{CALENDAR, Received, Reception};
pub use reconcile::{Asks, Compared};
pub use shows::{PageOf, ShownDay, Shows};
#[cfg(feature = "calcom")]
pub use subscribing::{Subscriber, WEBHOOKS, Webhook};
#[cfg(feature = "calcom")]
pub use watching::Counted;
pub use worker::{CALENDARS, Habits, Worker};
