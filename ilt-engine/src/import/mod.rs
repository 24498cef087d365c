//! Bringing data in from CSV: documented columns, every problem by line and column, a file wholly or not at all.
//!
//! # Flow
//! [`read`] turns a file into one command, or into all its [`Problem`]s → the command runs in one transaction, as any other →
//! what the core refuses is told by the line it came from.
//!
//! Importing a file again changes only what is different in it.

pub mod columns;
mod kinds;
mod row;

use std::fmt;
use std::str::FromStr;

use ilt_core::desk::{Command, Order, Refusal, Reply};
use ilt_core::journal::Actor;

use crate::engine::{Ports, Trouble, batch};
use row::Row;

/// Bytes of a file at most.
pub const LARGEST_FILE: usize = 256 << 20;
/// Problems that are told at most.
pub const MOST_TOLD: usize = 50;

/// What a file holds, in the order in which kinds must come in.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord)]
pub enum Kind {
    /// Dealers.
    Dealers,
    /// Training centres.
    Locations,
    /// Courses.
    Courses,
    /// People.
    People,
    /// Sessions.
    Sessions,
    /// Who completed what.
    Completions,
}

impl Kind {
    /// Every kind, in the order in which they must come in.
    pub const ALL: [Self; 6] =
        [Self::Dealers, Self::Locations, Self::Courses, Self::People, Self::Sessions, Self::Completions];

    /// Its word, which is also the name of its file.
    pub const fn word(self) -> &'static str {
        match self {
            Self::Dealers => "dealers",
            Self::Locations => "locations",
            Self::Courses => "courses",
            Self::People => "people",
            Self::Sessions => "sessions",
            Self::Completions => "completions",
        }
    }
}

impl FromStr for Kind {
    type Err = String;

    fn from_str(word: &str) -> Result<Self, String> {
        let found = Self::ALL.into_iter().find(|kind| kind.word() == word);
        found.ok_or_else(|| format!("`{word}` is none of {}", Self::ALL.map(Self::word).join(", ")))
    }
}

/// One thing wrong with a file.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Problem {
    /// The line, counted from 1 with the header; 0 for the file as a whole.
    pub line: u64,
    /// The column's name; empty for the line as a whole.
    pub column: String,
    /// What is wrong.
    pub detail: String,
}

impl fmt::Display for Problem {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match (self.line, self.column.as_str()) {
            (0, _) => f.write_str(&self.detail),
            (line, "") => write!(f, "line {line}: {}", self.detail),
            (line, column) => write!(f, "line {line}, {column}: {}", self.detail),
        }
    }
}

/// Why a file was not imported.
#[derive(Debug, thiserror::Error)]
pub enum ImportError {
    /// Something is wrong with it; nothing was imported.
    #[error("{}", told(.0))]
    Problems(Vec<Problem>),
    /// The machinery failed; nothing was imported.
    #[error(transparent)]
    Trouble(#[from] Trouble),
}

fn told(problems: &[Problem]) -> String {
    let mut lines: Vec<_> = problems.iter().take(MOST_TOLD).map(|problem| format!("  {problem}")).collect();
    if problems.len() > MOST_TOLD {
        lines.push(format!("  … and {} more", problems.len() - MOST_TOLD));
    }
    let count =
        if problems.len() == 1 { "one problem".to_owned() } else { format!("{} problems", problems.len()) };
    format!("{count}, nothing was imported:\n{}", lines.join("\n"))
}

/// What an import did.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Imported {
    /// Lines of the file, without the header.
    pub rows: usize,
    /// Records that were new.
    pub added: usize,
    /// Records that were there before and have changed.
    pub changed: usize,
}

/// Imports one file; with `rehearse`, only says what would happen.
///
/// # Errors
/// [`ImportError`]; nothing has changed then.
pub async fn import(
    ports: &Ports,
    kind: Kind,
    bytes: &[u8],
    rehearse: bool,
) -> Result<Imported, ImportError> {
    let File { command, lines } = read(kind, bytes).map_err(ImportError::Problems)?;
    let order = Order { actor: Actor::import(), command, key: None, correlation: ports.ids.next() };
    let orders = [order];
    let mut answers = if rehearse {
        batch::rehearse(ports, &orders).await?
    } else {
        batch::run(ports, &orders).await?.answers
    };
    match answers.pop() {
        Some(Ok(Reply::Saved { added, changed, .. })) => Ok(Imported { rows: lines.len(), added, changed }),
        Some(Err(refusal)) => Err(ImportError::Problems(located(refusal, &lines))),
        Some(Ok(
            Reply::Registration { .. }
            | Reply::Group { .. }
            | Reply::Marked { .. }
            | Reply::Helped(_)
            | Reply::Done,
        ))
        | None => Err(Trouble::Ours.into()),
    }
}

/// A file that was read.
pub struct File {
    /// What to do.
    pub command: Command,
    /// The line of each record.
    pub lines: Vec<u64>,
}

/// Reads a file into one command.
///
/// # Errors
/// Everything that is wrong with it.
pub fn read(kind: Kind, bytes: &[u8]) -> Result<File, Vec<Problem>> {
    let whole = |detail: String| vec![Problem { line: 0, column: String::new(), detail }];
    if bytes.len() > LARGEST_FILE {
        return Err(whole(format!("the file is larger than {} MiB; split it", LARGEST_FILE >> 20)));
    }
    let bytes = bytes.strip_prefix("\u{feff}".as_bytes()).unwrap_or(bytes);
    let mut csv = csv::ReaderBuilder::new().trim(csv::Trim::All).from_reader(bytes);
    let header = csv.headers().map_err(|error| whole(error.to_string()))?.clone();
    let places = columns::places(kind, &header).map_err(whole)?;
    let (mut problems, mut rows) = (Vec::new(), Vec::new());
    for record in csv.records() {
        match record {
            Ok(record) => rows.push(Row::new(&places, record)),
            Err(error) => problems.push(unreadable(&error)),
        }
    }
    let mut rows: Vec<Row<'_>> = rows;
    let command = kinds::command(kind, &mut rows);
    let lines = rows.iter().map(|row| row.line).collect();
    problems.extend(rows.into_iter().flat_map(|row| row.problems));
    problems.sort_by_key(|problem| problem.line);
    if problems.is_empty() { Ok(File { command, lines }) } else { Err(problems) }
}

fn unreadable(error: &csv::Error) -> Problem {
    let line = error.position().map_or(0, csv::Position::line);
    let detail = match error.kind() {
        csv::ErrorKind::Utf8 { .. } => "is not UTF-8".to_owned(),
        csv::ErrorKind::UnequalLengths { expected_len, len, .. } => {
            format!("has {len} cells where the header has {expected_len}")
        }
        _ => error.to_string(),
    };
    Problem { line, column: String::new(), detail }
}

/// A refusal of the core, by the lines and columns it came from.
fn located(refusal: Refusal, lines: &[u64]) -> Vec<Problem> {
    let Refusal::InvalidRequest { fields } = refusal else {
        return vec![Problem {
            line: lines.first().copied().unwrap_or(0),
            column: String::new(),
            detail: refusal.to_string(),
        }];
    };
    let locate = |field: ilt_core::fault::FieldProblem| {
        let mut steps = field.pointer.split('/').skip(1).peekable();
        // With a single record the core has no list to count in.
        let index = if lines.len() > 1 {
            steps.next().and_then(|step| step.parse().ok()).unwrap_or(0)
        } else {
            0_usize
        };
        let column =
            steps.find(|step| step.parse::<usize>().is_err() && *step != "parts").unwrap_or_default();
        Problem {
            line: lines.get(index).copied().unwrap_or(0),
            column: column.to_owned(),
            detail: field.detail,
        }
    };
    fields.into_iter().map(locate).collect()
}

#[cfg(test)]
mod rules;
