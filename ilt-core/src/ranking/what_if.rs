//! What would have to change for another order: one thing only, said in one sentence.
//!
//! Nothing is guessed. A sentence is written only when the search, with that one thing put aside, gives another first: a
//! session of the whole catalogue for the card of the first, the session itself for the cards of the others.

use jiff::SignedDuration;

use crate::ranking::Ranked;
use crate::ranking::hunt::{Hunt, View};
use crate::ranking::reason::{apart, when};
use crate::ranking::score::{self, Terms};
use crate::ranking::shelf::Slot;
use crate::session::Session;

/// Nobody is asked to travel more than this many kilometres further.
const MOST_FURTHER_KM: f64 = 200.0;
/// Nobody is asked to wait longer than this.
const MOST_LATER: SignedDuration = SignedDuration::from_hours(24 * 60);
/// Fewer kilometres are no reason to change anything.
const WORTH_KM: f64 = 1.0;
/// Less time is no reason to change anything.
const WORTH_TIME: SignedDuration = SignedDuration::from_hours(24);

/// What a learner may be asked to put up with.
#[derive(Debug, Clone, Copy, PartialEq)]
enum Change {
    /// To go further, and be trained sooner.
    Further,
    /// To wait longer, and be trained nearer.
    Longer,
    /// To join a queue, and be trained sooner or nearer.
    Queue,
}

/// For the first: the session that would be better than it after one change. Of several the one that would be better by
/// most.
pub(super) fn better_than_first(hunt: &Hunt<'_, '_>, first: &Ranked<'_>, wanted: &Session) -> Option<String> {
    let mut best: Option<(Change, Ranked<'_>)> = None;
    for change in [Change::Further, Change::Longer, Change::Queue] {
        let above = best.as_ref().map_or(first.score, |(_, other)| other.score);
        let counts = |slot: &Slot| change.is_worth_it(hunt, first, slot);
        let view = change.view(hunt, first, &counts);
        if let Some(other) = hunt.best_of(first.is_same, &view, 1, above).first() {
            best = Ranked::of(hunt, other, wanted).map(|other| (change, other));
        }
    }
    best.and_then(|(change, other)| change.say(first, &other))
}

/// For another: the one thing that keeps it from being first.
pub(super) fn would_be_first(hunt: &Hunt<'_, '_>, other: &Ranked<'_>, first: &Ranked<'_>) -> Option<String> {
    let wins = |terms: Terms| score::sum(terms.parts(), hunt.shares) > first.score;
    let (terms, candidate) = (other.terms, other.candidate);
    let another_course = || {
        let is_enough = wins(Terms { relevance: first.terms.relevance, ..terms });
        is_enough.then(|| format!("First choice if `{}` would do.", candidate.course.title))
    };
    if other.is_same != first.is_same {
        return another_course();
    }
    if let Some(further) = further(other.distance_km, first.distance_km).filter(|km| *km >= WORTH_KM)
        && wins(Terms { proximity: first.terms.proximity, ..terms })
    {
        let (city, when) = (&candidate.location.city, when(other.days_later));
        return Some(format!("First choice if you accepted {further:.0} km more: {city}, {when}."));
    }
    let later = other.days_later - first.days_later;
    if later > 0 && wins(Terms { soon: first.terms.soon, ..terms }) {
        return Some(format!("First choice if you could wait {} more.", apart(later)));
    }
    if candidate.session.seats.open() == 0 && wins(Terms { seats: first.terms.seats, ..terms }) {
        return Some("First choice if you did not mind its waitlist.".to_owned());
    }
    another_course()
}

impl Change {
    /// The catalogue as if the change were nothing.
    fn view<'v>(
        self,
        hunt: &Hunt<'_, '_>,
        first: &Ranked<'_>,
        counts: &'v dyn Fn(&Slot) -> bool,
    ) -> View<'v> {
        let plain = hunt.plain_view();
        let View { mut proximity, mut soon_at_least, mut seats_at_least, .. } = plain;
        for (near, there) in proximity.iter_mut().zip(&hunt.distances) {
            let further = further(*there, first.distance_km);
            match self {
                Self::Further => {
                    let is_far = further.is_some_and(|km| (WORTH_KM..=MOST_FURTHER_KM).contains(&km));
                    *near = is_far.then_some(first.terms.proximity);
                }
                Self::Longer => *near = near.filter(|_| further.is_some_and(|km| km <= -WORTH_KM)),
                Self::Queue => {}
            }
        }
        match self {
            Self::Further => {}
            Self::Longer => soon_at_least = first.terms.soon,
            Self::Queue => seats_at_least = first.terms.seats,
        }
        View { proximity, soon_at_least, seats_at_least, counts }
    }

    /// Whether a session gives enough for the change.
    fn is_worth_it(self, hunt: &Hunt<'_, '_>, first: &Ranked<'_>, slot: &Slot) -> bool {
        let later = slot.starts_at.duration_since(first.candidate.session.starts_at());
        let is_sooner = later <= -WORTH_TIME;
        match self {
            Self::Further => is_sooner,
            Self::Longer => (WORTH_TIME..=MOST_LATER).contains(&later),
            Self::Queue => {
                let there = hunt.distances.get(slot.location).copied().flatten();
                let is_nearer = || further(there, first.distance_km).is_some_and(|km| km <= -WORTH_KM);
                slot.open == 0 && (is_sooner || is_nearer())
            }
        }
    }

    /// "40 km further: Lyon, four days sooner."
    fn say(self, first: &Ranked<'_>, other: &Ranked<'_>) -> Option<String> {
        let sooner = first.days_later - other.days_later;
        let further = further(other.distance_km, first.distance_km);
        let gains = [
            (sooner > 0).then(|| format!("{} sooner", apart(sooner))),
            further.filter(|km| *km <= -WORTH_KM).map(|km| format!("{:.0} km nearer", -km)),
        ];
        let gains: Vec<_> = gains.into_iter().flatten().collect();
        let price = match self {
            Self::Further => format!("{:.0} km further", further?),
            Self::Longer => format!("Waiting {} more", apart(-sooner)),
            Self::Queue => "On a waitlist".to_owned(),
        };
        let city = &other.candidate.location.city;
        let course = other.candidate.course;
        let is_same_course = course.id == first.candidate.course.id;
        let what = if is_same_course { city.clone() } else { format!("`{}` in {city}", course.title) };
        (!gains.is_empty()).then(|| format!("{price}: {what}, {}.", gains.join(" and ")))
    }
}

/// How many kilometres further one place is than another.
fn further(there: Option<f64>, here: Option<f64>) -> Option<f64> {
    Some(there? - here?)
}
