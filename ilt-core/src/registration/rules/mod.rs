//! Registering, waiting, being offered a seat and giving it back, as tables.

mod approving;
mod beside;
mod beyond;
mod cancelling;
mod gate;
mod groups;
mod handing_on;
mod leaving;
mod odds;
mod offers;
mod queue;
mod reconsidering;
mod registering;
mod steps;
mod swapping;
mod waiting;
