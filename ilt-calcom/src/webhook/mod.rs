//! Webhooks: what people do over there, as Cal.com tells it.
//!
//! # Flow
//! [`receive`]: raw bytes and two headers → no longer than is allowed → the signature is right (`signature`) → they are read
//! (`read`, `payload`) → an [`Event`] that names what identifies it, and a [`Digest`] by which a second delivery is known.
//!
//! # Invariants
//! * Nothing is parsed before its signature is right, and a signature is right for the very bytes that came.
//! * A trigger that is not known is an event like others: it is accepted, counted and has no meaning.
//! * An event says what is certain. Cal.com's own words for it are not always: a cancelled seat says that the booking is
//!   cancelled (recorded: webhook 003), and a seat that joined another booking names the old booking's number (recorded: 007).
//!
//! # Not here
//! Keeping it, answering, and what follows from it: the host and the engine do. Cal.com waits for the answer inside the request
//! that caused the webhook, tries once and has no delivery ids: so the host keeps the bytes, answers at once, and compares both
//! sides now and then all the same.

mod event;
mod payload;
mod read;
mod refused;
mod signature;

pub use event::{Cancelled, Created, Event, NoShow, Rescheduled, Trigger, Who};
pub use read::{Delivery, Received, WebhookLimits, receive};
pub use refused::Refused;
pub use signature::Digest;
