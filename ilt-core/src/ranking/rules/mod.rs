//! The rules of ranking and searching as tables, in the words of whoever plans training.

mod filters;
mod finding;
mod following;
mod opinions;
mod order;
mod parts;
mod rebooking;
mod sentences;
mod town;

pub(super) use crate::testing::plans::{Changed, course, id, location, now, session};
pub(super) use town::{ADA, Told, Town, WANTED, WANTED_COURSE};
