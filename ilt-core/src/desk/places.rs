//! Locations that change while sessions to come are planned there: what is booked stays booked, and clocks keep their hands.

use crate::catalog::Location;
use crate::desk::More;
use crate::desk::batch::{Desk, Stop};
use crate::desk::records::{Problems, differing, supersede};
use crate::desk::{Order, Refusal, Reply, SessionPlan};
use crate::ids::LocationId;
use crate::journal::Event;
use crate::schedule::Zone;
use crate::session::Session;

/// Why sessions are planned anew whose location turns out to be in another zone.
const ZONE_CORRECTED: &str = "the time zone of the location was corrected";

impl Desk<'_> {
    pub(super) fn save_locations(&mut self, order: &Order, locations: &[Location]) -> Result<Reply, Stop> {
        self.must_be_admin(order)?;
        let (changed, reply) = differing(locations, |id| self.world.locations.get(&id.into()).cloned())?;
        let mut problems = Problems::of(locations.len());
        for (at, location) in locations.iter().enumerate() {
            if let Some(refusal) = self.loses_a_room(location) {
                problems.add(at, refusal)?;
            }
        }
        problems.finish()?;
        let follow = self.that_follow(&changed)?;
        self.journal(order, &changed, Event::LocationsSaved)?;
        supersede(&mut self.changes.locations, changed);
        self.save_sessions(order, &follow, false)?;
        Ok(reply)
    }

    fn to_come_at(&self, location: LocationId) -> impl Iterator<Item = &Session> {
        let now = self.context.now;
        let sessions = self.world.sessions.values();
        sessions.filter(move |it| it.location == location && it.is_planned() && it.starts_at() > now)
    }

    /// A room that a session to come needs does not vanish.
    fn loses_a_room(&self, location: &Location) -> Option<Refusal> {
        let before = self.world.locations.get(&location.id)?;
        let is_gone = |room: &String| before.rooms.contains(room) && !location.rooms.contains(room);
        let mut booked = self.to_come_at(location.id).flat_map(|session| &session.parts);
        let part = booked.find(|part| !location.rooms.is_empty() && is_gone(&part.room))?;
        let detail =
            format!("`{}` is booked on {}: plan that session elsewhere first", part.room, part.starts.date());
        Some(Refusal::invalid("/rooms", detail))
    }

    /// Plans of the sessions that follow their location into another zone: a class at nine is at nine, and whoever comes is told both
    /// readings.
    fn that_follow(&self, changed: &[Location]) -> Result<Vec<SessionPlan>, Stop> {
        let (mut plans, mut unheld) = (Vec::new(), More::default());
        for location in changed {
            let before = self.world.locations.get(&location.id).map(|before| &before.zone);
            let Some(before) = before.filter(|zone| **zone != location.zone) else { continue };
            let goes_by = |session: &&Session| session.parts.iter().any(|part| part.zone == *before);
            for session in self.to_come_at(location.id).filter(goes_by) {
                if !self.world.sessions.is_held(session.id) {
                    unheld.whole.insert(session.id);
                }
                plans.push(moved(session, before, &location.zone));
            }
        }
        if !unheld.whole.is_empty() {
            return Err(Stop::NeedMore(unheld));
        }
        let cannot = |refusal| {
            let detail = format!("a session to come cannot keep its clock there: {refusal}");
            Refusal::invalid("/zone", detail)
        };
        self.all_planned(&plans, false).map_err(cannot)?;
        Ok(plans)
    }
}

/// The plan of a session whose parts go by the zone of its location from now on, where they went by the one it had.
fn moved(session: &Session, before: &Zone, after: &Zone) -> SessionPlan {
    let mut plan = SessionPlan::from(session);
    for part in plan.parts.iter_mut().filter(|part| part.zone.as_ref() == Some(before)) {
        part.zone = Some(after.clone());
    }
    SessionPlan { override_reason: Some(ZONE_CORRECTED.to_owned()), ..plan }
}
