//! Whether an instructor or a room is needed by two sessions at once.

use std::collections::BTreeSet;

use crate::desk::batch::Desk;
use crate::desk::{Conflict, Refusal, SessionPlan};
use crate::ids::{PersonId, SessionId};
use crate::registration::decide::{is_given, seats_in_the_way};
use crate::session::Session;

impl Desk<'_> {
    /// Refuses a plan that books an instructor or a room twice, unless it says why that is right. Of the sessions of the same order
    /// (by their ids) only those that come `before` count, as they are planned.
    pub(super) fn not_double_booked(
        &self,
        plan: &SessionPlan,
        planned: &Session,
        (before, together): (&[Session], &BTreeSet<SessionId>),
    ) -> Result<(), Refusal> {
        let known = self.world.sessions.get(&planned.id);
        let books_anew = known.is_none_or(|known| !planned.needs_the_same_as(known));
        if !books_anew || !planned.is_planned() {
            return Ok(());
        }
        if is_given(plan.override_reason.as_deref()) {
            return Ok(());
        }
        let stays = |other: &&Session| !together.contains(&other.id);
        let all = self.world.sessions.values().filter(stays).chain(before);
        let mut conflicts: Vec<_> = all.filter_map(|other| conflict(planned, other)).collect();
        conflicts.extend(planned.instructors.iter().flat_map(|id| self.learns_elsewhere(*id, planned)));
        let busy = plan.busy.iter().filter(|it| planned.instructors.contains(&it.instructor));
        conflicts.extend(busy.filter(|it| it.is_in_the_way_of(&planned.parts)).map(Conflict::from));
        if conflicts.is_empty() {
            return Ok(());
        }
        conflicts.sort_by_key(|conflict| (conflict.starts_at, conflict.session));
        conflicts.truncate(MOST_NAMED);
        Err(Refusal::DoubleBooked { conflicts })
    }
}

impl Desk<'_> {
    /// Nobody teaches while they learn.
    fn learns_elsewhere(&self, instructor: PersonId, planned: &Session) -> Vec<Conflict> {
        let conflict = |session, starts_at, ends_at| Conflict {
            session: Some(session),
            starts_at,
            ends_at,
            room: None,
            instructors: vec![instructor],
        };
        let own = self.world.registrations.live(instructor, planned.id);
        let learns_here = own.is_some_and(|own| own.status.takes_a_seat());
        let here = learns_here.then(|| conflict(planned.id, planned.starts_at(), planned.ends_at()));
        let seats = seats_in_the_way(self.world, instructor, planned, None).into_iter();
        here.into_iter()
            .chain(seats.filter_map(|seat| Some(conflict(seat.session?, seat.starts_at, seat.ends_at))))
            .collect()
    }
}

/// Conflicts that a refusal names at most.
const MOST_NAMED: usize = 10;

fn conflict(planned: &Session, other: &Session) -> Option<Conflict> {
    if planned.id == other.id || !other.is_planned() {
        return None;
    }
    let is_same_place = planned.location == other.location;
    let shared: Vec<_> =
        planned.instructors.iter().copied().filter(|id| other.instructors.contains(id)).collect();
    if !is_same_place && shared.is_empty() {
        return None;
    }
    let pairs = planned.parts.iter().flat_map(|one| other.parts.iter().map(move |two| (one, two)));
    let mut overlapping =
        pairs.filter(|(one, two)| one.starts_at < two.ends_at() && two.starts_at < one.ends_at());
    let same_room = |(one, two): &(&crate::schedule::Part, &crate::schedule::Part)| {
        is_same_place && !one.room.is_empty() && one.room == two.room
    };
    let first = overlapping.next()?;
    let room = std::iter::once(first).chain(overlapping).find(same_room).map(|(one, _)| one.room.clone());
    (room.is_some() || !shared.is_empty()).then(|| Conflict {
        session: Some(other.id),
        starts_at: other.starts_at(),
        ends_at: other.ends_at(),
        room,
        instructors: shared,
    })
}
