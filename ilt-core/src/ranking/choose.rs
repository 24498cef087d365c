//! Choosing up to three alternatives.

use std::cmp::Ordering;
use std::collections::BTreeMap;

use jiff::{SignedDuration, Timestamp};

use crate::catalog::{Course, Location, Place};
use crate::ids::{AlternativeId, CourseId, LocationId, PersonId, SessionId};
use crate::ranking::catalogue::Slot;
use crate::ranking::{Catalogue, Parts, Shown, Weights, reason, score};
use crate::session::Session;

/// How many alternatives are shown.
const SHOWN: usize = 3;
/// How many of the best are sorted at a time.
const SORTED_AT_ONCE: usize = 64;

/// What ranking needs to know of a learner.
pub struct Learner<'a> {
    /// Who.
    pub id: PersonId,
    /// Where they would rather be trained: their preferred location, else their dealer.
    pub place: Option<Place>,
    /// Topics they care about.
    pub interests: &'a [String],
    /// Courses they hold, and need not take again.
    pub holds: &'a [CourseId],
    /// By when they need it.
    pub deadline: Option<Timestamp>,
    /// Whether the rules of registration let them into a session of a course, its seats aside.
    pub may_take: &'a dyn Fn(&Session, &Course) -> bool,
}

/// A session that could be taken.
#[derive(Debug, Clone, Copy, PartialEq)]
pub struct Candidate<'a> {
    /// The session.
    pub session: &'a Session,
    /// Its course.
    pub course: &'a Course,
    /// Its location.
    pub location: &'a Location,
}

/// An alternative, ranked.
#[derive(Debug, Clone, PartialEq)]
pub struct Ranked<'a> {
    /// What it is.
    pub candidate: Candidate<'a>,
    /// Weighted sum of the parts.
    pub score: f64,
    /// The parts.
    pub parts: Parts,
    /// Kilometres from the learner, when it is known where they are.
    pub distance_km: Option<f64>,
    /// Days after the session that was wanted; before it when negative.
    pub days_later: i32,
    /// One sentence of reason.
    pub reason: String,
    /// What would have to change for another order, as a sentence.
    pub would_change: Option<String>,
}

/// Up to three sessions to take instead of `wanted`, best first. Ties break by start, then id.
pub fn alternatives<'a>(
    catalogue: &'a Catalogue,
    learner: &Learner<'_>,
    wanted: &Session,
    weights: Weights,
    now: Timestamp,
) -> Vec<Ranked<'a>> {
    let mut scored = scored(catalogue, learner, wanted, weights, now);
    let mut chosen: Vec<Ranked<'a>> = Vec::with_capacity(SHOWN);
    let mut rest = &mut scored[..];
    // The rules are asked from the top down, only until three have passed.
    while !rest.is_empty() && chosen.len() < SHOWN {
        let best = rest.len().min(SORTED_AT_ONCE);
        if best < rest.len() {
            rest.select_nth_unstable_by(best, Scored::order);
        }
        let (top, others) = rest.split_at_mut(best);
        top.sort_unstable_by(Scored::order);
        let passed =
            top.iter().filter_map(|one| one.checked(catalogue, learner, wanted)).take(SHOWN - chosen.len());
        chosen.extend(passed);
        rest = others;
    }
    reason::explain(&mut chosen, wanted, weights);
    chosen
}

/// A session with its score, before the rules were asked.
struct Scored {
    score: f64,
    parts: Parts,
    starts_at: Timestamp,
    id: SessionId,
    distance_km: Option<f64>,
}

impl Scored {
    /// Best first; ties by start, then id.
    fn order(one: &Self, other: &Self) -> Ordering {
        let by_score = other.score.total_cmp(&one.score);
        by_score.then_with(|| (one.starts_at, one.id).cmp(&(other.starts_at, other.id)))
    }

    fn checked<'a>(
        &self,
        catalogue: &'a Catalogue,
        learner: &Learner<'_>,
        wanted: &Session,
    ) -> Option<Ranked<'a>> {
        let session = catalogue.session(self.id)?;
        let course = catalogue.courses().get(&session.course)?;
        let location = catalogue.locations().get(&session.location)?;
        (learner.may_take)(session, course).then(|| Ranked {
            candidate: Candidate { session, course, location },
            score: self.score,
            parts: self.parts,
            distance_km: self.distance_km,
            days_later: days_between(wanted, session),
            reason: String::new(),
            would_change: None,
        })
    }
}

fn scored(
    catalogue: &Catalogue,
    learner: &Learner<'_>,
    wanted: &Session,
    weights: Weights,
    now: Timestamp,
) -> Vec<Scored> {
    let Some(wanted_course) = catalogue.courses().get(&wanted.course) else { return Vec::new() };
    let distances: BTreeMap<LocationId, f64> = learner.place.map_or_else(BTreeMap::new, |place| {
        catalogue.locations().values().map(|it| (it.id, place.kilometres_to(it.place))).collect()
    });
    let mut found = Vec::new();
    for (course, slots) in &catalogue.by_course {
        let Some(course) = catalogue.courses().get(course) else { continue };
        let relevance = score::relevance(course, wanted_course, learner);
        if relevance == 0.0 || (course.id != wanted_course.id && learner.holds.contains(&course.id)) {
            continue;
        }
        let from = slots.partition_point(|slot| slot.starts_at <= now);
        for slot in slots[from..].iter().filter(|slot| slot.id != wanted.id && can_be_joined(slot)) {
            let distance_km = distances.get(&slot.location).copied();
            let proximity = score::proximity(distance_km);
            let parts = Parts {
                proximity,
                availability: score::availability(slot, learner.deadline, now),
                relevance,
            };
            let score = score::score(parts, weights);
            found.push(Scored { score, parts, starts_at: slot.starts_at, id: slot.id, distance_km });
        }
    }
    found
}

fn can_be_joined(slot: &Slot) -> bool {
    slot.seats.open() > 0 || slot.waitlist
}

/// Calendar days from the start of `wanted` to that of `other`, each on its own wall clock.
fn days_between(wanted: &Session, other: &Session) -> i32 {
    let date = |session: &Session| session.parts.first().map(|part| part.starts.date());
    let (Some(wanted), Some(other)) = (date(wanted), date(other)) else { return 0 };
    wanted.until(other).map_or(0, |span| span.get_days())
}

impl Ranked<'_> {
    /// As it is shown to a learner, to be taken within `lasts`.
    #[must_use]
    pub fn shown(
        &self,
        id: AlternativeId,
        rank: u32,
        about: (PersonId, SessionId),
        weights: Weights,
        now: Timestamp,
        lasts: SignedDuration,
    ) -> Shown {
        let session = self.candidate.session;
        Shown {
            id,
            learner: about.0,
            wanted: about.1,
            session: session.id,
            rank,
            score: self.score,
            parts: self.parts,
            weights,
            distance_km: self.distance_km,
            days_later: self.days_later,
            seats_open: session.seats.open(),
            reason: self.reason.clone(),
            would_change: self.would_change.clone(),
            shown_at: now,
            expires_at: now.saturating_add(lasts).unwrap_or(Timestamp::MAX),
            taken: None,
        }
    }
}
