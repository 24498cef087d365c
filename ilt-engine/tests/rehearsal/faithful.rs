//! What is asked again without rules is what was shown: all of it, for whatever a real engine recorded on its own.

use std::sync::Arc;

use async_trait::async_trait;
use ilt_core::catalog::{Completion, Person, Preferences};
use ilt_core::desk::{BlockPlan, Command, OnFull, Reply};
use ilt_core::ids::{CourseId, LocationId, RegistrationId};
use ilt_core::journal::{Entry, Event};
use ilt_core::policy::{Override, Rule, Scope};
use ilt_core::ports::{Clock as _, EntryQuery, Journal, StoreError};
use ilt_core::ranking::Shown;
use ilt_core::testing::plans::id;
use ilt_engine::rehearsal::{Report, rehearse};
use ilt_store::SqlStore;
use jiff::SignedDuration;
use tokio_util::sync::CancellationToken;

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
                let shown = self.shown.pop().expect("some were");
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

async fn played(seed: u64) -> Town {
    let mut story = Story::begin(seed).await;
    for _ in 0..STEPS {
        story.step().await;
    }
    story.town
}

/// How often something was shown to one who asked, to one whose wait or seat was in vain, and to those of a cancelled session.
async fn sorts(town: &Town) -> [usize; 3] {
    let entries = town.store.after(0, u32::MAX).await.expect("the journal");
    let is_cancelled = |entry: &Entry| matches!(entry.event, Event::SessionCancelled);
    let mut sorts = [0; 3];
    for (at, entry) in entries.iter().enumerate() {
        if matches!(entry.event, Event::AlternativesShown(_)) {
            let is_over = entries[..at].iter().any(|it| it.session == entry.session && is_cancelled(it));
            sorts[usize::from(entry.registration.is_some()) * (1 + usize::from(is_over))] += 1;
        }
    }
    sorts
}

#[tokio::test]
async fn what_was_shown_is_what_would_be_shown_again() {
    let (mut all_sorts, mut taken, mut joined) = ([0; 3], 0, 0);
    for seed in 0..SEEDS {
        let town = played(seed).await;
        let report = rehearsed(&town, Lifting::default(), all()).await;
        let (looks, sorts) = (&report.looks, sorts(&town).await);
        let wrong = (report.misfits, looks.different, looks.ruled, looks.moved);
        assert_eq!(wrong, (0, 0, 0, 0), "seed {seed}\n{report}");
        assert_eq!(looks.same, sorts.iter().sum::<usize>() as u64, "seed {seed}\n{report}");
        all_sorts = [0, 1, 2].map(|sort| all_sorts[sort] + sorts[sort]);
        taken += report.taken.count;
        joined += report.waitlist.joined;
    }
    let says_enough = all_sorts.iter().all(|looks| *looks >= 5) && taken >= 15 && joined >= 25;
    assert!(says_enough, "{all_sorts:?} looks, {taken} taken, {joined} joined say little");
}

/// The control: a rehearsal that does not know all that the host knew says so.
#[tokio::test]
async fn without_completions_what_was_shown_is_not_what_would_be_shown() {
    let (mut different, mut unrepeated) = (0, 0);
    for seed in 0..SEEDS {
        let town = played(seed).await;
        let lost = |entry: &Entry| matches!(entry.event, Event::CompletionsRecorded(_));
        let forgetful = Forgetful { store: town.store.clone(), first: 1, lost };
        different += asked_again(forgetful).await.looks.different;
        let beheaded = Forgetful { store: town.store.clone(), first: 60, lost: |_| false };
        unrepeated += asked_again(beheaded).await.looks.unrepeated.values().sum::<u64>();
    }
    assert!(different > 10 && unrepeated > 100, "{different} differ, {unrepeated} cannot be repeated");
}

async fn asked_again(journal: Forgetful) -> Report {
    let never = CancellationToken::new();
    rehearse(Arc::new(journal), Arc::new(Lifting::default()), all(), |_| {}, &never).await.expect("a report")
}

/// A journal of which some is lost.
pub struct Forgetful {
    pub store: SqlStore,
    /// The first entry that is left.
    pub first: u64,
    /// Whether an entry is lost.
    pub lost: fn(&Entry) -> bool,
}

#[async_trait]
impl Journal for Forgetful {
    async fn after(&self, after: u64, limit: u32) -> Result<Vec<Entry>, StoreError> {
        let mut entries = self.store.after(after.max(self.first - 1), limit).await?;
        entries.retain(|entry| !(self.lost)(entry));
        Ok(entries)
    }

    async fn head(&self) -> Result<u64, StoreError> {
        self.store.head().await
    }

    async fn of_registration(&self, registration: RegistrationId) -> Result<Vec<Entry>, StoreError> {
        self.store.of_registration(registration).await
    }

    async fn find(&self, query: &EntryQuery) -> Result<Vec<Entry>, StoreError> {
        self.store.find(query).await
    }

    async fn checkpoint(&self, follower: &str) -> Result<u64, StoreError> {
        self.store.checkpoint(follower).await
    }

    async fn set_checkpoint(&self, _: &str, _: u64) -> Result<(), StoreError> {
        panic!("a rehearsal writes nothing")
    }
}
