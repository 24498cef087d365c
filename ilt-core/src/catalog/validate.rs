//! What a course, location, dealer or person must look like before it is saved: every problem at once, by field.

use std::collections::BTreeSet;

use crate::catalog::{Course, Dealer, Location, Person, Place};
use crate::fault::FieldProblem;
use crate::text::{folded, is_invisible, too_long, turns_around};

/// Longest title or name, in characters.
const MAX_LINE: usize = 200;
/// Longest summary, in characters.
const MAX_TEXT: usize = 4_000;
/// Longest postal address, in characters.
const MAX_ADDRESS: usize = 300;
/// Longest topic, room, interest or country, in characters.
pub(crate) const MAX_WORD: usize = 100;
/// Managers for whom one person can stand in.
const MOST_DEPUTISED: usize = 50;

/// Most topics, rooms, prerequisites or roles of one thing.
const MAX_LIST: usize = 50;

impl Course {
    /// Everything that is wrong with it; empty when it can be saved.
    pub fn problems(&self) -> Vec<FieldProblem> {
        let mut found = Vec::new();
        line(&mut found, "/title", &self.title);
        note(&mut found, "/summary", &self.summary, MAX_TEXT);
        note(&mut found, "/track", self.track.as_deref().unwrap_or_default(), MAX_LINE);
        if self.length.as_secs() < 60 || self.length.as_hours() > 24 * 30 {
            found.push(FieldProblem::new("/length", "must be between one minute and thirty days"));
        }
        if self.validity_months == Some(0) {
            found.push(FieldProblem::new("/validity", "must be at least one month, or absent for ever"));
        }
        words(&mut found, "/topics", &self.topics);
        list(&mut found, "/prerequisites", &self.prerequisites);
        list(&mut found, "/equivalents", &self.equivalents);
        if self.equivalents.contains(&self.id) {
            found.push(FieldProblem::new("/equivalents", "a course cannot be its own equivalent"));
        }
        found
    }
}

impl Location {
    /// Everything that is wrong with it; empty when it can be saved.
    pub fn problems(&self) -> Vec<FieldProblem> {
        let mut found = Vec::new();
        line(&mut found, "/name", &self.name);
        line(&mut found, "/city", &self.city);
        note(&mut found, "/address", &self.address, MAX_ADDRESS);
        note(&mut found, "/country", &self.country, MAX_WORD);
        place(&mut found, self.place);
        words(&mut found, "/rooms", &self.rooms);
        found
    }
}

impl Dealer {
    /// Everything that is wrong with it; empty when it can be saved.
    pub fn problems(&self) -> Vec<FieldProblem> {
        let mut found = Vec::new();
        line(&mut found, "/name", &self.name);
        note(&mut found, "/city", &self.city, MAX_LINE);
        note(&mut found, "/group", self.group.as_deref().unwrap_or_default(), MAX_LINE);
        note(&mut found, "/region", self.region.as_deref().unwrap_or_default(), MAX_LINE);
        place(&mut found, self.place);
        found
    }
}

impl Person {
    /// Everything that is wrong with them; empty when they can be saved.
    pub fn problems(&self) -> Vec<FieldProblem> {
        let mut found = Vec::new();
        line(&mut found, "/name", &self.name);
        if !is_mail_address(&self.email) {
            found.push(FieldProblem::new("/email", "must be a mail address such as ada@dealer.example"));
        }
        list(&mut found, "/roles", &self.roles);
        let preferences = &self.preferences;
        list(&mut found, "/preferred_locations", &preferences.locations);
        words(&mut found, "/interests", &preferences.interests);
        list(&mut found, "/notify_by", &preferences.notify_by);
        if preferences.times.len() > MAX_LIST {
            found
                .push(FieldProblem::new("/preferred_times", format!("must have at most {MAX_LIST} entries")));
        }
        for (at, grant) in self.roles.iter().enumerate() {
            let word = grant.role.word();
            if grant.role.is_at_a_dealer() && grant.dealer.is_none() {
                found.push(FieldProblem::new(format!("/roles/{at}"), format!("{word} needs a dealer")));
            }
            if !grant.role.is_at_a_dealer() && grant.dealer.is_some() {
                found.push(FieldProblem::new(
                    format!("/roles/{at}"),
                    format!("{word} is held everywhere, without a dealer"),
                ));
            }
        }
        if self.manager == Some(self.id) {
            found.push(FieldProblem::new("/manager", "nobody is their own manager"));
        }
        if self.stands_in_for.contains(&self.id) || self.stands_in_for.len() > MOST_DEPUTISED {
            let detail = format!("must be others, {MOST_DEPUTISED} at most");
            found.push(FieldProblem::new("/stands_in_for", detail));
        }
        found
    }
}

/// Whether it is an address as people have them, and as record stores take them: words joined by dots, at a host with a name, in
/// letters of any alphabet. Nothing quoted, no comments, no bare numbers of machines.
fn is_mail_address(text: &str) -> bool {
    let Some((user, host)) = text.split_once('@') else { return false };
    let is_of_word = |it: char| it.is_alphanumeric() || "!#$%&'*+-/=?^_`{|}~".contains(it);
    let is_word = |word: &str| !word.is_empty() && word.chars().all(is_of_word);
    let is_label = |label: &str| {
        let is_framed = label.starts_with('-') || label.ends_with('-');
        let is_sized = (1..=63).contains(&label.len());
        is_sized && !is_framed && label.chars().all(|it| it.is_alphanumeric() || it == '-')
    };
    let is_name = |host: &str| {
        let last = host.rsplit_once('.').map(|(_, last)| last);
        last.is_some_and(|last| !last.chars().all(|it| it.is_ascii_digit())) && host.split('.').all(is_label)
    };
    text.len() <= 254 && user.len() <= 64 && user.split('.').all(is_word) && is_name(host)
}

fn line(found: &mut Vec<FieldProblem>, pointer: &str, text: &str) {
    if is_invisible(text) || folded(text).is_empty() {
        found.push(FieldProblem::new(pointer, "must not be empty"));
    } else if let Some(detail) = too_long(text, MAX_LINE) {
        found.push(FieldProblem::new(pointer, detail));
    } else if text.chars().any(|it| it.is_control() || turns_around(it)) {
        found.push(FieldProblem::new(pointer, "must not contain control characters"));
    }
}

/// A line that may be empty.
fn note(found: &mut Vec<FieldProblem>, pointer: &str, text: &str, most: usize) {
    found.extend(too_long(text, most).map(|detail| FieldProblem::new(pointer, detail)));
}

/// Words, each of them short.
fn words(found: &mut Vec<FieldProblem>, pointer: &str, words: &[String]) {
    list(found, pointer, words);
    for (at, word) in words.iter().enumerate() {
        note(found, &format!("{pointer}/{at}"), word, MAX_WORD);
    }
}

fn list<T: Ord>(found: &mut Vec<FieldProblem>, pointer: &str, items: &[T]) {
    if items.len() > MAX_LIST {
        found.push(FieldProblem::new(pointer, format!("must have at most {MAX_LIST} entries")));
    }
    if items.iter().collect::<BTreeSet<_>>().len() < items.len() {
        found.push(FieldProblem::new(pointer, "must not name the same thing twice"));
    }
}

fn place(found: &mut Vec<FieldProblem>, place: Place) {
    if !(-90.0..=90.0).contains(&place.lat) {
        found.push(FieldProblem::new("/lat", "must be between -90 and 90 degrees"));
    }
    if !(-180.0..=180.0).contains(&place.lon) {
        found.push(FieldProblem::new("/lon", "must be between -180 and 180 degrees"));
    }
}
