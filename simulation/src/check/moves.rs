//! Swaps and transfers never leave a learner without a seat.

use ilt_core::journal::{Entry, Event};
use ilt_core::registration::Status;
use ilt_core::world::World;

use super::{Broken, Promise, named};

/// A seat that was given up for another that is none.
pub(super) fn broken(world: &World, new: &[Entry]) -> Option<Broken> {
    new.iter().find_map(|entry| {
        let (Event::Transferred { to, .. } | Event::Displaced { to: Some(to) } | Event::Substituted { to }) =
            &entry.event
        else {
            return None;
        };
        let there = world.registrations.get(*to);
        let has_seat = there.is_some_and(|it| matches!(it.status, Status::Confirmed { .. }));
        // Two that follow each other in one transaction lead to the last.
        let went_on = there.is_some_and(|it| it.status.successor().is_some());
        let was_given_back = new.iter().any(|it| it.registration == Some(*to) && super::ends(&it.event));
        (!has_seat && !went_on && !was_given_back).then(|| {
            let who = entry.learner.map_or_else(|| "somebody".to_owned(), named);
            let from = entry.session.map_or_else(String::new, named);
            Broken::new(
                Promise::Moves,
                format!("{who} gave up a seat in {from} for one that they do not have"),
            )
        })
    })
}
