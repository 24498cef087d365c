//! People who wait together are placed together.

use std::collections::{BTreeMap, BTreeSet};

use ilt_core::ids::{GroupId, RegistrationId};
use ilt_core::journal::{Entry, Event};
use ilt_core::registration::Status;
use ilt_core::world::World;

use super::{Broken, Promise, named};

/// Who waits, or waited, together.
#[derive(Debug, Clone, Default)]
pub(super) struct Groups {
    of: BTreeMap<RegistrationId, GroupId>,
    members: BTreeMap<GroupId, BTreeSet<RegistrationId>>,
}

impl Groups {
    /// Notes who joins a queue together.
    pub fn take(&mut self, entry: &Entry) {
        if let (Event::Waitlisted { group: Some(group), .. }, Some(id)) = (&entry.event, entry.registration) {
            self.of.insert(id, *group);
            self.members.entry(*group).or_default().insert(id);
        }
    }

    /// One of a group who has a seat by these entries while another still waits for one.
    pub fn broken(&self, world: &World, new: &[Entry]) -> Option<Broken> {
        new.iter().find_map(|entry| {
            let is_placed = match &entry.event {
                Event::Promoted | Event::OfferMade { .. } | Event::OfferTaken => true,
                Event::Requested { .. } => entry.reason.is_none(),
                _ => false,
            };
            let id = entry.registration.filter(|_| is_placed)?;
            let placed = world.registrations.get(id).filter(|it| it.status.takes_a_seat())?;
            let members = self.members.get(self.of.get(&id)?)?;
            let waits = members
                .iter()
                .filter_map(|it| world.registrations.get(*it))
                .find(|it| matches!(&it.status, Status::Waitlisted { .. }))?;
            let how = format!(
                "{} has a seat in {} by {}, and {} of the same group waits",
                named(placed.learner),
                named(placed.session),
                entry.event.word(),
                named(waits.learner)
            );
            Some(Broken::new(Promise::Groups, how))
        })
    }
}
