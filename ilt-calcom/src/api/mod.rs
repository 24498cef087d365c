//! The API, version 2, as far as it is needed: some twenty-five calls, one file for each of Cal.com's resources.
//!
//! # Flow
//! [`Instance::account`] → a call is put together (`call`), with the version that its family of resources speaks (`version`) →
//! it waits for its turn by the key's limit (`limiter`) → it is sent, and again where that is safe (`retry`, `send`) → the answer
//! is read, as much of it as is allowed (`answer`), and what it means is understood (`understand`).
//! [`Account::ensure_event_type`], [`Account::ensure_schedule`] and [`Account::book`] can be repeated: they look first at what is
//! there, or afterwards at what became of a call that did not end (`ensure`).
//!
//! # Not here
//! Holding a place for somebody (`/slots/reservations`): it changes nothing for seats (recorded: 121, 122). Adding people to a
//! booking: they have no seat and are not counted (recorded: 111–113). Keys: making a new one fails. Anything that needs a team.

mod account;
mod answer;
mod attendance;
mod base;
mod bookings;
mod call;
mod cancelling;
mod ensure;
mod error;
mod event_types;
mod limiter;
mod limits;
mod listing;
mod looking;
mod me;
mod retry;
mod schedules;
mod send;
mod slots;
mod understand;
mod version;
mod watcher;
mod webhooks;

pub use account::{Account, Dice, Instance, Settings};
pub use attendance::{AttendeeRecord, Mark};
pub use base::{BadBase, Base};
pub use bookings::{
    Attendee, Booked, Booking, METADATA_KEY, Named, NewAttendee, NewBooking, OUR_TITLES_END, Status,
};
pub use ensure::Seat;
pub(crate) use ensure::found;
pub use error::{Error, Kind, RequestId};
pub use event_types::{Address, EventType, EventTypeChange, Location, NewEventType, Seats, Window};
pub use limits::Limits;
pub use listing::{Listing, Which};
pub use me::Me;
pub use schedules::{Override, Schedule, ScheduleChange};
pub use slots::{Slot, SlotSeats};
pub use version::Family;
pub use watcher::{Outcome, Watcher};
pub use webhooks::{NewWebhook, Webhook, WebhookChange};
