//! What calendars tell: taken at the door, kept as it came, and a reason to look at a session.
//!
//! # Flow
//! [`Mailbox::leave`] has a [`Reader`] say whose it is and what it is about, puts it in a queue, and answers → a [`Writer`] keeps what
//! waits, many at once, and makes its sessions due in the same transaction → a worker looks at them as at any other
//! ([`crate::calendars`]), and a follower sends what came to Kafka.
//!
//! # Invariants
//! * Whoever tells is answered at once, whatever the store and the calendar do: a calendar tells inside the request of whoever
//!   booked, without an end to waiting, and that may be our own request.
//! * Nothing that was not signed is kept.
//! * The queue has an end, in letters and in bytes. What finds no room is told so, and so is whoever comes while this host stops.
//! * Nothing is ever changed because a letter says so: what is there is read, and decided on. A letter that is lost, doubled, late or
//!   out of order can do no harm.
//!
//! # Not here
//! Letters that were answered and not kept when this host died: nobody sends them again, and the next comparison finds what they
//! told of.

#[cfg(feature = "calcom")]
mod calcom;
mod forgetting;
mod mailbox;
mod not_taken;
#[cfg(test)]
mod rules;
mod writer;

#[cfg(feature = "calcom")]
pub use calcom::CalcomReader;
pub use forgetting::{KEPT, forget_letters};
pub use mailbox::{Mailbox, Read, Reader, Room};
pub use not_taken::NotTaken;
pub use writer::{LETTERS, Writer};
