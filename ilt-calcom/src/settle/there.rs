//! What is there of one day at one instructor's.

use std::collections::BTreeSet;

use ilt_core::calendar::Place;

use crate::api::{Account, Booking, Error, EventType, Listing, Schedule, Status, Which, found};
use crate::ids::{BookingUid, EventTypeId};
use crate::mapping::Slug;

/// What is there of one day.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct There {
    /// What can be booked; nothing when it is not there.
    pub event_type: Option<EventType>,
    /// When.
    pub schedule: Option<Schedule>,
    /// Bookings of it that are alive.
    pub bookings: Vec<Booking>,
    /// Bookings of ours that belong to nothing since somebody removed their event type.
    pub orphans: Vec<Booking>,
}

/// What is remembered of a day.
#[derive(Debug, Clone, Copy)]
pub struct Remembered<'a> {
    /// What was there.
    pub place: &'a Place,
    /// The bookings in which we had seats.
    pub bookings: &'a BTreeSet<BookingUid>,
}

impl There {
    /// Reads it. A schedule without an event type is looked for when all of it is to be `cleared`.
    ///
    /// # Errors
    /// Whatever Cal.com says.
    pub async fn read(
        account: &Account,
        username: &str,
        slug: Slug,
        remembered: Remembered<'_>,
        cleared: bool,
    ) -> Result<Self, Error> {
        let slug = slug.to_string();
        let event_type = match account.event_type_by_slug(username, &slug).await? {
            Some(found) => Some(found),
            None => renamed(account, remembered.place).await?,
        };
        let schedule = match event_type.as_ref().map(|it| it.schedule_id) {
            Some(Some(id)) => found(account.schedule(id).await)?,
            None if cleared => account.schedules().await?.into_iter().find(|it| it.name == slug),
            Some(None) | None => None,
        };
        let Some(of) = &event_type else {
            let orphans = orphans(account, remembered).await?;
            return Ok(Self { schedule, orphans, ..Self::default() });
        };
        let listing = Listing { event_types: vec![of.id], ..Listing::default() };
        let mut bookings = account.bookings(&listing).await?;
        // Whoever does not know the question answers with all of them.
        bookings.retain(|it| it.status == Status::Accepted && it.event_type_id == Some(of.id));
        Ok(Self { event_type, schedule, bookings, orphans: Vec::new() })
    }
}

/// The one that we remember, when somebody has given it another slug.
async fn renamed(account: &Account, place: &Place) -> Result<Option<EventType>, Error> {
    match place.event_type.as_deref().and_then(|it| it.parse().ok()).map(EventTypeId) {
        Some(id) => found(account.event_type(id).await),
        None => Ok(None),
    }
}

/// Those that we remember; and where an event type was removed, all that are called as its bookings were: strangers may be in them,
/// whom nobody remembers. The user's own only, since no other can be called off by this key.
async fn orphans(account: &Account, remembered: Remembered<'_>) -> Result<Vec<Booking>, Error> {
    let Remembered { place, bookings } = remembered;
    if bookings.is_empty() && place.event_type.is_none() {
        return Ok(Vec::new());
    }
    let listing = Listing { which: Some(Which::Upcoming), ..Listing::default() };
    let mut orphans = account.bookings(&listing).await?;
    let is_ours =
        |it: &Booking| bookings.contains(&it.uid) || (place.event_type.is_some() && it.is_called_ours());
    orphans.retain(|it| it.status == Status::Accepted && it.event_type_id.is_none() && is_ours(it));
    Ok(orphans)
}
