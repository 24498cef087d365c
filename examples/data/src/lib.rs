//! A realistic dealer network from a seed, as the CSV files that `ilt-host import` reads.
//!
//! Everything follows from a seed, a day and [`Sizes`]: the same three give the same bytes. Places are real, people are not.
//!
//! # Flow
//! [`generate`]: dealers and centres → courses by subject and level → people → sessions on business days, nobody and no room
//! twice at once → who completed what, in the order of levels → who wants to register for what is still to come.

mod courses;
mod demand;
mod history;
mod names;
mod people;
mod places;
mod sessions;
mod write;

use fastrand::Rng;
use jiff::civil::Date;
use uuid::Uuid;

pub use courses::Course;
pub use people::Person;
pub use places::{Dealer, Location};
pub use sessions::Session;

/// How much of everything.
#[derive(Debug, Clone, Copy)]
pub struct Sizes {
    /// Dealers, at most as many as there are towns.
    pub dealers: usize,
    /// People who learn.
    pub learners: usize,
    /// Sessions that are still to come.
    pub open_sessions: usize,
    /// Sessions of the past two years.
    pub past_sessions: usize,
}

impl Default for Sizes {
    fn default() -> Self {
        Self { dealers: 120, learners: 20_000, open_sessions: 600, past_sessions: 4_000 }
    }
}

impl Sizes {
    /// The usual sizes, times `factor`; never so small that the story cannot be told.
    #[must_use]
    pub fn scaled(factor: f64) -> Self {
        #[expect(
            clippy::cast_possible_truncation,
            clippy::cast_sign_loss,
            clippy::cast_precision_loss,
            reason = "sizes"
        )]
        let scale = |size: usize, least: usize| ((size as f64 * factor) as usize).max(least);
        let usual = Self::default();
        Self {
            dealers: scale(usual.dealers, 12).min(usual.dealers),
            learners: scale(usual.learners, 200),
            open_sessions: scale(usual.open_sessions, 40),
            past_sessions: scale(usual.past_sessions, 40),
        }
    }
}

/// Somebody completed a course on a day.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Completion {
    /// Who.
    pub person: Uuid,
    /// What.
    pub course: Uuid,
    /// When.
    pub completed_on: Date,
}

/// The people and sessions of the demo's story.
#[derive(Debug, Clone, Copy)]
pub struct Cast {
    /// A learner near Köln.
    pub learner: Uuid,
    /// An instructor, who teaches the session.
    pub instructor: Uuid,
    /// The learner's manager.
    pub manager: Uuid,
    /// The learner's dealer admin.
    pub dealer_admin: Uuid,
    /// An admin.
    pub admin: Uuid,
    /// A session that the learner wants, and that is full once [`Network::demand`] has been met.
    pub session: Uuid,
}

impl Cast {
    /// The people of it, by what they are.
    pub fn parts(&self) -> [(&'static str, Uuid); 5] {
        [
            ("learner", self.learner),
            ("instructor", self.instructor),
            ("manager", self.manager),
            ("dealer admin", self.dealer_admin),
            ("admin", self.admin),
        ]
    }
}

/// The network.
#[derive(Debug, Clone)]
pub struct Network {
    /// Dealers.
    pub dealers: Vec<Dealer>,
    /// Training centres.
    pub locations: Vec<Location>,
    /// Courses.
    pub courses: Vec<Course>,
    /// People.
    pub people: Vec<Person>,
    /// Sessions, past and to come.
    pub sessions: Vec<Session>,
    /// What people completed.
    pub completions: Vec<Completion>,
    /// Who wants to register for which session, in order; also for more seats than there are.
    pub demand: Vec<(Uuid, Uuid)>,
    /// The people and sessions of the demo's story.
    pub cast: Cast,
}

/// A network that follows from `seed`, seen on the day `today`.
pub fn generate(sizes: Sizes, seed: u64, today: Date) -> Network {
    let mut rng = Rng::with_seed(seed);
    let dealers = places::dealers(&mut rng, sizes.dealers);
    let locations = places::locations(&mut rng);
    let courses = courses::courses(&mut rng);
    let people = people::people(&mut rng, sizes.learners, &dealers, &locations);
    let mut plan = sessions::Planner::new(&locations, &courses, &people);
    let [wanted, instead] = plan.wanted(&mut rng, today);
    plan.past(&mut rng, today, sizes.past_sessions);
    plan.open(&mut rng, today, sizes.open_sessions);
    let sessions = plan.finish();
    let learner = people::cast_learner(&people);
    let completions = history::completions(&mut rng, &people, &courses, today, learner.id);
    let story = demand::Story { wanted: wanted.id, instead: instead.id, learner: learner.id };
    let demand = demand::demand(&mut rng, &people, &courses, &sessions, &completions, &story);
    let holding = |role: &str| {
        let found = people
            .iter()
            .find(|it| it.dealer == learner.dealer && it.roles.split(';').any(|held| held == role));
        found.map_or_else(Uuid::nil, |it| it.id)
    };
    let admin = people.iter().find(|it| it.roles == "admin").map_or_else(Uuid::nil, |it| it.id);
    let cast = Cast {
        learner: learner.id,
        instructor: wanted.instructors[0],
        manager: learner.manager.unwrap_or_default(),
        dealer_admin: holding("dealer-admin"),
        admin,
        session: wanted.id,
    };
    Network { dealers, locations, courses, people, sessions, completions, demand, cast }
}

/// A UUID from the seed.
fn id(rng: &mut Rng) -> Uuid {
    let mut bytes = [0; 16];
    rng.fill(&mut bytes);
    uuid::Builder::from_random_bytes(bytes).into_uuid()
}

fn pick<'a, T>(rng: &mut Rng, items: &'a [T]) -> &'a T {
    &items[rng.usize(0..items.len())]
}
