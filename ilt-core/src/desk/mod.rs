//! The desk, as pure functions: orders in arrival order, decided one by one on what was loaded.
//!
//! # Flow
//! [`Ask::of`] says what must be loaded → the store locks and loads a [`crate::world::World`] → [`decide_batch`] answers
//! each order and collects the [`Changes`] → the store saves them with the journal in the same transaction.
//!
//! # Not here
//! Queues, deadlines, transactions: the engine drives these functions and owns all of that.

mod answer;
mod approval;
mod ask;
mod attend;
mod batch;
mod blocks;
mod bookings;
mod capacity;
mod changes;
mod claims;
mod command;
mod days;
mod depict;
mod due;
mod forms;
mod gate;
mod hand_on;
mod key;
mod leaving;
mod minimum;
mod more;
mod order;
mod people;
mod picture;
mod places;
mod plan;
mod plugins;
mod queues;
mod records;
mod recount;
mod refusal;
mod remind;
mod repeat;
mod sessions;
mod swap;
mod texts;
mod together;

pub use answer::{Answer, Reply};
pub use ask::{Ask, Booking};
pub use batch::{Context, Decided, decide_batch};
pub use changes::{Changes, Ledger, Remembered, Timer, TimerKind};
pub use command::{BlockPlan, Command, Displaced, MarkPlan, OnFull};
pub use key::Key;
pub use more::More;
pub use order::{Inquiry, Order};
pub use picture::{
    Around, CompletionPicture, CourseName, Help, LocationName, PersonPicture, Picture, Reference,
    SessionPicture,
};
pub use plan::{PartPlan, SessionPlan};
pub use refusal::{ClashWith, Conflict, Refusal, RefusedOne};
pub use texts::NO_NUL;

#[cfg(test)]
mod rules;
