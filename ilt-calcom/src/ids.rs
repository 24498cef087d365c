//! Cal.com's ids, each a type of its own. Numbers and texts are as Cal.com gives them; nothing is read into them.

use std::fmt;

use serde::{Deserialize, Serialize};

macro_rules! number {
    ($(#[$doc:meta])* $name:ident) => {
        $(#[$doc])*
        #[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize, Deserialize)]
        #[serde(transparent)]
        pub struct $name(pub u64);

        impl fmt::Display for $name {
            fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
                self.0.fmt(f)
            }
        }
    };
}

macro_rules! text {
    ($(#[$doc:meta])* $name:ident) => {
        $(#[$doc])*
        #[derive(Debug, Clone, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize, Deserialize)]
        #[serde(transparent)]
        pub struct $name(pub String);

        impl $name {
            /// As it goes into an address.
            pub fn as_str(&self) -> &str {
                &self.0
            }
        }

        impl fmt::Display for $name {
            fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
                self.0.fmt(f)
            }
        }

        impl From<&str> for $name {
            fn from(text: &str) -> Self {
                Self(text.to_owned())
            }
        }
    };
}

number!(/// A user: one instructor.
    UserId);
number!(/// When somebody can be booked.
    ScheduleId);
number!(/// What can be booked: one day of one session.
    EventTypeId);
number!(/// A booking, as webhooks name it. Of a seat that joined another booking a webhook names the one it left (recorded: webhook 007).
    BookingId);
number!(/// Somebody in a booking. Webhooks name whoever cancelled one seat by it (recorded: webhook 003).
    AttendeeId);

text!(/// A booking: everybody in one event type at one time. It ends with its last seat, and the next one gets another.
    BookingUid);
text!(/// One seat. Moving it gives it another one when it is the first at its new time (recorded: 041), and leaves it otherwise
    /// (recorded: 043).
    SeatUid);
text!(/// A webhook's registration.
    WebhookId);
