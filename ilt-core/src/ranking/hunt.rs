//! Finding the best few sessions without looking at all of them.
//!
//! Branch and bound: the courses that can stand in come best first, the sessions of each in order of time. How soon and in
//! time can only fall along the way, so the next few sessions have a best score they can reach; when that is below the last
//! one kept, the rest of the course is too. The answer is the same as that of scoring everything, which `proof.rs` checks.
//!
//! The wanted course and those that count as it are searched first; the others fill what is left.

use std::cmp::Ordering;

use jiff::Timestamp;

use crate::catalog::Place;
use crate::ids::SessionId;
use crate::ranking::kin::StandIn;
use crate::ranking::score::{self, Terms};
use crate::ranking::shelf::Slot;
use crate::ranking::{Candidate, Catalogue, Learner, Weights};
use crate::session::Session;

/// Sessions that share one bound.
const STRIDE: usize = 16;
/// What rounding may put between a bound and a score.
const SLACK: f64 = 1e-9;

/// What somebody wants instead of one session.
pub(super) struct Hunt<'a, 'l> {
    catalogue: &'a Catalogue,
    learner: &'l Learner<'l>,
    wanted: SessionId,
    /// From when on waiting counts.
    reference: Timestamp,
    now: Timestamp,
    pub shares: Weights,
    pub stand_ins: Vec<StandIn>,
    /// Kilometres by location number, as far as they are known.
    pub distances: Vec<Option<f64>>,
}

/// How the parts are looked at: as they are, or as if one of them mattered less.
pub(super) struct View<'v> {
    /// By location number; `None` leaves the location out.
    pub proximity: Vec<Option<f64>>,
    pub soon_at_least: f64,
    pub seats_at_least: f64,
    /// Which sessions count.
    pub counts: &'v dyn Fn(&Slot) -> bool,
}

/// A session with its score.
#[derive(Debug, Clone, Copy, PartialEq)]
pub(super) struct Scored {
    pub score: f64,
    pub terms: Terms,
    pub starts_at: Timestamp,
    pub id: SessionId,
    pub location: usize,
    /// Whether it is of the wanted course, or of one that counts as it.
    pub is_same: bool,
}

impl Scored {
    /// Those of the wanted course first, then by score; ties by start, then id.
    pub fn order(&self, other: &Self) -> Ordering {
        let by_score = other.is_same.cmp(&self.is_same).then(other.score.total_cmp(&self.score));
        by_score.then_with(|| (self.starts_at, self.id).cmp(&(other.starts_at, other.id)))
    }
}

impl<'a, 'l> Hunt<'a, 'l> {
    /// Prepares to look for what `learner` could take instead of `wanted`.
    pub fn new(
        catalogue: &'a Catalogue,
        learner: &'l Learner<'l>,
        wanted: &Session,
        weights: Weights,
        now: Timestamp,
    ) -> Self {
        let courses = &catalogue.shelf.courses;
        let course = courses.get(&wanted.course);
        let kilometres = |place: &Option<Place>| {
            let there = (*place)?;
            learner.places.iter().map(|from| from.kilometres_to(there)).min_by(f64::total_cmp)
        };
        Self {
            catalogue,
            learner,
            wanted: wanted.id,
            reference: wanted.starts_at().max(now),
            now,
            shares: score::shares(weights),
            stand_ins: course
                .map_or_else(Vec::new, |course| catalogue.kin.stand_ins(course, learner, courses)),
            distances: catalogue.shelf.places.iter().map(kilometres).collect(),
        }
    }

    /// Everything as it is.
    pub fn plain_view(&self) -> View<'static> {
        let places = self.catalogue.shelf.places.iter().zip(&self.distances);
        View {
            proximity: places.map(|(place, km)| place.map(|_| score::proximity(*km))).collect(),
            soon_at_least: 0.0,
            seats_at_least: 0.0,
            counts: &|_| true,
        }
    }

    /// The best `most` sessions in a view: those of the wanted course and its equivalents first, whatever the others score.
    pub fn best(&self, view: &View<'_>, most: usize) -> Vec<Scored> {
        let mut best = self.best_of(true, view, most, f64::NEG_INFINITY);
        if best.len() < most {
            best.extend(self.best_of(false, view, most - best.len(), f64::NEG_INFINITY));
        }
        best
    }

    /// The best `most` sessions in a view, best first, that score more than `above`: of the wanted course and its equivalents,
    /// or of the others.
    pub fn best_of(&self, is_same: bool, view: &View<'_>, most: usize, above: f64) -> Vec<Scored> {
        let mut top = Top { kept: Vec::with_capacity(most + 1), most, above };
        let nearest = view.proximity.iter().flatten().fold(0.0, |best: f64, near| best.max(*near));
        for stand_in in self.stand_ins.iter().filter(|it| it.is_same == is_same) {
            // The courses that follow are worth even less.
            if !top.is_within_reach(self.bound(view, stand_in.relevance, self.now, nearest)) {
                break;
            }
            let slots = self.catalogue.shelf.of_course(stand_in.course);
            let coming = slots.partition_point(|slot| slot.starts_at <= self.now);
            for stretch in slots[coming..].chunks(STRIDE) {
                let earliest = stretch[0].starts_at;
                if !top.is_within_reach(self.bound(view, stand_in.relevance, earliest, nearest)) {
                    break;
                }
                let anywhere = self.bound(view, stand_in.relevance, earliest, 0.0);
                for slot in stretch {
                    let near = view.proximity.get(slot.location).copied().flatten();
                    let Some(near) = near else { continue };
                    if top.is_within_reach(anywhere + self.shares.proximity * near) {
                        self.weigh(view, slot, near, stand_in, &mut top);
                    }
                }
            }
        }
        top.kept
    }

    /// What makes up the score of a session in a view.
    pub fn terms(&self, view: &View<'_>, slot: &Slot, proximity: f64, relevance: f64) -> Terms {
        Terms {
            proximity,
            soon: score::suited(self.soon(slot.starts_at), self.suits_slot(slot)).max(view.soon_at_least),
            seats: score::seats(slot.open, slot.waitlisted).max(view.seats_at_least),
            in_time: if self.is_in_time(slot.ends_at) { 1.0 } else { 0.0 },
            relevance,
        }
    }

    /// The session behind a score.
    pub fn candidate(&self, id: SessionId) -> Option<Candidate<'a>> {
        let session = self.catalogue.session(id)?;
        let course = self.catalogue.courses().get(&session.course)?;
        let location = self.catalogue.locations().get(&session.location)?;
        Some(Candidate { session, course, location })
    }

    fn weigh(&self, view: &View<'_>, slot: &Slot, near: f64, stand_in: &StandIn, top: &mut Top) {
        if !self.can_be_joined(slot) || !(view.counts)(slot) {
            return;
        }
        let terms = self.terms(view, slot, near, stand_in.relevance);
        let score = score::sum(terms.parts(), self.shares);
        let (starts_at, id, location, is_same) = (slot.starts_at, slot.id, slot.location, stand_in.is_same);
        let scored = Scored { score, terms, starts_at, id, location, is_same };
        // The rules are dear, so they are asked last.
        if top.takes(&scored) && self.may_take(slot.id) {
            top.put(scored);
        }
    }

    /// Whether a session is at a time that the learner prefers, when they prefer any.
    pub fn suits(&self, session: &Session) -> Option<bool> {
        self.learner.preferences.suits(&session.parts)
    }

    /// Most people prefer no time, and then no session is looked up.
    fn suits_slot(&self, slot: &Slot) -> Option<bool> {
        let prefers = !self.learner.preferences.times.is_empty();
        let session = prefers.then(|| self.catalogue.session(slot.id)).flatten()?;
        self.suits(session)
    }

    /// The most a session can score that starts at `earliest` or later.
    fn bound(&self, view: &View<'_>, relevance: f64, earliest: Timestamp, proximity: f64) -> f64 {
        let terms = Terms {
            proximity,
            soon: self.soon(earliest).max(view.soon_at_least),
            seats: 1.0,
            in_time: if self.is_in_time(earliest) { 1.0 } else { 0.0 },
            relevance,
        };
        score::sum(terms.parts(), self.shares)
    }

    fn can_be_joined(&self, slot: &Slot) -> bool {
        slot.id != self.wanted && self.now < slot.closes_at && (slot.open > 0 || slot.waitlist)
    }

    fn may_take(&self, id: SessionId) -> bool {
        self.candidate(id).is_some_and(|it| (self.learner.may_take)(it.session, it.course))
    }

    fn soon(&self, starts_at: Timestamp) -> f64 {
        score::soon(starts_at.duration_since(self.reference).as_secs_f64() / 86_400.0)
    }

    fn is_in_time(&self, ends_at: Timestamp) -> bool {
        self.learner.deadline.is_none_or(|deadline| ends_at <= deadline)
    }
}

/// The best so far.
struct Top {
    kept: Vec<Scored>,
    most: usize,
    above: f64,
}

impl Top {
    /// Whether something that scores `bound` at most could still be taken.
    fn is_within_reach(&self, bound: f64) -> bool {
        let floor = match self.kept.last() {
            Some(last) if self.kept.len() == self.most => last.score,
            _ => self.above,
        };
        bound + SLACK >= floor
    }

    fn takes(&self, one: &Scored) -> bool {
        let is_better = || self.kept.last().is_none_or(|last| one.order(last) == Ordering::Less);
        one.score > self.above && (self.kept.len() < self.most || is_better())
    }

    fn put(&mut self, one: Scored) {
        let at = self.kept.partition_point(|kept| kept.order(&one) == Ordering::Less);
        self.kept.insert(at, one);
        self.kept.truncate(self.most);
    }
}
