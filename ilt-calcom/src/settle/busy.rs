//! What an instructor has in that calendar beside our sessions.

use ilt_core::calendar::Busy;
use ilt_core::ids::PersonId;
use jiff::{SignedDuration, Timestamp};

use crate::api::{Account, Booking, Error, Listing, Status, Which};
use crate::mapping::Slug;

/// The longest booking that there can be: one that began before a time may still be going on.
const LONGEST: SignedDuration = SignedDuration::from_hours(24);

/// Bookings of others that overlap with a time. Whether other calendars that are connected with it are free is not asked: Cal.com tells
/// of them only as what is left of a schedule.
pub async fn busy(
    account: &Account,
    instructor: PersonId,
    from: Timestamp,
    to: Timestamp,
) -> Result<Vec<Busy>, Error> {
    let (earliest, latest) = (from.saturating_sub(LONGEST), to.saturating_add(LONGEST));
    let between = earliest.ok().zip(latest.ok());
    let listing = Listing { which: Some(Which::Upcoming), between, ..Listing::default() };
    let bookings = account.bookings(&listing).await?;
    let others = bookings.iter().filter(|it| is_anothers(it) && it.start < to && from < it.end);
    Ok(others.map(|it| Busy { instructor, starts_at: it.start, ends_at: it.end }).collect())
}

/// Whoever does not know the question answers with all of them.
fn is_anothers(booking: &Booking) -> bool {
    let slug = booking.event_type.as_ref().map(|it| it.slug.parse::<Slug>());
    matches!(booking.status, Status::Accepted | Status::Pending) && !matches!(slug, Some(Ok(_)))
}
