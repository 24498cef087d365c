//! One line of a file: cells read as what they mean. What cannot be read is noted, and reading goes on.

use std::str::FromStr;

use csv::StringRecord;
use jiff::civil::{Date, DateTime};
use jiff::{SignedDuration, Span};

use super::Problem;

/// Characters of a cell that a problem shows.
const SHOWN: usize = 60;

/// A text as a problem shows it: its beginning. A mail address is only said to be one; in a file of people a single comma too many
/// moves them all into other columns.
pub fn shown(text: &str) -> String {
    let is_mail = text.split_once('@').is_some_and(|(_, domain)| domain.contains('.'));
    if is_mail {
        "a mail address".to_owned()
    } else {
        format!("`{}`", text.chars().take(SHOWN).collect::<String>())
    }
}

/// A day as it is written in a calendar.
struct WholeDay(Date);

impl FromStr for WholeDay {
    type Err = ();

    fn from_str(text: &str) -> Result<Self, ()> {
        let is_whole = text.chars().all(|it| it.is_ascii_digit() || it == '-');
        text.parse().ok().filter(|_| is_whole).map(Self).ok_or(())
    }
}

/// A day and a time of day, as a clock on a wall shows them.
struct WallClock(DateTime);

impl FromStr for WallClock {
    type Err = ();

    fn from_str(text: &str) -> Result<Self, ()> {
        let (day, clock) = text.split_once(['T', 't', ' ']).ok_or(())?;
        let is_clock = !clock.is_empty() && clock.chars().all(|it| it.is_ascii_digit() || ":.".contains(it));
        day.parse::<WholeDay>()?;
        text.parse().ok().filter(|_| is_clock).map(Self).ok_or(())
    }
}

pub struct Row<'a> {
    places: &'a [(&'static str, usize)],
    record: StringRecord,
    pub line: u64,
    pub problems: Vec<Problem>,
}

impl<'a> Row<'a> {
    pub fn new(places: &'a [(&'static str, usize)], record: StringRecord, line: u64) -> Self {
        Self { places, record, line, problems: Vec::new() }
    }

    fn cell(&self, column: &str) -> &str {
        let place = self.places.iter().find(|(name, _)| *name == column);
        place.and_then(|(_, at)| self.record.get(*at)).unwrap_or_default()
    }

    fn note(&mut self, column: &str, detail: String) {
        self.problems.push(Problem { line: self.line, column: column.to_owned(), detail });
    }

    pub fn is_empty(&self, column: &str) -> bool {
        self.cell(column).is_empty()
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
                let detail = format!("{} is not {expected}", shown(text));
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
                Err(_) => self.note(column, format!("{} is not {expected}", shown(text))),
            }
        }
        items
    }

    /// A day and nothing else: of an instant it is unclear whose day is meant.
    pub fn day(&mut self, column: &str) -> Option<Date> {
        let WholeDay(day) = self.parsed(column, "a day such as 2026-03-28")?;
        Some(day)
    }

    /// Wall clocks at a place: a bare day says no time of day, and an offset is one too many.
    pub fn wall_clocks(&mut self, column: &str) -> Vec<DateTime> {
        let read = self.list::<WallClock>(column, "a wall clock without an offset, such as 2027-03-15T09:00");
        read.into_iter().map(|WallClock(at)| at).collect()
    }

    /// Yes or no, as people and spreadsheets write it: Excel turns `true` into `TRUE` or `WAHR` when it saves a file.
    pub fn switch(&mut self, column: &str) -> bool {
        let text = self.cell(column);
        match text.to_lowercase().as_str() {
            "true" | "yes" | "wahr" | "ja" => true,
            "false" | "no" | "falsch" | "nein" => false,
            _ => {
                let detail = format!("{} is neither true nor false", shown(text));
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
            let detail = format!("{} is not {expected}", shown(self.cell(column)));
            self.note(column, detail);
            SignedDuration::ZERO
        }
    }

    /// Whole months; `None` for an empty cell.
    pub fn months(&mut self, column: &str) -> Option<u32> {
        let span: Span = self.maybe(column, "a time such as P24M or P2Y")?;
        let months = i32::from(span.get_years()) * 12 + span.get_months();
        let is_whole = span.fieldwise() == Span::new().years(span.get_years()).months(span.get_months());
        match u32::try_from(months) {
            Ok(months) if months > 0 && is_whole => Some(months),
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
            let detail = format!("{} is none of {words}", shown(self.cell(column)));
            self.note(column, detail);
        }
        found
    }

    /// Something about a cell that only its reader can tell.
    pub fn refuse(&mut self, column: &str, detail: impl Into<String>) {
        self.note(column, detail.into());
    }
}
