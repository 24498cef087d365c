//! Lists of bookings, page by page.
//!
//! # Not here
//! Asking for what changed since: a booking does not count as changed when a seat comes, goes or is marked absent.

use std::collections::BTreeMap;

use jiff::Timestamp;

use super::account::Account;
use super::bookings::Booking;
use super::call::Call;
use super::error::{Error, Kind};
use super::version::Family;
use crate::ids::{BookingUid, EventTypeId};
use crate::personal::Personal;

/// Bookings of one page that Cal.com gives (recorded: 126).
const MOST: u32 = 250;

/// Which bookings, by where they are in their life.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Which {
    /// Those that take place.
    Upcoming,
    /// Those that took place.
    Past,
    /// Those that were cancelled.
    Cancelled,
}

impl Which {
    const fn word(self) -> &'static str {
        match self {
            Self::Upcoming => "upcoming",
            Self::Past => "past",
            Self::Cancelled => "cancelled",
        }
    }
}

/// What is asked for. A key sees the bookings of its own user only, an administrator's too (recorded: 061).
#[derive(Debug, Clone, Default)]
pub struct Listing {
    /// Of these event types; of all when there are none.
    pub event_types: Vec<EventTypeId>,
    /// In which this address has a seat.
    pub attendee: Option<Personal>,
    /// Where in their life; everywhere when nothing is said.
    pub which: Option<Which>,
    /// Those that start no sooner than the first and end no later than the second.
    pub between: Option<(Timestamp, Timestamp)>,
}

impl Account {
    /// Bookings, all pages of them, each once. Those that come while it is read may be missing.
    ///
    /// # Errors
    /// [`Kind::Endless`] when there are more pages than are read.
    pub async fn bookings(&self, listing: &Listing) -> Result<Vec<Booking>, Error> {
        let limits = &self.instance.limits;
        let what = "listing bookings";
        // By uid: what is cancelled meanwhile moves the others onto other pages.
        let (mut seen, mut found) = (BTreeMap::<BookingUid, usize>::new(), Vec::new());
        let take = limits.page.clamp(1, MOST);
        for page in 0..limits.pages {
            let skip = u64::from(page) * u64::from(take);
            let call = listing.call(what).ask("take", take.to_string()).ask("skip", skip.to_string());
            let (bookings, pagination): (Vec<Booking>, _) = self.paged(&call).await?;
            let is_empty = bookings.is_empty();
            for booking in bookings {
                if let Some(&at) = seen.get(&booking.uid) {
                    found[at] = booking;
                } else {
                    seen.insert(booking.uid.clone(), found.len());
                    found.push(booking);
                }
            }
            // Whoever says that there is more and shows nothing would be asked for ever.
            if is_empty || !pagination.is_some_and(|it| it.has_next_page) {
                return Ok(found);
            }
        }
        Err(Error::unsent(what, Kind::Endless { pages: limits.pages }))
    }
}

impl Listing {
    fn call(&self, what: &'static str) -> Call {
        let mut call = Call::get(what, Family::Bookings, &["bookings"]).ask("sortStart", "asc");
        if !self.event_types.is_empty() {
            let ids: Vec<_> = self.event_types.iter().map(ToString::to_string).collect();
            call = call.ask("eventTypeIds", ids.join(","));
        }
        if let Some(attendee) = &self.attendee {
            call = call.ask("attendeeEmail", attendee.as_address().reveal());
        }
        if let Some(which) = self.which {
            call = call.ask("status", which.word());
        }
        if let Some((from, to)) = self.between {
            call = call.ask("afterStart", from.to_string()).ask("beforeEnd", to.to_string());
        }
        call
    }
}
