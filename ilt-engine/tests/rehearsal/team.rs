//! A year of a team in the town: what its managers hear of, and a follower that asks about it at once, as one that sends notices would.

use std::collections::BTreeMap;

use ilt_core::access::Sight;
use ilt_core::attendance::Outcome;
use ilt_core::catalog::{Completion, Grant, Person, Role};
use ilt_core::desk::{Command, MarkPlan, Reply};
use ilt_core::ids::{CourseId, PersonId, RegistrationId};
use ilt_core::journal::Event;
use ilt_core::notice::advice::Known;
use ilt_core::ports::{Clock as _, Journal as _, PeopleQuery, Reads as _};
use ilt_core::testing::plans::{self, id};
use ilt_engine::hearing::{Hearing, hearings};
use jiff::{SignedDuration, Timestamp};

use crate::advising::Advising;
use crate::town::{Town, dealer, person, plan, session};

pub const YEAR: SignedDuration = SignedDuration::from_hours(365 * 24);

/// Leads learners of a dealer.
pub fn leader(of: u32) -> PersonId {
    PersonId(id(0x2000 + of))
}

/// Looks after a dealer.
pub fn admin(of: u32) -> PersonId {
    PersonId(id(0x2100 + of))
}

/// The town, in which learners 1, 3 and 4 of dealer 1 and learner 2 of dealer 2 are led by somebody; with a follower.
pub struct Team {
    pub town: Town,
    /// Asked at once.
    pub live: Advising,
    /// What came of it.
    pub heard: Vec<Hearing>,
    followed: u64,
}

impl Team {
    pub async fn found(live: Advising) -> Self {
        let town = Town::found().await;
        let followed = town.store.head().await.expect("a head");
        let mut team = Self { town, live, heard: Vec::new(), followed };
        let at = |of, id, role| {
            let roles = vec![Grant { role, dealer: Some(dealer(of)) }];
            Person { dealer: Some(dealer(of)), roles, ..plans::in_role(id, role) }
        };
        let mut leaders: Vec<_> = [1, 2].map(|of| at(of, leader(of), Role::Manager)).to_vec();
        leaders.extend([1, 2].map(|of| at(of, admin(of), Role::DealerAdmin)));
        team.ask(Command::SavePeople(leaders)).await;
        let led = [(1, 1), (3, 1), (4, 1), (2, 2)];
        let led = led.map(|(number, by)| Person { manager: Some(leader(by)), version: 0, ..person(number) });
        team.ask(Command::SavePeople(led.to_vec())).await;
        team
    }

    /// Has something done, and asks about it.
    pub async fn ask(&mut self, command: Command) -> Reply {
        let reply = self.town.ask(command).await.expect("it is done");
        self.follow().await;
        reply
    }

    pub async fn pass(&mut self, days: i64) {
        self.pass_hours(24 * days).await;
    }

    pub async fn pass_hours(&mut self, hours: i64) {
        self.town.pass(SignedDuration::from_hours(hours)).await;
        self.follow().await;
    }

    /// A session so many days from today, and not from the beginning.
    pub async fn plan(&mut self, number: u32, course: u32, days: i64, capacity: u32) {
        let begun = self.town.clock.now().duration_since(plans::now()).as_hours() / 24;
        let plan = plan(number, course, begun + days, capacity);
        self.ask(Command::SaveSessions { plans: vec![plan], historic: false }).await;
    }

    pub async fn register(&mut self, who: u32, number: u32) -> RegistrationId {
        let reply = self.town.register(who, number).await.expect("a registration");
        self.follow().await;
        match reply {
            Reply::Registration { registration, .. } => registration.id,
            other => panic!("{other:?}"),
        }
    }

    pub async fn cancel(&mut self, registration: RegistrationId) {
        self.ask(Command::Cancel { registration, reason: Some("ill".to_owned()) }).await;
    }

    /// So many minutes of the only part were attended.
    pub async fn mark(&mut self, number: u32, registration: RegistrationId, minutes: u32) {
        let (minutes, reason) = (Some(minutes), Some("as the list says".to_owned()));
        let mark = MarkPlan { minutes, reason, ..MarkPlan::whole(registration, 1) };
        self.ask(Command::MarkAttendance { session: session(number), marks: vec![mark] }).await;
    }

    /// A learner has a seat in ten days, and does not come; that is settled so many days later.
    pub async fn stays_away(&mut self, who: u32, number: u32, settled: i64) -> RegistrationId {
        self.plan(number, 3, 10, 5).await;
        let registration = self.register(who, number).await;
        self.pass(10 + settled).await;
        self.mark(number, registration, 0).await;
        self.ask(Command::CompleteSession { session: session(number) }).await;
        registration
    }

    pub async fn complete(&mut self, people: &[PersonId]) {
        let completion = |person: &PersonId| Completion {
            person: *person,
            course: CourseId(id(5)),
            completed_at: self.town.clock.now(),
        };
        let completions = people.iter().map(completion).collect();
        self.ask(Command::RecordCompletions(completions)).await;
    }

    /// Asks about all that has happened since, with what the store knows now.
    async fn follow(&mut self) {
        let everybody =
            PeopleQuery { sight: Sight::Everyone, text: None, dealer: None, after: None, limit: 1_000 };
        let people = self.town.store.people(&everybody).await.expect("people");
        let people: BTreeMap<_, _> = people.into_iter().map(|it| (it.id, it)).collect();
        for entry in self.town.store.after(self.followed, u32::MAX).await.expect("the journal") {
            self.followed = entry.sequence;
            let asked: Vec<_> = entry.session.into_iter().collect();
            let sessions = self.town.store.sessions(&asked).await.expect("sessions");
            let stayed_away = self.no_shows(entry.sequence, entry.at).await;
            let no_shows = |learner| stayed_away.get(&learner).copied().unwrap_or(0);
            let known = Known { people: &people, session: sessions.first(), no_shows: &no_shows };
            self.heard.extend(hearings(&self.live, &entry, &known).await);
        }
    }

    /// How often each did not come in the year up to an entry, by what was settled last of each seat.
    async fn no_shows(&self, up_to: u64, now: Timestamp) -> BTreeMap<PersonId, u32> {
        let mut settled = BTreeMap::new();
        for entry in self.town.store.after(0, u32::MAX).await.expect("the journal") {
            if let (Event::AttendanceSettled { outcome, .. }, true) = (&entry.event, entry.sequence <= up_to)
            {
                settled.insert(entry.registration, (entry.learner, *outcome, entry.at));
            }
        }
        let mut counts = BTreeMap::new();
        for (learner, outcome, at) in settled.into_values() {
            if outcome == Outcome::NoShow && now.duration_since(at) < YEAR {
                *counts.entry(learner.expect("whose seat it was")).or_default() += 1;
            }
        }
        counts
    }
}
