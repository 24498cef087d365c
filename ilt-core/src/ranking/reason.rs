//! Why an alternative is offered, in one sentence.

use crate::catalog::Course;
use crate::ranking::Ranked;

/// "Six days later, 41 km from you, 5 seats open."
pub(super) fn reason(one: &Ranked<'_>, wanted: &Course) -> String {
    let candidate = one.candidate;
    let mut said = vec![when(one.days_later)];
    if let Some(km) = one.distance_km {
        said.push(if km < 1.0 { "next to you".to_owned() } else { format!("{km:.0} km from you") });
    }
    match one.suits {
        Some(true) => said.push("at a time you prefer".to_owned()),
        Some(false) => said.push("not at a time you prefer".to_owned()),
        None => {}
    }
    said.push(match (candidate.session.seats.open(), candidate.session.seats.waitlisted) {
        (1, _) => "one seat open".to_owned(),
        (0, 0) => "full, nobody waiting".to_owned(),
        (0, 1) => "full, one person waiting".to_owned(),
        (0, waiting) => format!("full, {waiting} people waiting"),
        (open, _) => format!("{open} seats open"),
    });
    let (course, said) = (candidate.course, said.join(", "));
    if course.id == wanted.id {
        return sentence(&said);
    }
    if one.is_same {
        return sentence(&format!("{said}; `{}` counts as the same course", course.title));
    }
    let likeness = if course.track.is_some() && course.track == wanted.track {
        "is on the same track"
    } else {
        "has topics in common"
    };
    sentence(&format!("{said}; another course: `{}` {likeness}", course.title))
}

/// With a capital letter and a full stop.
fn sentence(said: &str) -> String {
    let mut sentence = format!("{said}.");
    if let Some(first) = sentence.get(..1) {
        let upper = first.to_uppercase();
        sentence.replace_range(..1, &upper);
    }
    sentence
}

/// How far from the wanted start: "six days later".
pub(super) fn when(days_later: i32) -> String {
    match days_later {
        0 => "on the same day".to_owned(),
        later if later > 0 => format!("{} later", apart(later)),
        earlier => format!("{} earlier", apart(earlier)),
    }
}

/// "six days"; numbers up to twelve in words.
pub(super) fn apart(days: i32) -> String {
    const WORDS: [&str; 12] =
        ["one", "two", "three", "four", "five", "six", "seven", "eight", "nine", "ten", "eleven", "twelve"];
    let days = days.unsigned_abs();
    let word = usize::try_from(days).ok().and_then(|days| WORDS.get(days.checked_sub(1)?));
    let number = word.map_or_else(|| days.to_string(), |word| (*word).to_owned());
    let unit = if days == 1 { "day" } else { "days" };
    format!("{number} {unit}")
}
