//! Words as people type them: small letters, without accents.

use crate::catalog::{Course, Location};
use crate::ids::{CourseId, LocationId};
use crate::ranking::numbers::Numbers;
use crate::text::{folded, is_accent};

/// Most words of a question that are looked at.
const MOST_WORDS: usize = 32;

/// The words of courses and locations, by their numbers.
#[derive(Debug, Clone, Default)]
pub(super) struct Glossary {
    courses: Vec<Vec<String>>,
    locations: Vec<Vec<String>>,
}

impl Glossary {
    /// Learns the words of a course's title, summary and topics.
    pub fn learn_courses<'a>(
        &mut self,
        courses: impl Iterator<Item = &'a Course>,
        numbers: &mut Numbers<CourseId>,
    ) {
        for course in courses {
            let text = format!("{} {} {}", course.title, course.summary, course.topics.join(" "));
            set(&mut self.courses, numbers.give(&course.id), words(&text));
        }
    }

    /// Learns the words of a location's name and city.
    pub fn learn_locations<'a>(
        &mut self,
        locations: impl Iterator<Item = &'a Location>,
        numbers: &mut Numbers<LocationId>,
    ) {
        for location in locations {
            let text = format!("{} {}", location.name, location.city);
            set(&mut self.locations, numbers.give(&location.id), words(&text));
        }
    }

    /// Looks a question up once, so that any pair of course and location can be asked about it.
    pub fn look_up(&self, question: &str) -> Asked {
        let mut asked = words(question);
        asked.truncate(MOST_WORDS);
        let found = |known: &Vec<String>| {
            let begins = |word: &String| known.iter().any(|one| one.starts_with(word.as_str()));
            let bits = asked.iter().zip(0..).filter(|(word, _)| begins(word));
            bits.fold(0_u32, |found, (_, bit)| found | 1 << bit)
        };
        let all = (0..asked.len()).fold(0_u32, |all, bit| all | 1 << bit);
        let courses = self.courses.iter().map(found).collect();
        let locations = self.locations.iter().map(found).collect();
        Asked { all, courses, locations }
    }
}

/// A question, looked up: which of its words, one bit each, begin a word of which course or location.
pub(super) struct Asked {
    all: u32,
    courses: Vec<u32>,
    locations: Vec<u32>,
}

impl Asked {
    /// Whether a course and a location together have every word.
    pub fn is_met_by(&self, course: usize, location: usize) -> bool {
        let of_course = self.courses.get(course).copied().unwrap_or(0);
        let of_location = self.locations.get(location).copied().unwrap_or(0);
        of_course | of_location == self.all
    }
}

fn set(all: &mut Vec<Vec<String>>, number: usize, words: Vec<String>) {
    if all.len() <= number {
        all.resize_with(number + 1, Vec::new);
    }
    all[number] = words;
}

/// The words of a text, folded, each once.
fn words(text: &str) -> Vec<String> {
    let is_between = |letter: char| !letter.is_alphanumeric() && !is_accent(letter);
    let mut words: Vec<_> = text.split(is_between).map(folded).filter(|word| !word.is_empty()).collect();
    words.sort_unstable();
    words.dedup();
    words
}
