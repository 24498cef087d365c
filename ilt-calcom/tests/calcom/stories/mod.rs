//! What happens between us and a Cal.com, told from end to end against the stand-in.

mod people;
mod seats;
mod session;
mod settling;
mod subscribing;
mod trouble;
mod webhooks;

use std::sync::Arc;

use ilt_calcom::api::{Base, Dice, EventType};
use ilt_calcom::mapping::{Attendees, DayPlan, Learner, SessionDay, booking};
use ilt_calcom::stand_in::StandIn;
use ilt_calcom::{Account, Instance, Limits, Personal, Settings};
use ilt_core::ids::{RegistrationId, SessionId};
use ilt_core::schedule::{Part, Zone};
use ilt_core::testing::plans::id;
use jiff::SignedDuration;

use crate::contract::run::{Watch, key, stand_in};
use crate::support::impatient;

/// A Cal.com with an instructor, and what we know of her.
pub struct World {
    pub calcom: StandIn,
    pub watch: Arc<Watch>,
}

impl World {
    pub fn new() -> Self {
        let watch = Arc::new(Watch::default());
        Self { calcom: stand_in(&watch), watch }
    }

    /// The instructor's account, by a client of its own.
    pub fn account_with(&self, limits: Limits) -> Account {
        let base = Base::new(&self.calcom.address()).expect("an address");
        let instance =
            Instance::new(Settings { limits, ..Settings::at(base) }, self.watch.clone(), Dice::seeded(7))
                .expect("a client");
        instance.account(&key("0001").into())
    }

    pub fn account(&self) -> Account {
        self.account_with(impatient())
    }

    /// Who is in which booking that is alive, by address.
    pub fn seated(&self) -> Vec<Vec<String>> {
        let world = self.calcom.world();
        let alive = world.bookings().filter(|it| !it.is_cancelled);
        alive.map(|it| it.guests.iter().map(|guest| guest.email.clone()).collect()).collect()
    }
}

/// A morning in Berlin.
pub fn morning(date: &str) -> Part {
    let starts = format!("{date}T09:00").parse().expect("a wall clock");
    Part::new(starts, berlin(), SignedDuration::from_hours(3), String::new()).expect("a part")
}

pub fn berlin() -> Zone {
    "Europe/Berlin".parse().expect("a zone")
}

pub fn plan(session: u32, date: &str, seats: u32) -> DayPlan {
    let time = morning(date);
    let (title, place) = ("Forklift Safety", "Hall B, 10115 Berlin");
    SessionDay { session: SessionId(id(session)), part: 0, time: &time, title, place, seats }
        .plan()
        .expect("a plan")
}

/// Puts a session there, in a way that can be repeated.
pub async fn put(account: &Account, plan: &DayPlan) -> Result<EventType, ilt_calcom::Error> {
    let schedule = account.ensure_schedule(None, &plan.schedule).await?;
    account.ensure_event_type("ines.instructor", &plan.event_type(schedule.id)).await
}

/// A learner's seat in it.
pub fn seat(number: u32, event_type: &EventType, plan: &DayPlan) -> ilt_calcom::api::NewBooking {
    let (name, email) =
        (Personal::new(format!("Learner {number}")), Personal::new(format!("L{number}@Example.com")));
    let learner = Learner { name: &name, email: &email, zone: &berlin(), language: Some("de") };
    let registration = RegistrationId(id(1_000 + number));
    booking(registration, &learner, &Attendees::Own, event_type.id, plan.start).expect("a seat")
}
