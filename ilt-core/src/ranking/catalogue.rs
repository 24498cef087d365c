//! Every session that is still to come, in memory, kept current by the journal.

use std::collections::{BTreeMap, BTreeSet};
use std::sync::Arc;

use jiff::Timestamp;

use crate::catalog::{Course, Dealer, Location};
use crate::ids::{CourseId, DealerId, LocationId, PluginId, SessionId};
use crate::journal::{Entry, Event};
use crate::plugin::Plugin;
use crate::policy::{Override, Rule, Rules, Scope};
use crate::ranking::kin::Kin;
use crate::ranking::shelf::{Shelf, Terms};
use crate::ranking::text::Glossary;
use crate::schedule::before_business_days;
use crate::session::{Seats, Session, closes_at};
use crate::world::World;

/// Sessions that are still to come, with what they refer to.
#[derive(Debug, Clone, Default)]
pub struct Catalogue {
    world: World,
    pub(super) shelf: Shelf,
    pub(super) kin: Kin,
    pub(super) glossary: Glossary,
}

impl Catalogue {
    /// The catalogue of what `world` knows.
    pub fn new(world: &World) -> Self {
        let mut catalogue = Self::default();
        catalogue.world.courses = world.courses.clone();
        catalogue.world.locations = world.locations.clone();
        catalogue.world.dealers = world.dealers.clone();
        catalogue.world.rules.clone_from(&world.rules);
        catalogue.world.plugins = world.plugins.clone();
        catalogue.learn_courses();
        catalogue.learn_locations();
        // In order of time every session is the last of its course so far: nothing has to make room.
        let mut sessions: Vec<_> = world.sessions.values().collect();
        sessions.sort_unstable_by_key(|session| (session.starts_at(), session.id));
        for session in sessions {
            let terms = terms(&world.rules, session);
            catalogue.shelf.put(session, terms);
        }
        catalogue.world.sessions.clone_from(&world.sessions);
        catalogue
    }

    /// Follows one entry of the journal. Entries must come in order; one that was seen before does no harm.
    pub fn apply(&mut self, entry: &Entry) {
        match &entry.event {
            Event::SessionScheduled(session) | Event::SessionChanged(session) => {
                self.reshelve(session.id, entry);
            }
            Event::SessionPublished
            | Event::SessionCancelled
            | Event::SessionCompleted
            | Event::BlockSaved(_)
            | Event::BlockUsed(_)
            | Event::BlockRefilled(_)
            | Event::BlockNamingDue(_)
            | Event::BlockReleased(_) => {
                if let Some(id) = entry.session {
                    self.reshelve(id, entry);
                }
            }
            Event::CoursesSaved(_) => {
                self.learn(entry);
                self.learn_courses();
            }
            Event::LocationsSaved(_) => {
                self.learn(entry);
                self.learn_locations();
            }
            Event::DealersSaved(_) | Event::PluginChanged { .. } => self.learn(entry),
            Event::RuleSet(Override { rule, .. }) | Event::RuleCleared(_, rule) => {
                self.learn(entry);
                if matches!(rule, Rule::RegistrationCloses | Rule::Waitlist) {
                    self.reshelve_all();
                }
            }
            _ => {}
        }
        if let (Some(id), Some(seats)) = (entry.session, entry.seats) {
            self.reseat(id, seats);
        }
    }

    /// Forgets sessions that have ended.
    pub fn prune(&mut self, now: Timestamp) {
        for id in self.shelf.ended(now) {
            if let Some(session) = self.world.sessions.remove(id) {
                self.shelf.take(&session);
            }
        }
    }

    /// A session that is still to come.
    pub fn session(&self, id: SessionId) -> Option<&Session> {
        self.world.sessions.get(&id)
    }

    /// Until when a session of a course can be booked that is over before `end`, of those with open seats.
    pub fn last_chance(&self, course: CourseId, end: Timestamp, now: Timestamp) -> Option<Timestamp> {
        let rules = Rules::of(self.rules(), Some(course), None);
        let of_course = self.world.sessions.values().filter(|session| session.course == course);
        let fitting = of_course
            .filter(|session| session.is_live(now) && session.ends_at() <= end && session.seats.open() > 0);
        fitting.map(|session| closes_at(session, rules)).filter(|closes| now < *closes).max()
    }

    /// How many sessions there are.
    pub fn len(&self) -> usize {
        self.world.sessions.len()
    }

    /// Whether there are none.
    pub fn is_empty(&self) -> bool {
        self.world.sessions.is_empty()
    }

    /// Courses by id.
    pub fn courses(&self) -> &Arc<BTreeMap<CourseId, Course>> {
        &self.world.courses
    }

    /// Locations by id.
    pub fn locations(&self) -> &Arc<BTreeMap<LocationId, Location>> {
        &self.world.locations
    }

    /// Dealers by id.
    pub fn dealers(&self) -> &Arc<BTreeMap<DealerId, Dealer>> {
        &self.world.dealers
    }

    /// Plugins that are used, by id.
    pub fn plugins(&self) -> &Arc<BTreeMap<PluginId, Plugin>> {
        &self.world.plugins
    }

    /// Rules that are set.
    pub fn rules(&self) -> &[Override] {
        &self.world.rules
    }

    fn learn(&mut self, entry: &Entry) {
        // What is only saved or set cannot misfit: it replaces what was known.
        let _fits = self.world.apply(entry);
    }

    fn learn_courses(&mut self) {
        self.kin = Kin::of(&self.world.courses, &mut self.shelf.courses);
        self.glossary.learn_courses(self.world.courses.values(), &mut self.shelf.courses);
    }

    fn learn_locations(&mut self) {
        for location in self.world.locations.values() {
            self.shelf.learn(location);
        }
        self.glossary.learn_locations(self.world.locations.values(), &mut self.shelf.locations);
    }

    /// Applies an entry that changes a session's plan, and puts the session where it belongs now.
    fn reshelve(&mut self, id: SessionId, entry: &Entry) {
        if let Some(before) = self.world.sessions.get(&id) {
            self.shelf.take(before);
        }
        // It misfits when the session ended and was forgotten: then there is nothing to follow.
        let _fits = self.world.apply(entry);
        if let Some(after) = self.world.sessions.get(&id) {
            self.shelf.put(after, terms(&self.world.rules, after));
        }
    }

    fn reshelve_all(&mut self) {
        for session in self.world.sessions.values() {
            let terms = terms(&self.world.rules, session);
            self.shelf.take(session);
            self.shelf.put(session, terms);
        }
    }

    fn reseat(&mut self, id: SessionId, seats: Seats) {
        if let Ok(session) = self.world.sessions.change(id) {
            session.seats = seats;
            self.shelf.reseat(session);
        }
    }
}

/// What the rules grant for a session to the dealer group they are kindest to. A learner's own group may get less, which
/// [`super::Learner::may_take`] knows.
fn terms(rules: &[Override], session: &Session) -> Terms {
    let groups: BTreeSet<Option<&str>> = rules.iter().map(|set| group(&set.scope)).chain([None]).collect();
    let (mut days, mut waitlist) = (u32::MAX, false);
    for group in groups {
        let rules = Rules::of(rules, Some(session.course), group);
        days = days.min(rules.count(Rule::RegistrationCloses));
        waitlist |= rules.is_on(Rule::Waitlist);
    }
    Terms { closes_at: before_business_days(session.starts_at(), &session.zone(), days), waitlist }
}

fn group(scope: &Scope) -> Option<&str> {
    match scope {
        Scope::DealerGroup(group) => Some(group),
        Scope::Global | Scope::Course(_) => None,
    }
}
