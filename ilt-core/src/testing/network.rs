//! A small dealer network behind a desk: what rule tests ask of it, and what they look at afterwards.

use std::sync::Arc;

use jiff::{SignedDuration, Timestamp};

use crate::catalog::{Completion, Course, Grant, Person, Place, Role};
use crate::desk::{
    Answer, Changes, Command, Context, Decided, OnFull, Order, Refusal, Reply, Timer, TimerKind, decide_batch,
};
use crate::ids::{DealerId, LocationId, PersonId, RegistrationId, SessionId};
use crate::journal::{Actor, Entry};
use crate::registration::Registration;
use crate::session::{Seats, Session};
use crate::testing::CountingIds;
use crate::testing::plans::{self, id};
use crate::world::World;

/// Two dealers, three training centres, a course, and somebody in each role.
#[derive(Debug)]
pub struct Network {
    /// What is known.
    pub world: World,
    /// What time it is.
    pub now: Timestamp,
    /// What was saved, order by order.
    pub saved: Vec<Changes>,
    ids: CountingIds,
    heard: usize,
}

/// Learners of the first dealer, led by [`Network::MIA`].
const LEARNERS: [u32; 5] = [7, 8, 9, 10, 11];

impl Network {
    /// A learner at the first dealer.
    pub const ADA: PersonId = PersonId(uuid::Uuid::from_u128(7));
    /// Another.
    pub const BEN: PersonId = PersonId(uuid::Uuid::from_u128(8));
    /// Another.
    pub const CEM: PersonId = PersonId(uuid::Uuid::from_u128(9));
    /// Another.
    pub const DOT: PersonId = PersonId(uuid::Uuid::from_u128(10));
    /// A learner at the first dealer whom nobody leads.
    pub const LEO: PersonId = PersonId(uuid::Uuid::from_u128(12));
    /// A learner at the second dealer.
    pub const ZOE: PersonId = PersonId(uuid::Uuid::from_u128(19));
    /// The manager of the first dealer's learners.
    pub const MIA: PersonId = PersonId(uuid::Uuid::from_u128(20));
    /// The first dealer's admin.
    pub const DAN: PersonId = PersonId(uuid::Uuid::from_u128(21));
    /// An instructor.
    pub const INA: PersonId = PersonId(uuid::Uuid::from_u128(22));
    /// The admin.
    pub const ROOT: PersonId = PersonId(uuid::Uuid::from_u128(23));

    /// Everybody, and no session.
    pub fn new() -> Self {
        let mut network = Self {
            world: World::default(),
            now: plans::now(),
            saved: Vec::new(),
            ids: CountingIds::default(),
            heard: 0,
        };
        let koeln = Place { lat: 50.9375, lon: 6.9603 };
        let (north, mut south) = (plans::dealer(koeln), plans::dealer(koeln));
        (south.id, south.name, south.group) = (DealerId(id(2)), "Autohaus Süd".to_owned(), None);
        for dealer in [north, south] {
            Arc::make_mut(&mut network.world.dealers).insert(dealer.id, dealer);
        }
        for (number, city, lat, lon) in
            [(1, "Köln", 50.9375, 6.9603), (2, "Bonn", 50.7374, 7.0982), (5, "Hamburg", 53.5511, 9.9937)]
        {
            let location = plans::location(number, city, Place { lat, lon });
            Arc::make_mut(&mut network.world.locations).insert(location.id, location);
        }
        network.teach(plans::course(1, "High-voltage safety", Some("high-voltage"), &["safety"]));
        for learner in LEARNERS {
            network.meet(Person { manager: Some(Self::MIA), ..plans::person(learner) });
        }
        network.meet(Person { id: Self::LEO, ..plans::person(12) });
        let south = Some(DealerId(id(2)));
        let roles = vec![Grant { role: Role::Learner, dealer: south }];
        network.meet(Person { id: Self::ZOE, dealer: south, roles, ..plans::person(19) });
        for (person, role) in [
            (Self::MIA, Role::Manager),
            (Self::DAN, Role::DealerAdmin),
            (Self::INA, Role::Instructor),
            (Self::ROOT, Role::Admin),
        ] {
            let dealer = role.is_at_a_dealer().then_some(DealerId(id(1)));
            network.meet(Person {
                id: person,
                dealer,
                roles: vec![Grant { role, dealer }],
                ..plans::person(0)
            });
        }
        network
    }

    /// With a session of so many seats, so many days from now in Köln, at nine.
    #[must_use]
    pub fn with_session(mut self, number: u32, capacity: u32, days: i32) -> Self {
        self.hold(number, capacity, days);
        self
    }

    /// Holds a session of so many seats, so many days from now in Köln, at nine.
    pub fn hold(&mut self, number: u32, capacity: u32, days: i32) -> &mut Session {
        let session = Session { seats: Seats::empty(capacity), ..plans::session(number, 1, 1, days) };
        self.world.sessions.hold(session);
        self.session_mut(number)
    }

    /// Moves a session to another location.
    pub fn at(&mut self, number: u32, location: u32) {
        self.session_mut(number).location = LocationId(id(location));
    }

    /// With a course.
    pub fn teach(&mut self, course: Course) {
        Arc::make_mut(&mut self.world.courses).insert(course.id, course);
    }

    /// With a person.
    pub fn meet(&mut self, person: Person) {
        self.world.people.insert(person.id, person);
    }

    /// Somebody completed a course so many days ago.
    pub fn completed(&mut self, person: PersonId, course: u32, days_ago: i64) {
        let completed_at = self.now - SignedDuration::from_hours(24 * days_ago);
        let known = self.world.completions.entry(person).or_default();
        known.push(Completion { person, course: id(course).into(), completed_at });
        known.sort_unstable();
    }

    /// A session by its number.
    pub fn session(&self, number: u32) -> &Session {
        &self.world.sessions[&SessionId(id(number))]
    }

    /// A session by its number, to be changed behind the desk's back.
    pub fn session_mut(&mut self, number: u32) -> &mut Session {
        self.world.sessions.change(SessionId(id(number))).expect("the session is there")
    }

    /// A course by its number, to be changed behind the desk's back.
    pub fn course_mut(&mut self, number: u32) -> &mut Course {
        let courses = Arc::make_mut(&mut self.world.courses);
        courses.get_mut(&id(number).into()).expect("the course is there")
    }

    /// So much later.
    pub fn later(&mut self, hours: i64) {
        self.now = self.now.saturating_add(SignedDuration::from_hours(hours)).expect("in range");
    }

    /// Asks the desk.
    pub fn order(&mut self, order: Order) -> Answer {
        let context = Context { now: self.now, ids: &self.ids };
        // As the engine does: what a failed decision left behind is thrown away.
        let mut world = self.world.clone();
        match decide_batch(&mut world, &[order], context).expect("every decision fits the state") {
            Decided::Done { mut answers, changes } => {
                self.world = world;
                self.saved.push(*changes);
                answers.remove(0)
            }
            Decided::NeedMore(_) => panic!("everything is known here"),
        }
    }

    /// Asks the desk as somebody.
    pub fn ask(&mut self, actor: PersonId, command: Command) -> Answer {
        self.order(Order::new(Actor::Person(actor), command, None, id(0)))
    }

    /// Asks the desk as a part of the system.
    pub fn by_itself(&mut self, command: Command) -> Answer {
        self.order(Order::new(Actor::system("timer"), command, None, id(0)))
    }

    /// A learner asks for a seat.
    pub fn register(&mut self, learner: PersonId, session: u32) -> Result<Registration, Refusal> {
        self.claim(learner, session, OnFull::Alternatives, false)
    }

    /// A learner asks for a seat, or a place in the queue.
    pub fn wait(&mut self, learner: PersonId, session: u32) -> Result<Registration, Refusal> {
        self.later_by_a_moment();
        self.claim(learner, session, OnFull::Waitlist, false)
    }

    /// A learner asks for a seat, or to be booked from the queue without being asked.
    pub fn wait_automatically(&mut self, learner: PersonId, session: u32) -> Result<Registration, Refusal> {
        self.later_by_a_moment();
        self.claim(learner, session, OnFull::Waitlist, true)
    }

    fn claim(
        &mut self,
        learner: PersonId,
        session: u32,
        on_full: OnFull,
        automatic: bool,
    ) -> Result<Registration, Refusal> {
        let session = SessionId(id(session));
        let command = Command::Register { session, learner, on_full, automatic, reason: None };
        match self.ask(learner, command)? {
            Reply::Registration { registration, .. } => Ok(*registration),
            other => panic!("{other:?}"),
        }
    }

    /// A learner waits for another session while keeping the seat in one.
    pub fn swap(&mut self, learner: PersonId, from: u32, to: u32, automatic: bool) -> Answer {
        self.later_by_a_moment();
        let (registration, session) = (self.registration(learner, from).id, SessionId(id(to)));
        self.ask(learner, Command::Swap { registration, session, automatic, reason: None })
    }

    /// Somebody registers several people, or lets them wait.
    pub fn register_group(&mut self, actor: PersonId, session: u32, learners: &[PersonId]) -> Answer {
        self.later_by_a_moment();
        let (session, learners) = (SessionId(id(session)), learners.to_vec());
        let command =
            Command::RegisterGroup { session, learners, on_full: OnFull::Waitlist, automatic: false };
        self.ask(actor, command)
    }

    /// Queues whose turn has come get it, as the timers would see to.
    pub fn turn_queues(&mut self) {
        let is_due = |timer: &Timer, now| timer.kind == TimerKind::QueueTurn && timer.due <= now;
        while let Some(timer) = self.timers().into_iter().find(|timer| is_due(timer, self.now)) {
            self.by_itself(timer.command()).expect("a turn");
        }
    }

    /// Lets the clock go to an instant; what is due on the way happens, the earliest first.
    pub fn run_timers_until(&mut self, until: Timestamp) {
        let next = |network: &Self| network.timers().into_iter().min_by_key(|timer| timer.due);
        while let Some(timer) = next(self).filter(|timer| timer.due <= until) {
            self.now = self.now.max(timer.due);
            self.by_itself(timer.command()).expect("timers are answered");
        }
        self.now = self.now.max(until);
    }

    /// Timers that are set.
    pub fn timers(&self) -> Vec<Timer> {
        let set = self.saved.iter().flat_map(|changes| &changes.timers);
        let last: std::collections::BTreeMap<_, _> = set.map(|(timer, due)| (*timer, *due)).collect();
        let set =
            last.into_iter().filter_map(|((kind, subject), due)| Some(Timer { kind, subject, due: due? }));
        set.collect()
    }

    /// A learner gives a registration back, with a reason.
    pub fn cancel(&mut self, learner: PersonId, session: u32) -> Answer {
        let registration = self.registration(learner, session).id;
        self.ask(learner, Command::Cancel { registration, reason: Some("ill".to_owned()) })
    }

    /// A learner's registration for a session: the live one, else the last.
    pub fn registration(&self, learner: PersonId, session: u32) -> &Registration {
        let session = SessionId(id(session));
        let ended = || {
            self.world
                .registrations
                .iter()
                .filter(|it| it.learner == learner && it.session == session)
                .max_by_key(|it| it.id)
        };
        self.world.registrations.live(learner, session).or_else(ended).expect("there is a registration")
    }

    /// The id of [`Network::registration`].
    pub fn id_of(&self, learner: PersonId, session: u32) -> RegistrationId {
        self.registration(learner, session).id
    }

    /// The word for where a learner's registration is.
    pub fn status(&self, learner: PersonId, session: u32) -> &'static str {
        self.registration(learner, session).status.word()
    }

    /// Confirmed, offered, waiting and open seats of a session.
    pub fn seats(&self, number: u32) -> (u32, u32, u32, u32) {
        let seats = self.session(number).seats;
        (seats.confirmed, seats.offered, seats.waitlisted, seats.open())
    }

    /// What was journalled since this was last asked, as words.
    pub fn news(&mut self) -> Vec<&'static str> {
        let words: Vec<_> = self.entries().map(|entry| entry.event.word()).collect();
        let news = words[self.heard..].to_vec();
        self.heard = words.len();
        news
    }

    /// Everything that was journalled.
    pub fn entries(&self) -> impl Iterator<Item = &Entry> {
        self.saved.iter().flat_map(|changes| &changes.entries)
    }

    fn later_by_a_moment(&mut self) {
        self.now = self.now.saturating_add(SignedDuration::from_micros(1)).expect("in range");
    }
}

impl Default for Network {
    fn default() -> Self {
        Self::new()
    }
}
