//! Random histories of both sides: people act here and there, calls come to nothing, hosts die between any two of them, webhooks are
//! lost or come twice, keys are shut out, everything is away. Then it is quiet, all is compared, and both sides say the same.
//!
//! Of webhooks it is played what they are for: a session is due sooner, or not. No two sessions of an instructor ever want the same
//! time: over there one of them could not be booked, and somebody would have to move it.

use std::collections::{BTreeMap, BTreeSet};

use ilt_calcom::stand_in::Mishap;
use ilt_core::calendar::Did;
use ilt_core::desk::Command;
use ilt_core::ids::RegistrationId;
use ilt_core::ports::Mode;
use jiff::SignedDuration;
use serde_json::json;

use crate::house::House;
use crate::people::Seat;
use crate::town::{self, Plan, learner, mail};

const HISTORIES: u64 = 40;
const CONTROLS: u64 = 12;
const STEPS: u32 = 40;
/// Comparisons until both sides must say the same: what one session leaves may be in another's way.
const ROUNDS: u32 = 4;

/// How a host keeps its calendars.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
enum Host {
    /// As it should.
    Whole,
    /// It hears of webhooks and follows the journal, and never compares.
    ComparesNothing,
    /// It looks at nothing once it has begun.
    LooksAtNothing,
}

struct History {
    house: House,
    dice: fastrand::Rng,
    host: Host,
    plans: BTreeMap<u32, Plan>,
    /// Who booked there by themselves.
    strangers: BTreeSet<(u32, String)>,
}

/// Plays a history; what was done, or what is otherwise on both sides.
async fn play(seed: u64, host: Host) -> Result<BTreeMap<Did, u32>, String> {
    let mut house = House::new().await;
    house.works().await;
    let plans = (0..town::SESSIONS).map(|number| (number, Plan::first(number))).collect();
    let dice = fastrand::Rng::with_seed(seed);
    let mut history = History { house, dice, host, plans, strangers: BTreeSet::new() };
    for _ in 0..STEPS {
        history.step().await;
    }
    history.quiet().await;
    let History { mut house, strangers, .. } = history;
    let Err(said) = house.disagreement(&strangers).await else { return Ok(house.did) };
    let (sessions, mut left) = ((0..town::SESSIONS).map(town::session).collect::<Vec<_>>(), Vec::new());
    house.keeper.rehearse(&sessions, |it| left.push(it.clone())).await.expect("rehearsed");
    Err(format!("seed {seed}: {said}; what is left: {left:?}"))
}

impl History {
    async fn step(&mut self) {
        self.house.later(self.dice.i64(1..10));
        if self.dice.u32(0..5) < 2 {
            self.here().await;
        } else {
            self.there().await;
        }
        if self.host == Host::LooksAtNothing {
            return;
        }
        match self.dice.u32(0..8) {
            0..=3 => self.looks().await,
            4 => self.dies().await,
            5 => self.away().await,
            6 => self.shut_out().await,
            _ => {}
        }
    }

    /// All trouble is over, and everything is compared.
    async fn quiet(&mut self) {
        for _ in 0..ROUNDS {
            self.house.later(120);
            match self.host {
                Host::Whole => self.house.compares().await,
                Host::ComparesNothing => {}
                Host::LooksAtNothing => return,
            }
            self.house.works().await;
        }
    }

    /// Somebody does something here.
    async fn here(&mut self) {
        let (number, who) = (self.dice.u32(0..town::SESSIONS), learner(self.dice.u32(0..town::LEARNERS)));
        let (session, chosen) = (town::session(number), self.somebody().await);
        let house = &self.house;
        let _whatever = match self.dice.u32(0..24) {
            0..=7 => house.register(who, number).await,
            8..=11 => match chosen {
                Some(registration) => {
                    house.ask(town::MIA, Command::Cancel { registration, reason: Some("Ill.".into()) }).await
                }
                None => return,
            },
            12 | 13 => match chosen {
                Some(registration) => {
                    let reason = Some("Better.".into());
                    house.ask(town::MIA, Command::Transfer { registration, session, reason }).await
                }
                None => return,
            },
            14 | 15 => match chosen {
                Some(registration) => house.ask(town::MIA, Command::Approve { registration }).await,
                None => return,
            },
            16 => {
                house
                    .ask(town::ROOT, Command::PublishSession { session: town::session(3), version: None })
                    .await
            }
            17 if self.dice.u32(0..3) == 0 => {
                let reason = "Storm.".to_owned();
                house.ask(town::ROOT, Command::CancelSession { session, reason, proposals: Vec::new() }).await
            }
            _ => {
                let mut plan = self.plans[&number].clone();
                match self.dice.u32(0..5) {
                    4 => plan.room = ["1", "2"][self.dice.usize(0..2)],
                    0 => plan.date = self.dice.i32(0..3) * 3,
                    1 => plan.hours = [4, 6][self.dice.usize(0..2)],
                    2 => plan.capacity = self.dice.u32(1..5),
                    _ => {
                        let teams = [vec![town::INA], vec![town::IVO], vec![town::IVO, town::INA]];
                        plan.instructors.clone_from(&teams[self.dice.usize(0..3)]);
                    }
                }
                let plans = vec![plan.session(number)];
                let saved = house.ask(town::ROOT, Command::SaveSessions { plans, historic: false }).await;
                if saved.is_ok() {
                    self.plans.insert(number, plan);
                }
                saved
            }
        };
    }

    /// One of those who are registered.
    async fn somebody(&mut self) -> Option<RegistrationId> {
        let roster = self.house.roster(self.dice.u32(0..town::SESSIONS)).await;
        let line = roster.lines.get(self.dice.usize(0..roster.lines.len().max(1)))?;
        Some(line.registration.id)
    }

    /// Somebody does something there; a webhook tells of it, once, twice, or not at all.
    async fn there(&mut self) {
        let number = self.dice.u32(0..town::SESSIONS);
        let part = usize::from(number == 1 && self.dice.bool());
        match self.dice.u32(0..16) {
            0..=6 => self.books(number, part).await,
            7..=10 => self.takes_back().await,
            _ => self.changes(number, part).await,
        }
        let times = match (self.host, self.dice.u32(0..6)) {
            (Host::LooksAtNothing, _) | (_, 0..=2) => 0,
            (_, 3 | 4) => 1,
            _ => 2,
        };
        for _ in 0..times {
            self.house.hears_of(town::session(number)).await;
        }
    }

    async fn books(&mut self, number: u32, part: usize) {
        let email = match self.dice.u32(0..8) {
            0 => format!("sid{}@elsewhere.example", self.dice.u32(0..3)),
            1 => mail(town::LEFT),
            2 => mail(town::MIA),
            _ => mail(learner(self.dice.u32(0..town::LEARNERS))),
        };
        let written = if self.dice.u32(0..4) == 0 { email.to_uppercase() } else { email.clone() };
        if self.house.books(number, part, &written).await {
            self.strangers.insert((number, email));
        }
    }

    /// A seat is given back, or a booking with all of them; or a seat is moved to a time at which somebody has booked.
    async fn takes_back(&mut self) {
        let seats = self.house.seats();
        let Some(Seat { booking, uid, slug, .. }) = seats.get(self.dice.usize(0..seats.len().max(1))) else {
            return;
        };
        let person = self.house.calcom.person();
        let _whatever = match self.dice.u32(0..4) {
            0 => person.cancels_all(booking, "I cannot come.").await,
            1 => {
                let other = seats.iter().find(|it| it.slug == *slug && it.booking != *booking);
                let start = other.map_or_else(|| odd_time(slug), |it| it.start);
                person.moves(booking, uid, start).await.map(drop)
            }
            _ => person.cancels(booking, uid).await,
        };
    }

    /// The instructor changes what can be booked.
    async fn changes(&mut self, number: u32, part: usize) {
        let Some((page, _)) = self.house.page(number, part).await else { return };
        let person = self.house.calcom.person();
        let name = crate::people::slug(number, part);
        let _whatever = match self.dice.u32(0..7) {
            0 | 1 => person.changes_capacity(page, self.dice.u32(1..5)).await,
            2 => person.changes(page, json!({ "title": "Mine", "hidden": false })).await,
            3 => person.changes(page, json!({ "seats": { "disabled": true } })).await,
            4 | 5 => {
                let date = odd_time(&name).to_string();
                let until = format!("{}:00", 10 + self.plans[&number].hours);
                let changed = person.changes_time(page, &date[..10], "10:00", &until).await;
                if self.dice.bool() {
                    let email = mail(learner(self.dice.u32(0..town::LEARNERS)));
                    let start = odd_time(&name);
                    if person.books(page, start, "Somebody", &email).await.is_ok() {
                        self.strangers.insert((number, email));
                    }
                }
                changed
            }
            _ => person.deletes_event_type(page).await,
        };
    }

    /// Looks after some of what is due; some of the calls come to nothing.
    async fn looks(&mut self) {
        self.house.follow().await;
        if self.dice.bool() {
            self.goes_wrong();
        }
        for _ in 0..self.dice.u32(1..4) {
            if self.house.looks_after_one().await.is_none() {
                break;
            }
        }
        self.house.calcom.world().mishaps.next.clear();
        self.house.calcom.world().mishaps.cold = 0;
    }

    fn goes_wrong(&mut self) {
        let calls = self.dice.usize(0..14);
        let mishap = [Mishap::Fails, Mishap::AnswerLost, Mishap::Dead][self.dice.usize(0..3)];
        let mut world = self.house.calcom.world();
        world.mishaps.next = [vec![None; calls], vec![Some(mishap)]].concat();
        world.mishaps.cold = self.dice.u32(0..2);
    }

    /// A host dies while it looks after a session: nothing of it is remembered, and it is another's once the claim has ended.
    async fn dies(&mut self) {
        self.house.follow().await;
        let Some(due) = self.house.keeper.claim(1).await.expect("claimed").pop() else { return };
        self.goes_wrong();
        let _nobody_remembers = self.house.keeper.settle(due.session, Mode::Settle).await;
        self.house.calcom.world().mishaps.next.clear();
        self.house.calcom.world().mishaps.cold = 0;
        self.house.later(6);
    }

    /// Everything is away for a while.
    async fn away(&mut self) {
        self.house.calcom.world().mishaps.always = Some(Mishap::Dead);
        self.house.follow().await;
        self.house.looks_after_one().await;
        self.house.calcom.world().mishaps.always = None;
    }

    /// Keys are shut out after a few requests, and let in again after a while.
    async fn shut_out(&mut self) {
        self.house.calcom.world().requests = self.dice.u32(1..8);
        self.house.follow().await;
        for _ in 0..2 {
            self.house.looks_after_one().await;
        }
        self.house.calcom.world().requests = 10_000;
        self.house.later(3);
    }
}

/// The first time of a day at which its page can be booked when somebody has changed that; see [`History::changes`].
fn odd_time(name: &str) -> jiff::Timestamp {
    let number = (0..town::SESSIONS).find(|it| name.contains(&town::session(*it).to_string()));
    let date = jiff::civil::date(2027, 4, 5).at(10, 0, 0, 0);
    let days = SignedDuration::from_hours(24 * (20 * i64::from(number.unwrap_or_default()) + 10));
    let at = date.checked_add(days).expect("a date");
    at.in_tz("Europe/Berlin").expect("a time").timestamp()
}

fn seeds(most: u64) -> Vec<u64> {
    let number = |name| std::env::var(name).ok().map(|it| it.parse().expect("a number"));
    match number("ILT_SEED") {
        Some(seed) => vec![seed],
        None => (0..number("ILT_HISTORIES").unwrap_or(most)).collect(),
    }
}

#[tokio::test]
async fn whatever_people_do_on_both_sides_it_comes_to_the_same() {
    let mut did = BTreeMap::<Did, u32>::new();
    let (seeds, mut wrong) = (seeds(HISTORIES), Vec::new());
    for seed in &seeds {
        match play(*seed, Host::Whole).await {
            Ok(done) => done.into_iter().for_each(|(what, times)| *did.entry(what).or_default() += times),
            Err(said) => wrong.push(said),
        }
    }
    assert_eq!(wrong, [""; 0], "{} of {} histories", wrong.len(), seeds.len());
    if seeds.len() > 1 {
        let marks = [Did::Marked, Did::Heard];
        let never: Vec<_> =
            Did::ALL.iter().filter(|it| !marks.contains(it) && !did.contains_key(it)).collect();
        assert_eq!(never, Vec::<&Did>::new(), "everything is done at some time: {did:?}");
    }
}

/// The controls: a host that never compares, or looks at nothing at all, must be found out by the very same histories.
#[tokio::test]
async fn without_comparing_both_sides_part() {
    for host in [Host::ComparesNothing, Host::LooksAtNothing] {
        let mut parted = 0;
        for seed in 0..CONTROLS {
            parted += u64::from(play(seed, host).await.is_err());
        }
        assert!(parted * 2 > CONTROLS, "{host:?}: only {parted} of {CONTROLS} histories were found out");
    }
}
