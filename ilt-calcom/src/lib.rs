//! Cal.com: sessions and seats kept the same in a calendar that other people use as well.
//!
//! # Flow
//! An [`Instance`] is a Cal.com at an address; an [`Account`] is one of its users, by that user's key. [`mapping`] says what a
//! session's day and a registration are over there, without asking anybody. [`Account`] makes it so and reads it back
//! ([`api`]). What people do over there comes back as a webhook, which [`webhook::receive`] believes only once its signature is
//! right. [`subscription`] sees to it that it comes. [`settle::Calcom`] makes an instance show a session, whatever is there. [`probe::probe`] says in words what an instance cannot do, before anything relies on it.
//!
//! # Invariants
//! * What is sent says which version of the API it speaks, by family: a Cal.com that does not know a version answers as if it
//!   were asked in its oldest one.
//! * A call that may have happened is not made again before it was looked up, but for those that change nothing.
//! * No error, and nothing that can be printed, has a name, an address, a key or a body in it.
//! * Every wait, every answer, every list and every number of tries has an end.
//!
//! # Not here
//! When what is kept the same, by whom, and what wins when both sides changed: the engine decides. Users: they cannot be made by
//! the API, so somebody tells which person has which key. Team events, confirmations, payments, recurring events.

pub mod api;
mod ids;
pub mod mapping;
mod personal;
pub mod probe;
pub mod settle;
#[cfg(feature = "testing")]
pub mod stand_in;
pub mod subscription;
pub mod webhook;

pub use api::{Account, Error, Instance, Kind, Limits, Settings};
pub use ids::{AttendeeId, BookingId, BookingUid, EventTypeId, ScheduleId, SeatUid, UserId, WebhookId};
pub use personal::Personal;
