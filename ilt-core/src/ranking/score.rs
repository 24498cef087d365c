//! The parts of a score, each from 0 to 1, and their weighted sum.
//!
//! | part | formula |
//! |---|---|
//! | proximity | 2^(−km / 100); 0.5 when nobody knows where the learner is |
//! | availability | 0.5 × soon + 0.3 × seats + 0.2 × in time |
//! | soon | 2^(−days / 30), days after the wanted start (after now, should that be over); 1 before it |
//! | | × 0.8 at a time that the learner does not prefer, when they prefer any |
//! | seats | 0.7 + 0.3 × open / 5, at most 1; full: 0.3 / (people waiting + 1) |
//! | in time | 1 when it ends by the learner's deadline or there is none, else 0 |
//! | relevance | the course itself 1; one that counts as it 0.9; same track 0.6 + 0.2 × topics + profile; else 0.5 × topics + profile, and 0 without a common topic |
//! | topics | common topics / all topics of both (Jaccard) |
//! | profile | 0.05 × likeness of topics and interests + 0.05 when the learner holds another course of its track |
//!
//! So relevance never turns the order of kinship round: common topics reach 0.6, a track begins there and reaches 0.9.

use crate::ranking::{Parts, Weights};

/// Relevance of the course itself.
pub(super) const SAME_COURSE: f64 = 1.0;
/// Relevance of a course whose completion counts as the wanted one's.
pub(super) const EQUIVALENT: f64 = 0.9;
/// Relevance of a course of the same track that has nothing else in common.
pub(super) const SAME_TRACK: f64 = 0.6;

/// Kilometres over which proximity halves.
const HALF_KM: f64 = 100.0;
/// Days over which "how soon" halves.
const HALF_DAYS: f64 = 30.0;
/// What a time is worth that the learner does not prefer.
const UNSUITED: f64 = 0.8;
/// Proximity when nobody knows where the learner is.
const UNKNOWN_PROXIMITY: f64 = 0.5;
/// Open seats from which more make no difference.
const PLENTY: f64 = 5.0;

/// What a score is made of, before anything is summed.
#[derive(Debug, Clone, Copy, PartialEq)]
pub(super) struct Terms {
    pub proximity: f64,
    pub soon: f64,
    pub seats: f64,
    pub in_time: f64,
    pub relevance: f64,
}

impl Terms {
    /// The three parts that are shown.
    pub fn parts(self) -> Parts {
        let availability = 0.5 * self.soon + 0.3 * self.seats + 0.2 * self.in_time;
        Parts { proximity: self.proximity, availability, relevance: self.relevance }
    }
}

/// How near.
pub(super) fn proximity(distance_km: Option<f64>) -> f64 {
    distance_km.map_or(UNKNOWN_PROXIMITY, |km| (-km / HALF_KM).exp2())
}

/// How soon.
pub(super) fn soon(days_after: f64) -> f64 {
    (-days_after.max(0.0) / HALF_DAYS).exp2()
}

/// How soon, as the learner sees it.
pub(super) fn suited(soon: f64, suits: Option<bool>) -> f64 {
    if suits == Some(false) { UNSUITED * soon } else { soon }
}

/// How sure a seat.
pub(super) fn seats(open: u32, waitlisted: u32) -> f64 {
    if open > 0 {
        0.7 + 0.3 * (f64::from(open) / PLENTY).min(1.0)
    } else {
        0.3 / (f64::from(waitlisted) + 1.0)
    }
}

/// How well another course stands in that does not count as the wanted one; 0 when it does not.
pub(super) fn kinship(is_same_track: bool, topics: f64, profile: impl FnOnce() -> f64) -> f64 {
    if is_same_track {
        SAME_TRACK + 0.2 * topics + profile()
    } else if topics > 0.0 {
        0.5 * topics + profile()
    } else {
        0.0
    }
}

/// How well a course fits what a learner cares about, and what they have begun.
pub(super) fn profile(cares: f64, continues: bool) -> f64 {
    0.05 * cares + if continues { 0.05 } else { 0.0 }
}

/// The weights as shares of 1. Weights that cannot be shared out count alike.
pub(super) fn shares(weights: Weights) -> Weights {
    let [proximity, availability, relevance] =
        [weights.proximity, weights.availability, weights.relevance].map(|weight| weight.max(0.0));
    let total = proximity + availability + relevance;
    if !(total.is_finite() && total > 0.0) {
        return Weights { proximity: 1.0 / 3.0, availability: 1.0 / 3.0, relevance: 1.0 / 3.0 };
    }
    Weights { proximity: proximity / total, availability: availability / total, relevance: relevance / total }
}

/// The weighted sum; `shares` add up to 1.
pub(super) fn sum(parts: Parts, shares: Weights) -> f64 {
    parts.proximity * shares.proximity
        + parts.availability * shares.availability
        + parts.relevance * shares.relevance
}
