//! A day as it is to be at one instructor's.

use ilt_core::calendar::{Day, Mirror, Phase, Seat};
use ilt_core::ids::RegistrationId;

use crate::api::NewBooking;
use crate::ids::EventTypeId;
use crate::mapping::{Attendees, DayPlan, Learner, NoAddress, SessionDay, Unmappable, booking};
use crate::personal::Personal;

/// A day as it is to be.
#[derive(Debug, Clone)]
pub struct Wanted {
    /// What it is over there.
    pub plan: DayPlan,
    /// Where it is by the clock.
    pub phase: Phase,
    /// Who has a seat, by registration.
    pub seats: Vec<WantedSeat>,
}

/// A seat as it is to be.
#[derive(Debug, Clone)]
pub struct WantedSeat {
    /// Whose registration.
    pub registration: RegistrationId,
    /// What is booked, but for the event type, which may not be there yet.
    pub booking: Result<NewBooking, NoAddress>,
    /// Whether the learner was absent; nothing where nobody has said.
    pub absent: Option<bool>,
}

impl Wanted {
    /// A day of a session, with its people known over there as `attendees` says.
    ///
    /// # Errors
    /// [`Unmappable`] for what cannot be said there.
    pub fn of(mirror: &Mirror, day: &Day, attendees: &Attendees) -> Result<Self, Unmappable> {
        let Day { part, time, title, place, phase } = day;
        let plan =
            SessionDay { session: mirror.session, part: *part, time, title, place, seats: mirror.capacity }
                .plan()?;
        let seats = mirror.seats.iter().map(|seat| WantedSeat::of(seat, *part, &plan, attendees)).collect();
        Ok(Self { plan, phase: *phase, seats })
    }
}

impl WantedSeat {
    fn of(seat: &Seat, part: u16, plan: &DayPlan, attendees: &Attendees) -> Self {
        let (name, email) = (Personal::new(&*seat.name), Personal::new(&*seat.mail));
        let learner = Learner { name: &name, email: &email, zone: &seat.zone, language: None };
        let booking = booking(seat.registration, &learner, attendees, EventTypeId(0), plan.start);
        Self { registration: seat.registration, booking, absent: seat.absent.get(&part).copied() }
    }
}
