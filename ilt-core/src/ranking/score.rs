//! The three parts of a score, each from 0 to 1 (PRODUCT.md, "Alternatives").

use std::collections::BTreeSet;

use jiff::Timestamp;

use crate::catalog::Course;
use crate::ranking::catalogue::Slot;
use crate::ranking::{Learner, Parts, Weights};

/// Kilometres over which proximity halves.
const HALF_KM: f64 = 100.0;
/// Days over which "how soon" halves.
const HALF_DAYS: f64 = 30.0;
/// Proximity when nobody knows where the learner is.
const UNKNOWN_PROXIMITY: f64 = 0.5;
/// Open seats from which more make no difference.
const PLENTY: f64 = 5.0;

/// How near: halves every 100 km.
pub(super) fn proximity(distance_km: Option<f64>) -> f64 {
    distance_km.map_or(UNKNOWN_PROXIMITY, |km| (-km / HALF_KM).exp2())
}

/// How soon (half of it, halving every 30 days from now), how sure a seat (three tenths), and whether it is before the
/// learner's deadline (two tenths).
pub(super) fn availability(slot: &Slot, deadline: Option<Timestamp>, now: Timestamp) -> f64 {
    let days = slot.starts_at.duration_since(now).as_secs_f64() / 86_400.0;
    let soon = (-days.max(0.0) / HALF_DAYS).exp2();
    let seats = if slot.seats.open() > 0 {
        0.7 + 0.3 * (f64::from(slot.seats.open()) / PLENTY).min(1.0)
    } else {
        0.3 / f64::from(1 + slot.seats.waitlisted)
    };
    let in_time = if deadline.is_none_or(|deadline| slot.starts_at < deadline) { 1.0 } else { 0.0 };
    0.5 * soon + 0.3 * seats + 0.2 * in_time
}

/// How well `course` stands in for `wanted`; 0 when it does not.
///
/// The course itself 1, an equivalent 0.9, the same certification track from 0.55, common topics up to 0.5; then a little
/// for what the learner cares about.
pub(super) fn relevance(course: &Course, wanted: &Course, learner: &Learner<'_>) -> f64 {
    if course.id == wanted.id {
        return 1.0;
    }
    if wanted.equivalents.contains(&course.id) || course.equivalents.contains(&wanted.id) {
        return 0.9;
    }
    let topics = likeness(&course.topics, &wanted.topics);
    let profile = 0.05 * likeness(&course.topics, learner.interests);
    let is_same_track = course.track.is_some() && course.track == wanted.track;
    if is_same_track {
        0.55 + 0.15 * topics + profile
    } else if topics > 0.0 {
        0.5 * topics + profile
    } else {
        0.0
    }
}

/// The weighted sum; weights that do not add up to 1 are scaled.
pub(super) fn score(parts: Parts, weights: Weights) -> f64 {
    let total = weights.proximity + weights.availability + weights.relevance;
    let sum = parts.proximity * weights.proximity
        + parts.availability * weights.availability
        + parts.relevance * weights.relevance;
    if total > 0.0 { sum / total } else { 0.0 }
}

/// How much two lists of words have in common, from 0 to 1 (Jaccard).
fn likeness(one: &[String], other: &[String]) -> f64 {
    let (one, other): (BTreeSet<_>, BTreeSet<_>) = (one.iter().collect(), other.iter().collect());
    let common = one.intersection(&other).count();
    let all = one.len() + other.len() - common;
    if all == 0 {
        return 0.0;
    }
    #[expect(clippy::cast_precision_loss, reason = "lists of topics are short")]
    let share = common as f64 / all as f64;
    share
}
