//! The calendar of the core by a Cal.com: whatever happens, it comes to show what it is to show, and then nothing is written.

mod busy;
mod changes;
mod crashes;
mod guests;
mod undone;

use std::collections::{BTreeMap, BTreeSet};
use std::sync::Arc;

use ilt_calcom::api::{Base, Dice};
use ilt_calcom::mapping::Attendees;
use ilt_calcom::settle::{Calcom, Seal};
use ilt_calcom::{Instance, Limits, Settings};
use ilt_core::calendar::{
    CalendarTrouble, Day, Did, Kept, Link, Mirror, Phase, Seat, SeatAt, Settled, Stage, Turned, Why,
};
use ilt_core::ids::{PersonId, RegistrationId, SessionId};
use ilt_core::ports::{Calendar as _, Clock as _, Mode};
use ilt_core::schedule::Part;
use ilt_core::testing::plans::id;
use jiff::SignedDuration;

use super::{World, berlin, morning};
use crate::contract::run::key;
use crate::support::impatient;

pub const SECRET: &str = "a secret that nobody would ever guess";

pub fn ina() -> PersonId {
    PersonId(id(22))
}

pub fn ivo() -> PersonId {
    PersonId(id(23))
}

/// A house with a Cal.com, and what it remembers of it.
pub struct House {
    pub world: World,
    pub calendar: Calcom,
    pub links: BTreeMap<PersonId, Link>,
    pub kept: Kept,
}

impl House {
    pub fn new() -> Self {
        Self::with(Attendees::Own)
    }

    pub fn with(attendees: Attendees) -> Self {
        let world = World::new();
        world.calcom.add_host("ivo.instructor", "Ivo Instructor", "cal_ivo", false);
        let seal = Arc::new(Seal::new(&SECRET.into()).expect("a secret"));
        let link = |instructor, username: &str, key: &str| {
            let sealed = seal.seal(instructor, &key.into()).expect("sealed");
            let (user, at) = ("1".to_owned(), world.watch.now());
            (instructor, Link { user, username: username.to_owned(), sealed, at })
        };
        let links =
            [link(ina(), "ines.instructor", key("0001")), link(ivo(), "ivo.instructor", "cal_ivo")].into();
        let base = Base::new(&world.calcom.address()).expect("an address");
        let limits = Limits { tries: 1, requests: 10_000, ..impatient() };
        world.calcom.world().requests = 10_000;
        let settings = Settings { limits, ..Settings::at(base) };
        let instance = Instance::new(settings, world.watch.clone(), Dice::seeded(7)).expect("a client");
        let calendar = Calcom::new(instance, attendees, seal, world.watch.clone());
        Self { world, calendar, links, kept: Kept::default() }
    }

    /// As a worker does: writes down where something may be, settles, and remembers.
    pub async fn settle(&mut self, wanted: &Mirror) -> Result<Settled, CalendarTrouble> {
        for spot in self.kept.foresee(&wanted.spots(&self.links)) {
            self.kept.places.entry(spot).or_default();
        }
        let settled = self.calendar.settle(wanted, &self.kept, &self.links, Mode::Settle).await?;
        self.kept = settled.kept.clone();
        Ok(settled)
    }

    /// Settles it; then all is as it should be, and settling it again writes nothing.
    pub async fn settles(&mut self, wanted: &Mirror) -> Settled {
        let rehearsed = self.rehearse(wanted).await;
        let settled = self.settle(wanted).await.expect("settled");
        assert_eq!(rehearsed.done, settled.done, "what was rehearsed is what is done");
        self.is_as(wanted);
        self.stays(wanted).await;
        settled
    }

    pub async fn rehearse(&self, wanted: &Mirror) -> Settled {
        let before = self.writes().len();
        let rehearsed = self.calendar.settle(wanted, &self.kept, &self.links, Mode::Rehearse).await;
        assert_eq!(self.writes().len(), before, "nothing is written");
        rehearsed.expect("rehearsed")
    }

    /// Nothing is written, and nothing is remembered otherwise.
    pub async fn stays(&mut self, wanted: &Mirror) {
        let (before, kept) = (self.writes().len(), self.kept.clone());
        let again = self.settle(wanted).await.expect("settled");
        assert_eq!((&self.writes()[before..], &again.done[..]), (&[][..], &[][..]), "all is as it should be");
        assert_eq!(again.kept, kept);
    }

    pub fn writes(&self) -> Vec<String> {
        let world = self.world.calcom.world();
        world.asked.iter().filter(|it| !it.starts_with("GET")).cloned().collect()
    }

    /// Whether the seats there are those wanted: each day's at its time and place, in one booking, under the right addresses.
    pub fn is_as(&self, wanted: &Mirror) {
        let mut expected: BTreeMap<_, BTreeSet<_>> = BTreeMap::new();
        for day in wanted.days.iter().filter(|_| wanted.stage == Stage::Open) {
            let host = if wanted.host(&self.links) == Some(ina()) { 1 } else { 3 };
            for seat in &wanted.seats {
                let at = (host, day.time.starts_at, day.time.ends_at(), day.place.clone());
                expected.entry(at).or_default().insert((seat.mail.clone(), seat.registration.to_string()));
            }
        }
        assert_eq!(self.seated(), expected);
        let remembered: BTreeSet<_> = self.kept.seats.values().map(|it| it.seat.clone()).collect();
        assert_eq!(remembered, self.chairs(), "and the seats that are remembered are those");
    }

    /// Our seats in bookings that are alive, by host, time and place.
    #[expect(clippy::type_complexity, reason = "it is compared as a whole")]
    pub fn seated(
        &self,
    ) -> BTreeMap<(u64, jiff::Timestamp, jiff::Timestamp, String), BTreeSet<(String, String)>> {
        let world = self.world.calcom.world();
        let mut found: BTreeMap<_, BTreeSet<_>> = BTreeMap::new();
        for booking in world.bookings().filter(|it| !it.is_cancelled) {
            let at = (booking.host, booking.start, booking.end, booking.location.clone());
            for guest in &booking.guests {
                let Some(registration) = guest.metadata.get("iltEnrolmentId") else { continue };
                let registration = registration.as_str().expect("a text").to_owned();
                assert!(found.entry(at.clone()).or_default().insert((guest.email.clone(), registration)));
            }
        }
        found
    }

    fn chairs(&self) -> BTreeSet<String> {
        let world = self.world.calcom.world();
        let alive = world.bookings().filter(|it| !it.is_cancelled).flat_map(|it| &it.guests);
        let ours = alive.filter(|it| it.metadata.contains_key("iltEnrolmentId"));
        ours.filter_map(|it| it.seat.clone()).collect()
    }

    /// How many schedules and event types somebody has.
    pub async fn has(&self, instructor: PersonId) -> (usize, usize) {
        let link = &self.links[&instructor];
        let account = self.calendar.account(instructor, link).expect("a key");
        let schedules = account.schedules().await.expect("schedules").len();
        (schedules, account.event_types(&link.username).await.expect("event types").len())
    }

    /// Who has a seat in a booking that is alive, ours and strangers.
    pub fn everybody(&self) -> BTreeSet<String> {
        let world = self.world.calcom.world();
        let alive = world.bookings().filter(|it| !it.is_cancelled).flat_map(|it| &it.guests);
        alive.map(|it| it.email.clone()).collect()
    }

    /// The seat of an address.
    pub fn seat_of(&self, email: &str) -> SeatAt {
        let world = self.world.calcom.world();
        let mut alive = world.bookings().filter(|it| !it.is_cancelled);
        let seat = alive.find_map(|booking| {
            let guest = booking.guests.iter().find(|it| it.email == email)?;
            Some(SeatAt { booking: booking.uid.clone(), seat: guest.seat.clone()? })
        });
        seat.expect("a seat")
    }

    /// What an address was told on losing its seat.
    pub fn told(&self, email: &str) -> Vec<String> {
        let world = self.world.calcom.world();
        world.given_back.iter().filter(|it| it.email == email).map(|it| it.reason.clone()).collect()
    }

    pub fn event_type(&self) -> u64 {
        let place = self.kept.places.values().next().expect("a place");
        place.event_type.as_ref().and_then(|it| it.parse().ok()).expect("an event type")
    }
}

pub fn seat(number: u32) -> Seat {
    Seat {
        registration: RegistrationId(id(1_000 + number)),
        name: format!("Learner {number}"),
        mail: format!("l{number}@example.com"),
        zone: berlin(),
        absent: BTreeMap::new(),
    }
}

pub fn day(part: u16, time: Part) -> Day {
    Day {
        part,
        time,
        title: "Forklift Safety".to_owned(),
        place: "2.04, Hall B".to_owned(),
        phase: Phase::ToCome,
    }
}

/// A session of one day at Ina's with these learners.
pub fn session(learners: &[u32]) -> Mirror {
    Mirror {
        session: SessionId(id(1)),
        stage: Stage::Open,
        days: vec![day(0, morning("2027-01-12"))],
        capacity: 8,
        instructors: vec![ina(), ivo()],
        seats: learners.iter().map(|it| seat(*it)).collect(),
        turned: Turned::new(),
    }
}

/// A morning of so many hours.
pub fn hours(date: &str, hours: i64) -> Part {
    let part = morning(date);
    Part::new(part.starts, part.zone, SignedDuration::from_hours(hours), String::new()).expect("a part")
}

/// What was done, in order.
pub fn did(settled: &Settled) -> Vec<Did> {
    settled.done.iter().map(|it| it.did).collect()
}

pub fn why(settled: &Settled) -> Vec<Why> {
    settled.differs.iter().map(|it| it.why.clone()).collect()
}
