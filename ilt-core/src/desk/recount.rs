//! Putting the seats of a session right that differ from its people, whatever has made them differ: a mistake of an older version,
//! or a hand in the database.

use crate::desk::batch::{About, Desk, Stop};
use crate::desk::{Order, Refusal, Reply};
use crate::ids::SessionId;
use crate::journal::Event;
use crate::session::{Block, Claim, Seats};

impl Desk<'_> {
    /// Counts the people of a session, and makes its ledger say so. Whoever sits there beyond the capacity is counted apart.
    pub(super) fn recount(&mut self, order: &Order, id: SessionId) -> Result<Reply, Stop> {
        self.must_be_admin(order)?;
        let session = self.world.sessions.get(&id).ok_or_else(|| Refusal::not_found("session"))?;
        let count = |claim| {
            let theirs = self.world.registrations.of_session(id);
            u32::try_from(theirs.filter(|it| it.status.claim() == Some(claim)).count()).unwrap_or(u32::MAX)
        };
        let (people, held, offered) = (count(Claim::Confirmed), count(Claim::Held), count(Claim::Offered));
        let (capacity, reserved) = (session.seats.capacity, session.blocks.iter().map(Block::free).sum());
        let kept = [held, offered, reserved].into_iter().fold(0_u32, u32::saturating_add);
        let Some(free) = capacity.checked_sub(kept) else {
            let detail =
                format!("{kept} seats are held, offered or set aside of {capacity}: give some back first");
            return Err(Refusal::invalid("/session", detail).into());
        };
        let confirmed = people.min(free);
        let (over_capacity, waitlisted) = (people - confirmed, count(Claim::Waitlisted));
        let seats = Seats { capacity, confirmed, held, offered, reserved, waitlisted, over_capacity };
        if seats == session.seats {
            return Ok(self.session_reply(id, 0));
        }
        let about = About::session(id).because(Some("the seats differed from the people"));
        self.record(order, &order.actor, about, Event::SeatsRecounted(seats))?;
        Ok(self.session_reply(id, 1))
    }
}
