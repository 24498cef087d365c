//! Why an alternative is offered, and what would have to change, in one sentence each.

use crate::ranking::{Parts, Ranked, Weights, score};
use crate::session::Session;

/// Writes the sentences of a finished choice.
pub(super) fn explain(chosen: &mut [Ranked<'_>], wanted: &Session, weights: Weights) {
    for at in 0..chosen.len() {
        chosen[at].reason = reason(&chosen[at], wanted);
        chosen[at].would_change = if at == 0 {
            chosen[1..].iter().find_map(|other| sooner_but_further(&chosen[0], other))
        } else {
            would_be_first(&chosen[at], &chosen[0], weights)
        };
    }
}

/// "Six days later, 41 km from you, 5 seats open."
fn reason(one: &Ranked<'_>, wanted: &Session) -> String {
    let candidate = one.candidate;
    let mut said = Vec::new();
    if candidate.session.course != wanted.course {
        let as_what =
            if one.parts.relevance >= 0.9 { "which counts as the same" } else { "which is close to it" };
        said.push(format!("`{}`, {as_what}", candidate.course.title));
    }
    said.push(when(one.days_later));
    if let Some(km) = one.distance_km {
        said.push(if km < 1.0 { "next to you".to_owned() } else { format!("{km:.0} km from you") });
    }
    said.push(match (candidate.session.seats.open(), candidate.session.seats.waitlisted) {
        (1, _) => "one seat open".to_owned(),
        (0, 0) => "full, you would be first on the waitlist".to_owned(),
        (0, waiting) => format!("full, {waiting} on the waitlist"),
        (open, _) => format!("{open} seats open"),
    });
    let mut sentence = said.join(", ") + ".";
    if let Some(first) = sentence.get(..1) {
        let upper = first.to_uppercase();
        sentence.replace_range(..1, &upper);
    }
    sentence
}

/// For the first: what going further would bring. "40 km further: Lyon, two days earlier."
fn sooner_but_further(first: &Ranked<'_>, other: &Ranked<'_>) -> Option<String> {
    let further = other.distance_km? - first.distance_km?;
    let earlier = first.days_later - other.days_later;
    let city = &other.candidate.location.city;
    (further >= 1.0 && earlier > 0)
        .then(|| format!("{further:.0} km further: {city}, {}.", apart(earlier, "earlier")))
}

/// For the others: the one thing that keeps it from being first.
fn would_be_first(one: &Ranked<'_>, first: &Ranked<'_>, weights: Weights) -> Option<String> {
    let wins = |parts: Parts| score::score(parts, weights) > first.score;
    let further = one.distance_km.zip(first.distance_km).map_or(0.0, |(own, best)| own - best);
    if further >= 1.0 && wins(Parts { proximity: first.parts.proximity, ..one.parts }) {
        let (city, when) = (&one.candidate.location.city, when(one.days_later));
        return Some(format!("First choice if you accepted {further:.0} km more: {city}, {when}."));
    }
    if wins(Parts { availability: first.parts.availability, ..one.parts }) {
        let later = one.days_later - first.days_later;
        return Some(if later > 0 {
            format!("First choice if {} made no difference.", apart(later, "later"))
        } else {
            "First choice if it had as many open seats.".to_owned()
        });
    }
    if wins(Parts { relevance: first.parts.relevance, ..one.parts }) {
        return Some(format!("First choice if `{}` would do.", one.candidate.course.title));
    }
    None
}

fn when(days_later: i32) -> String {
    match days_later {
        0 => "on the same day".to_owned(),
        later if later > 0 => apart(later, "later"),
        earlier => apart(-earlier, "earlier"),
    }
}

/// "six days later"; numbers up to twelve in words.
fn apart(days: i32, direction: &str) -> String {
    const WORDS: [&str; 13] = [
        "no", "one", "two", "three", "four", "five", "six", "seven", "eight", "nine", "ten", "eleven",
        "twelve",
    ];
    let number = usize::try_from(days).ok().and_then(|days| WORDS.get(days));
    let number = number.map_or_else(|| days.to_string(), |word| (*word).to_owned());
    let unit = if days == 1 { "day" } else { "days" };
    format!("{number} {unit} {direction}")
}
