//! The one gate on every way to a confirmed seat: registering, an offer, an approval, a move, a swap, a walk-in, an import.
//!
//! Each way asks beforehand what its learner wants to hear first. Here everything is asked once more, at the moment in which the seat
//! is given and of the state as it is then; nothing else can record an event that confirms a seat.

use crate::desk::batch::{About, Desk, Stop};
use crate::desk::{Command, Order, Refusal};
use crate::journal::{Actor, Event};
use crate::planted::{self, Bug};
use crate::registration::decide::{Except, obstacle};

impl Desk<'_> {
    /// Records something that gives a learner a seat, or brings them nearer to one; refused when anything keeps them from it.
    ///
    /// # Errors
    /// The obstacle, when there is one.
    pub(super) fn seat(
        &mut self,
        order: &Order,
        actor: &Actor,
        about: About,
        event: Event,
    ) -> Result<(), Stop> {
        let except = about.registration.and_then(|id| self.world.registrations.get(id));
        let except = except.map_or(Except::Nothing, |known| Except::given_back(self.world, known));
        self.seat_except(order, actor, about, event, except)
    }

    /// The same, where the learner gives up another seat for it, or an admin has said why it is right all the same.
    pub(super) fn seat_except(
        &mut self,
        order: &Order,
        actor: &Actor,
        about: About,
        event: Event,
        except: Except,
    ) -> Result<(), Stop> {
        let is_asked = !planted::is(Bug::GateOnRegisterOnly)
            || matches!(order.command, Command::Register { .. } | Command::RegisterGroup { .. });
        let is_promoted = planted::is(Bug::PromotionWithoutGate) && matches!(event, Event::Promoted);
        if event.confirms() && is_asked && !is_promoted {
            self.nothing_keeps_away(&about, &event, except)?;
        }
        self.write(order, actor, about, event)
    }

    fn nothing_keeps_away(&self, about: &About, event: &Event, except: Except) -> Result<(), Refusal> {
        let session = about.session.and_then(|id| self.world.sessions.get(&id));
        let session = session.ok_or_else(|| Refusal::not_found("session"))?;
        let learner = about.learner.and_then(|id| self.world.people.get(&id));
        let learner = learner.ok_or_else(|| Refusal::not_found("person"))?;
        let course = self.world.courses.get(&session.course).ok_or_else(|| Refusal::not_found("course"))?;
        if !session.is_live(self.context.now) {
            return Err(Refusal::RegistrationClosed { closed_at: session.ends_at() });
        }
        let has_begun = session.starts_at() <= self.context.now;
        if has_begun && !matches!(event, Event::WalkedIn { .. }) {
            return Err(Refusal::RegistrationClosed { closed_at: session.starts_at() });
        }
        obstacle(self.world, learner, session, course, except).map_or(Ok(()), Err)
    }
}
