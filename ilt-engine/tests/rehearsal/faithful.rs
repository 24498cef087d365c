//! What is asked again without rules is what was shown: all of it, for whatever a real engine recorded on its own.

use ilt_core::catalog::{Completion, Person, Preferences};
use ilt_core::desk::{BlockPlan, Command, OnFull, Reply};
use ilt_core::ids::{CourseId, LocationId, RegistrationId};
use ilt_core::policy::{Override, Rule, Scope};
use ilt_core::ports::Clock as _;
use ilt_core::ranking::Shown;
use ilt_core::testing::plans::id;
use ilt_engine::rehearsal::Report;
use jiff::SignedDuration;

use crate::candidate::Lifting;
use crate::town::{COURSES, DEALERS, LEARNERS, LOCATIONS, Town, dealer, learner, person, plan, session};
use crate::{all, rehearsed};

const SESSIONS: u32 = 24;
const STEPS: u32 = 250;
const SEEDS: u64 = 6;

/// A town in which people do as the dice say.
struct Story {
    town: Town,
    dice: fastrand::Rng,
    known: Vec<RegistrationId>,
    shown: Vec<Shown>,
}

impl Story {
    async fn begin(seed: u64) -> Self {
        let town = Town::found().await;
        let mut dice = fastrand::Rng::with_seed(seed);
        for number in 1..=SESSIONS {
            town.plan(number, 1 + number % COURSES, dice.i64(6..70), dice.u32(1..4)).await;
        }
        Self { town, dice, known: Vec::new(), shown: Vec::new() }
    }

    async fn step(&mut self) {
        let (who, number) = (self.dice.u32(1..=LEARNERS), self.dice.u32(1..=SESSIONS));
        let done = match self.dice.u32(0..40) {
            0..=13 => {
                let on_full = if self.dice.bool() { OnFull::Waitlist } else { OnFull::Alternatives };
                let (session, learner, automatic) = (session(number), learner(who), self.dice.bool());
                self.town.ask(Command::Register { session, learner, on_full, automatic, reason: None }).await
            }
            14..=23 => {
                let shown = self.town.alternatives(who, number).await;
                self.shown.extend(shown);
                return;
            }
            24..=26 if !self.shown.is_empty() => {
                let shown = self.shown.swap_remove(self.dice.usize(0..self.shown.len()));
                self.town.take(&shown).await
            }
            27 | 28 if !self.known.is_empty() => {
                let registration = self.known[self.dice.usize(0..self.known.len())];
                self.town.ask(Command::Cancel { registration, reason: Some("ill".to_owned()) }).await
            }
            29 => {
                let proposals = self.town.engine.rebooking(session(number)).await.expect("proposals");
                let (session, reason) = (session(number), "storm".to_owned());
                self.town.ask(Command::CancelSession { session, reason, proposals }).await
            }
            30 | 31 => {
                let plan = plan(number, 1 + number % COURSES, self.dice.i64(6..70), self.dice.u32(2..6));
                self.town.ask(Command::SaveSessions { plans: vec![plan], historic: false }).await
            }
            32 => {
                let person = self.changed(who);
                self.town.ask(Command::SavePeople(vec![person])).await
            }
            33 => {
                let course = CourseId(id(self.dice.u32(1..=COURSES)));
                let back = SignedDuration::from_hours(24 * self.dice.i64(0..90));
                let (person, completed_at) = (learner(who), self.town.clock.now() - back);
                let completion = Completion { person, course, completed_at };
                self.town.ask(Command::RecordCompletions(vec![completion])).await
            }
            34 => {
                let rule = self.rule();
                self.town.ask(Command::SetRule(rule)).await
            }
            35 => {
                let dealer = dealer(self.dice.u32(1..=DEALERS));
                let block = BlockPlan { dealer, seats: 1, name_by: None, release_at: None };
                self.town.ask(Command::SaveBlock { session: session(number), block }).await
            }
            _ => {
                let hours = self.dice.i64(1..60);
                self.town.pass(SignedDuration::from_hours(hours)).await;
                return;
            }
        };
        if let Ok(Reply::Registration { registration, .. }) = done {
            self.known.push(registration.id);
        }
    }

    /// Somebody with other wishes, who may work elsewhere.
    fn changed(&mut self, who: u32) -> Person {
        let locations =
            (0..self.dice.u32(0..3)).map(|_| LocationId(id(self.dice.u32(1..=LOCATIONS)))).collect();
        let times = if self.dice.bool() { vec!["tuesday".parse().expect("a time")] } else { Vec::new() };
        let interests = if self.dice.bool() { vec!["charging".to_owned()] } else { Vec::new() };
        let preferences = Preferences { locations, times, interests, ..Preferences::default() };
        let mut person = Person { preferences, ..person(who) };
        if self.dice.bool() {
            person.dealer = Some(dealer(self.dice.u32(1..=DEALERS)));
            person.roles[0].dealer = person.dealer;
        }
        person
    }

    fn rule(&mut self) -> Override {
        let scope = match self.dice.u32(0..3) {
            0 => Scope::Global,
            1 => Scope::DealerGroup("north".to_owned()),
            _ => Scope::Course(CourseId(id(self.dice.u32(1..=COURSES)))),
        };
        let (rule, value) = match self.dice.u32(0..3) {
            0 => (Rule::DealerCap, self.dice.i64(0..3)),
            1 => (Rule::Waitlist, self.dice.i64(0..2)),
            _ => (Rule::RegistrationCloses, self.dice.i64(0..6)),
        };
        Override { scope, rule, value }
    }
}

async fn told(seed: u64) -> Report {
    let mut story = Story::begin(seed).await;
    for _ in 0..STEPS {
        story.step().await;
    }
    rehearsed(&story.town, Lifting::default(), all()).await
}

#[tokio::test]
async fn what_was_shown_is_what_would_be_shown_again() {
    let (mut same, mut taken, mut joined) = (0, 0, 0);
    for seed in 0..SEEDS {
        let report = told(seed).await;
        let looks = &report.looks;
        assert_eq!(
            (report.misfits, looks.different, looks.ruled, looks.moved),
            (0, 0, 0, 0),
            "seed {seed}\n{report}"
        );
        assert!(looks.unrepeated.is_empty() && looks.same == looks.shown, "seed {seed}\n{report}");
        same += looks.same;
        taken += report.taken.count;
        joined += report.waitlist.joined;
    }
    assert!(
        same > 200 && taken > 20 && joined > 50,
        "{same} looks, {taken} taken, {joined} joined say little"
    );
}
