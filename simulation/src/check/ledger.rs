//! The five numbers add up, and are the people.

use ilt_core::session::{Block, Claim};
use ilt_core::world::World;

use super::{Broken, Promise, named};

/// A session whose numbers are not its people.
pub(super) fn broken(world: &World) -> Option<Broken> {
    world.sessions.values().find_map(|session| {
        let seats = session.seats;
        let mut counted = [0_u32; 4];
        for registration in world.registrations.of_session(session.id) {
            match registration.status.claim() {
                Some(Claim::Confirmed | Claim::Beyond) => counted[0] += 1,
                Some(Claim::Held) => counted[1] += 1,
                Some(Claim::Offered) => counted[2] += 1,
                Some(Claim::Waitlisted) => counted[3] += 1,
                None => {}
            }
        }
        let kept = [seats.confirmed + seats.over_capacity, seats.held, seats.offered, seats.waitlisted];
        let reserved: u32 = session.blocks.iter().map(Block::free).sum();
        let sum = u64::from(seats.confirmed)
            + u64::from(seats.held)
            + u64::from(seats.offered)
            + u64::from(seats.reserved);
        let is_true = counted == kept && reserved == seats.reserved && sum <= u64::from(seats.capacity);
        (!is_true).then(|| {
            let how = format!(
                "{} keeps {seats:?}, and has confirmed, held, offered, waitlisted {counted:?}, set aside {reserved}",
                named(session.id)
            );
            Broken::new(Promise::Ledger, how)
        })
    })
}
