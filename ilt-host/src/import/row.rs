//! One line of a file: cells read as what they mean. What cannot be read is noted, and reading goes on.

use std::str::FromStr;

use csv::StringRecord;
use jiff::{SignedDuration, Span};

use super::Problem;

pub struct Row<'a> {
    places: &'a [(&'static str, usize)],
    record: StringRecord,
    pub line: u64,
    pub problems: Vec<Problem>,
}

impl<'a> Row<'a> {
    pub fn new(places: &'a [(&'static str, usize)], record: StringRecord) -> Self {
        let line = record.position().map_or(0, csv::Position::line);
        Self { places, record, line, problems: Vec::new() }
    }

    fn cell(&self, column: &str) -> &str {
        let place = self.places.iter().find(|(name, _)| *name == column);
        place.and_then(|(_, at)| self.record.get(*at)).unwrap_or_default()
    }

    fn note(&mut self, column: &str, detail: String) {
        self.problems.push(Problem { line: self.line, column: column.to_owned(), detail });
    }

    pub fn text(&mut self, column: &str) -> String {
        self.cell(column).to_owned()
    }

    pub fn maybe_text(&mut self, column: &str) -> Option<String> {
        Some(self.text(column)).filter(|text| !text.is_empty())
    }

    /// A cell that reads itself; `None` when it cannot, and that is noted.
    pub fn parsed<T: FromStr>(&mut self, column: &str, expected: &str) -> Option<T> {
        let text = self.cell(column);
        match text.parse() {
            Ok(value) => Some(value),
            Err(_) if text.is_empty() => {
                self.note(column, format!("is empty: {expected} was expected"));
                None
            }
            Err(_) => {
                let detail = format!("`{}` is not {expected}", text.chars().take(60).collect::<String>());
                self.note(column, detail);
                None
            }
        }
    }

    /// A cell that may be empty.
    pub fn maybe<T: FromStr>(&mut self, column: &str, expected: &str) -> Option<T> {
        if self.cell(column).is_empty() { None } else { self.parsed(column, expected) }
    }

    pub fn list<T: FromStr>(&mut self, column: &str, expected: &str) -> Vec<T> {
        let cell = self.text(column);
        let mut items = Vec::new();
        for text in cell.split(';').map(str::trim).filter(|text| !text.is_empty()) {
            match text.parse() {
                Ok(item) => items.push(item),
                Err(_) => self.note(column, format!("`{text}` is not {expected}")),
            }
        }
        items
    }

    pub fn switch(&mut self, column: &str) -> bool {
        match self.cell(column) {
            "true" => true,
            "false" => false,
            other => {
                let detail = format!("`{other}` is neither true nor false");
                self.note(column, detail);
                false
            }
        }
    }

    pub fn length(&mut self, column: &str) -> SignedDuration {
        let expected = "a length such as PT6H";
        if self.cell(column).starts_with('P') {
            self.parsed(column, expected).unwrap_or_default()
        } else {
            let detail = format!("`{}` is not {expected}", self.cell(column));
            self.note(column, detail);
            SignedDuration::ZERO
        }
    }

    /// Whole months; `None` for an empty cell.
    pub fn months(&mut self, column: &str) -> Option<u32> {
        let span: Span = self.maybe(column, "a time such as P24M or P2Y")?;
        let months = i32::from(span.get_years()) * 12 + span.get_months();
        let has_more = span.get_days() != 0 || span.get_weeks() != 0 || span.get_hours() != 0;
        match u32::try_from(months) {
            Ok(months) if months > 0 && !has_more => Some(months),
            _ => {
                self.note(column, "must be whole months or years, such as P24M or P2Y".to_owned());
                None
            }
        }
    }

    /// A cell that is one of some words.
    pub fn word<T>(&mut self, column: &str, read: impl Fn(&str) -> Option<T>, words: &str) -> Option<T> {
        let found = read(self.cell(column));
        if found.is_none() {
            let detail = format!("`{}` is none of {words}", self.cell(column));
            self.note(column, detail);
        }
        found
    }

    /// Something about a cell that only its reader can tell.
    pub fn refuse(&mut self, column: &str, detail: impl Into<String>) {
        self.note(column, detail.into());
    }
}
