//! What a session's day and a registration are over there. Nothing here asks anybody.
//!
//! # Invariants
//! * One day (one part) of a session is one schedule with one date and one hidden event type with seats, whose slug says which.
//! * Titles name courses and places, never people: a booking would be called after whoever booked first.
//! * Nobody sees who else comes, the instructor's address is shown to nobody, and nobody books without a key.
//! * Addresses are small letters: Cal.com tells people apart to the letter.
//! * In [`Attendees::Alias`] no name and no address of a learner leaves the house.
//!
//! # Not here
//! Which sessions are kept the same, and how many of a session's seats are on sale over there.

mod alias;
mod day;
mod seat;
mod slug;

pub use alias::{Attendees, BadDomain, Domain};
pub use day::{DayPlan, MOST_SEATS, SessionDay, Unmappable};
pub use seat::{Learner, NoAddress, booking};
pub use slug::{Foreign, Slug};
