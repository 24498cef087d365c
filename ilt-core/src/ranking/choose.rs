//! Choosing up to three alternatives.

use jiff::{SignedDuration, Timestamp};

use crate::catalog::{Course, Location, Place, Preferences};
use crate::ids::{AlternativeId, CourseId, PersonId, SessionId};
use crate::opinion::{Adjusted, Adjustment, total};
use crate::ranking::hunt::{Hunt, Scored};
use crate::ranking::score::Terms;
use crate::ranking::{Catalogue, Parts, Shown, Weights, reason, what_if};
use crate::session::Session;

/// How many alternatives are shown.
pub const SHOWN: usize = 3;
/// Of how many dealers' own rules are asked.
pub(super) const ASKED: usize = 20;

/// What ranking needs to know of a learner.
pub struct Learner<'a> {
    /// Who.
    pub id: PersonId,
    /// Where they would rather be trained: their preferred locations, else their dealer. The nearest counts.
    pub places: &'a [Place],
    /// Topics they care about, and when they would rather be trained.
    pub preferences: &'a Preferences,
    /// Every course they have completed and that is still valid now. They need not take these again, and a course whose
    /// prerequisites are not among them is not offered.
    pub holds: &'a [CourseId],
    /// By when they need it.
    pub deadline: Option<Timestamp>,
    /// Whether the rules of registration let them into a session of a course, its open seats aside: what they hold
    /// already, their dealer group's own rules and clashes included. Asked for few sessions, in no particular order.
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
    /// Weighted sum of the parts, moved by the adjustments; from 0 to 1.
    pub score: f64,
    /// The parts.
    pub parts: Parts,
    /// What the dealer's own rules changed.
    pub adjustments: Vec<Adjustment>,
    /// What the parts are made of.
    pub(super) terms: Terms,
    /// Whether it is of the wanted course, or of one that counts as it; these come before all others.
    pub is_same: bool,
    /// Kilometres from the learner, when it is known where they are.
    pub distance_km: Option<f64>,
    /// Days after the session that was wanted; before it when negative.
    pub days_later: i32,
    /// Whether it is at a time that the learner prefers, when they prefer any.
    pub suits: Option<bool>,
    /// One sentence of reason.
    pub reason: String,
    /// What would have to change for another order, as a sentence.
    pub would_change: Option<String>,
}

/// Up to three sessions to take instead of `wanted`, best first: those of its course and of courses that count as it come before
/// all others. Ties break by start, then id. Dealers' own rules move those that were asked about ([`crate::ranking::question`]).
pub fn alternatives<'a>(
    catalogue: &'a Catalogue,
    learner: &Learner<'_>,
    wanted: &Session,
    weights: Weights,
    adjusted: &Adjusted,
    now: Timestamp,
) -> Vec<Ranked<'a>> {
    let Some(course) = catalogue.courses().get(&wanted.course) else { return Vec::new() };
    let hunt = Hunt::new(catalogue, learner, wanted, weights, now);
    let most = if adjusted.is_empty() { SHOWN } else { ASKED };
    let best = hunt.best(&hunt.plain_view(), most);
    let mut chosen: Vec<_> = best.iter().filter_map(|one| Ranked::of(&hunt, one, wanted)).collect();
    adjust(&mut chosen, adjusted);
    chosen.truncate(SHOWN);
    for one in &mut chosen {
        one.reason = reason::reason(one, course);
    }
    // What would have to change is said of the order without opinions alone.
    if adjusted.is_empty()
        && let Some((first, others)) = chosen.split_first_mut()
    {
        first.would_change = what_if::better_than_first(&hunt, first, wanted);
        for other in others {
            other.would_change = what_if::would_be_first(&hunt, other, first);
        }
    }
    chosen
}

/// Moves what is adjusted, and puts all of it in its new order.
fn adjust(ranked: &mut [Ranked<'_>], adjusted: &Adjusted) {
    for one in ranked.iter_mut() {
        if let Some(adjustments) = adjusted.get(&one.candidate.session.id) {
            one.score += total(adjustments);
            one.adjustments.clone_from(adjustments);
        }
    }
    ranked.sort_by(|one, other| {
        let by_score = other.is_same.cmp(&one.is_same).then(other.score.total_cmp(&one.score));
        let place = |it: &Ranked<'_>| (it.candidate.session.starts_at(), it.candidate.session.id);
        by_score.then_with(|| place(one).cmp(&place(other)))
    });
    for one in ranked {
        one.score = one.score.clamp(0.0, 1.0);
    }
}

impl<'a> Ranked<'a> {
    /// What was found, with nothing said about it yet.
    pub(super) fn of(hunt: &Hunt<'a, '_>, scored: &Scored, wanted: &Session) -> Option<Self> {
        let candidate = hunt.candidate(scored.id)?;
        Some(Self {
            candidate,
            score: scored.score,
            parts: scored.terms.parts(),
            adjustments: Vec::new(),
            terms: scored.terms,
            is_same: scored.is_same,
            distance_km: hunt.distances.get(scored.location).copied().flatten(),
            days_later: days_between(wanted, candidate.session),
            suits: hunt.suits(candidate.session),
            reason: String::new(),
            would_change: None,
        })
    }

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
            adjustments: self.adjustments.clone(),
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

/// Calendar days from the start of `wanted` to that of `other`, each on its own wall clock.
fn days_between(wanted: &Session, other: &Session) -> i32 {
    let date = |session: &Session| session.parts.first().map(|part| part.starts.date());
    let (Some(wanted), Some(other)) = (date(wanted), date(other)) else { return 0 };
    wanted.until(other).map_or(0, |span| span.get_days())
}
