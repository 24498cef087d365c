//! What people do in the calendar.

use ilt_core::ports::Clock as _;
use jiff::Timestamp;

use crate::house::House;
use crate::town;

/// A seat, as it is over there.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Seat {
    pub booking: String,
    pub uid: String,
    pub slug: String,
    pub email: String,
    pub host: u64,
    pub start: Timestamp,
}

/// What a session's part is found by over there.
pub fn slug(session: u32, part: usize) -> String {
    let session = town::session(session);
    if part == 0 { format!("ilt-{session}") } else { format!("ilt-{session}-{}", part + 1) }
}

impl House {
    /// What a session's part is booked by, and when it starts by the ledger; nothing when it is not there.
    pub async fn page(&self, session: u32, part: usize) -> Option<(u64, Timestamp)> {
        let starts_at = self.roster(session).await.session.parts.get(part)?.starts_at;
        let name = slug(session, part);
        let found = self.calcom.world().offers().find(|it| it.2 == name).map(|it| it.0);
        Some((found?, starts_at))
    }

    /// Somebody books a part.
    pub async fn books(&self, session: u32, part: usize, email: &str) -> bool {
        let Some((page, start)) = self.page(session, part).await else { return false };
        self.calcom.person().books(page, start, "Somebody", email).await.is_ok()
    }

    /// All seats in bookings that are alive, and have not begun.
    pub fn seats(&self) -> Vec<Seat> {
        let (world, now) = (self.calcom.world(), self.clock.now());
        let mut seats = Vec::new();
        for booking in world.bookings().filter(|it| !it.is_cancelled && it.end > now) {
            for guest in &booking.guests {
                seats.push(Seat {
                    booking: booking.uid.clone(),
                    uid: guest.seat.clone().unwrap_or_default(),
                    slug: booking.slug.clone(),
                    email: guest.email.clone(),
                    host: booking.host,
                    start: booking.start,
                });
            }
        }
        seats
    }

    /// Under which addresses a part is booked.
    pub fn seated(&self, session: u32, part: usize) -> Vec<String> {
        let name = slug(session, part);
        let mut seated: Vec<_> =
            self.seats().into_iter().filter(|it| it.slug == name).map(|it| it.email).collect();
        seated.sort();
        seated
    }

    /// What somebody was told on losing seats.
    pub fn told(&self, email: &str) -> Vec<String> {
        let world = self.calcom.world();
        world.given_back.iter().filter(|it| it.email == email).map(|it| it.reason.clone()).collect()
    }
}
