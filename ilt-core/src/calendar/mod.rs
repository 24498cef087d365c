//! Sessions and seats as a calendar that other people use as well is to show them.
//!
//! # Flow
//! State, not events: what the journal says only makes sessions *due* ([`concern()`]). Of a session that is due it is read what the
//! calendar is to show now ([`Mirror::of`]), and [`crate::ports::Calendar`] makes it so, whatever is there. Following, repairing and
//! comparing are one way through the code, and each can be repeated.
//!
//! # Invariants
//! * Our ledger decides who has a seat; the calendar follows. Of what it has and we do not know it is asked what is to become of it
//!   ([`Stranger`]), and that is done ([`Turned`]).
//! * A title names a course, never a person.
//! * Where something may have been made is written down before it is made ([`Kept::foresee`]), so that it can be taken away.
//!
//! # Not here
//! What is decided on what people do over there: the desk does, by the rules that hold for everybody. Which calendar it is, and how
//! it is spoken to.

mod busy;
mod concern;
mod guests;
mod kept;
mod mirror;
#[cfg(test)]
mod rules;
mod settled;
mod showing;
#[cfg(test)]
mod showing_rules;

pub use busy::Busy;
pub use concern::{Concern, concern};
pub use guests::{Absence, Stranger, Turned};
pub use kept::{Kept, Link, Place, References, SeatAt, Spot};
pub use mirror::{Day, Mirror, Phase, Seat, Stage};
pub use settled::{CalendarTrouble, Deed, Did, Difference, Settled, Why};
pub use showing::{Showing, Shown};
