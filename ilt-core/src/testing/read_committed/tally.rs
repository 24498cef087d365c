//! What the database holds the seats of a session to: it counts people itself, and compares at the end of each transaction.

use std::collections::{BTreeMap, BTreeSet};

use super::save::written_sessions;
use crate::desk::Changes;
use crate::ids::SessionId;
use crate::planted;
use crate::ports::StoreError;
use crate::registration::Registration;
use crate::session::{Claim, Seats};
use crate::world::World;

/// Refuses changes that would leave a session with other seats than its people have.
pub(super) fn ledgers_equal_people(kept: &World, changes: &[Changes]) -> Result<(), StoreError> {
    if planted::is_unguarded() {
        return Ok(());
    }
    let registered = changes.iter().flat_map(|it| &it.registrations).map(|it| it.session);
    let touched: BTreeSet<SessionId> = changes.iter().flat_map(written_sessions).chain(registered).collect();
    for session in touched {
        let Some(seats) = seats_of(kept, changes, session) else { continue };
        let said = [seats.confirmed + seats.over_capacity, seats.held, seats.offered, seats.waitlisted];
        if said != people_of(kept, changes, session) {
            return Err(StoreError::Differs(format!("the seats of session {session}").into()));
        }
    }
    Ok(())
}

/// The seats of a session as they will be.
fn seats_of(kept: &World, changes: &[Changes], session: SessionId) -> Option<Seats> {
    let of = |changes: &Changes| {
        let ledger = changes.ledgers.iter().rfind(|it| it.session == session).map(|it| it.seats);
        ledger.or_else(|| changes.sessions.iter().rfind(|it| it.id == session).map(|it| it.seats))
    };
    let known = || kept.sessions.get(&session).map(|it| it.seats);
    changes.iter().rev().find_map(of).or_else(known)
}

/// How many will be confirmed, held, offered a seat, waiting.
fn people_of(kept: &World, changes: &[Changes], session: SessionId) -> [u32; 4] {
    let saved = changes.iter().flat_map(|it| &it.registrations).filter(|it| it.session == session);
    let all: BTreeMap<_, &Registration> =
        kept.registrations.of_session(session).chain(saved).map(|it| (it.id, it)).collect();
    let mut counted = [0; 4];
    for claim in all.values().filter_map(|it| it.status.claim()) {
        counted[match claim {
            Claim::Confirmed | Claim::Beyond => 0,
            Claim::Held => 1,
            Claim::Offered => 2,
            Claim::Waitlisted => 3,
        }] += 1;
    }
    counted
}
