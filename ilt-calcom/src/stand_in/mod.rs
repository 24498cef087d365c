//! A Cal.com that stands in for the real one: in memory, for tests only, and held to what was recorded of it.
//!
//! # Flow
//! A [`StandIn`] serves HTTP on a port of its own (`host`) → who asks, and how often (`gate`) → which version it is asked in
//! (`route`) → one file for each resource changes the [`World`] or reads it → its webhooks are delivered, one after the other and
//! without an end to waiting (`deliver`) → it answers. A test gives it a clock and ids, acts as people do over there
//! ([`StandIn::person`]), and makes it misbehave ([`Mishaps`], [`StandIn::stop`]).
//!
//! # Invariants
//! * Same calls, same statuses and same shapes as recorded: the contract tests of this crate hold it to that.
//! * It knows no time and no chance of its own.
//!
//! # Not here
//! What is never asked for: teams, confirmations, recurring events, payments, calendars that are connected, mails, the website.
//! Fields that nobody reads (`bookingFields`, `users`, `calVideoSettings` of event types). Of the oldest versions, what was not
//! recorded: it answers with something that is none of ours, as they do.

mod absence;
mod asked;
mod booking;
mod cancelling;
mod deliver;
mod event_types;
mod gate;
mod host;
mod listing;
mod me;
mod mishaps;
mod moving;
mod oldest;
mod person;
mod refusal;
mod route;
mod schedules;
mod slots;
mod tell;
mod validate;
mod views;
mod webhooks;
mod world;

pub use host::{Givens, StandIn};
pub use mishaps::{Mishap, Mishaps};
pub use person::Person;
pub use world::{GivenBack, Guest, Host, KeptBooking, World};
