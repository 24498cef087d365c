//! Bringing data in from CSV: documented columns, every problem by line and column, a file wholly or not at all; but for sessions that
//! would book an instructor or a room twice, which are left out and told of.
//!
//! # Flow
//! [`read`] turns a file into one command, or into all its [`Problem`]s → the command runs in one transaction, as any other →
//! what the core refuses is told by the line it came from, and tried again without it where it is only double booked (`leaving_out`).
//!
//! Importing a file again changes only what is different in it.

pub mod columns;
mod kinds;
mod leaving_out;
mod lines;
mod problem;
mod row;

use std::str::FromStr;

use csv::StringRecord;
use ilt_core::catalog::{Person, Role};
use ilt_core::desk::{Answer, Command, Order, Reply};
use ilt_core::journal::Actor;

use crate::engine::{Ports, Trouble, batch};
use leaving_out::{Reduced, without_clashes};
use lines::{Lines, never_closed};
pub use problem::{ImportError, MOST_TOLD, Problem, by_line};
use problem::{located, uneven, unreadable, whole};
use row::Row;

/// Bytes of a file at most.
pub const LARGEST_FILE: usize = 256 << 20;

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

/// What an import did.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Imported {
    /// Lines of the file, without the header.
    pub rows: usize,
    /// Records that were new.
    pub added: usize,
    /// Records that were there before and have changed.
    pub changed: usize,
    /// What is allowed and may be meant otherwise, by line.
    pub warnings: Vec<String>,
    /// Sessions that are not among the rows, since they would book an instructor or a room twice.
    pub left_out: Vec<Problem>,
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
    if rehearse {
        let mut rehearsed = self::rehearse(ports, &[(kind, bytes)]).await?;
        return rehearsed.pop().unwrap_or(Err(ImportError::Trouble(Trouble::Ours)));
    }
    let file = read(kind, bytes).map_err(ImportError::Problems)?;
    let answer = save(ports, &file).await?;
    if answer.is_err()
        && let Some(Reduced { file, left_out }) = without_clashes(ports, &[], &file).await?
    {
        let done = outcome(save(ports, &file).await?, &file)?;
        return Ok(Imported { left_out, ..done });
    }
    outcome(answer, &file)
}

async fn save(ports: &Ports, file: &File) -> Result<Answer, Trouble> {
    let mut done = batch::run(ports, &[order(ports, file.command.clone())]).await?;
    done.answers.pop().ok_or(Trouble::Ours)
}

/// Says what would happen if files were imported one after the other: each finds what those before it would have added. The first
/// that would not be imported is the last that is told of.
///
/// # Errors
/// [`Trouble`] when the machinery failed.
pub async fn rehearse(
    ports: &Ports,
    files: &[(Kind, &[u8])],
) -> Result<Vec<Result<Imported, ImportError>>, Trouble> {
    let (mut orders, mut read_files, mut unreadable) = (Vec::new(), Vec::new(), None);
    for (kind, bytes) in files {
        match read(*kind, bytes) {
            Ok(file) => {
                orders.push(order(ports, file.command.clone()));
                read_files.push((file, Vec::new()));
            }
            Err(problems) => {
                unreadable = Some(Err(ImportError::Problems(problems)));
                break;
            }
        }
    }
    let mut answers = batch::rehearse(ports, &orders).await?;
    if let Some(at) = answers.iter().position(Answer::is_err)
        && let Some(Reduced { file, left_out }) =
            without_clashes(ports, &orders[..at], &read_files[at].0).await?
    {
        orders[at] = order(ports, file.command.clone());
        read_files[at] = (file, left_out);
        answers = batch::rehearse(ports, &orders).await?;
    }
    let outcomes = answers
        .into_iter()
        .zip(read_files)
        .map(|(answer, (file, left_out))| outcome(answer, &file).map(|done| Imported { left_out, ..done }));
    let mut told = Vec::new();
    for outcome in outcomes.chain(unreadable) {
        let is_last = outcome.is_err();
        told.push(outcome);
        if is_last {
            break;
        }
    }
    Ok(told)
}

fn order(ports: &Ports, command: Command) -> Order {
    Order::new(Actor::import(), command.composed(), None, ports.ids.next())
}

fn outcome(answer: Answer, file: &File) -> Result<Imported, ImportError> {
    let File { lines, warnings, .. } = file;
    match answer {
        Ok(Reply::Saved { added, changed, .. }) => {
            let (rows, warnings, left_out) = (lines.len(), warnings.clone(), Vec::new());
            Ok(Imported { rows, added, changed, warnings, left_out })
        }
        Err(refusal) => Err(ImportError::Problems(located(refusal, lines))),
        Ok(
            Reply::Registration { .. }
            | Reply::Group { .. }
            | Reply::Marked { .. }
            | Reply::Helped(_)
            | Reply::Done,
        ) => Err(Trouble::Ours.into()),
    }
}

/// A file that was read.
pub struct File {
    /// What to do.
    pub command: Command,
    /// The line of each record.
    pub lines: Vec<u64>,
    /// What may be meant otherwise, by line.
    pub warnings: Vec<String>,
}

/// Whoever is named as a deputy and is no manager stands in for nobody.
fn warnings(command: &Command, lines: &[u64]) -> Vec<String> {
    let Command::SavePeople(people) = command else { return Vec::new() };
    let in_vain = |person: &Person| !person.stands_in_for.is_empty() && !person.is(Role::Manager);
    let people = people.iter().zip(lines).filter(|(person, _)| in_vain(person));
    let warning = |(_, line)| format!("line {line}, stands_in_for: has no effect without the role manager");
    people.map(warning).collect()
}

/// Reads a file into one command.
///
/// # Errors
/// Everything that is wrong with it.
pub fn read(kind: Kind, bytes: &[u8]) -> Result<File, Vec<Problem>> {
    if bytes.len() > LARGEST_FILE {
        return Err(whole(format!("the file is larger than {} MiB; split it", LARGEST_FILE >> 20)));
    }
    let bytes = bytes.strip_prefix("\u{feff}".as_bytes()).unwrap_or(bytes);
    if let Some(at) = never_closed(bytes) {
        let line = Lines::of(bytes).line_at(at);
        let detail = "a quotation mark is opened here and never closed: was the file cut off?".to_owned();
        return Err(vec![Problem { line, column: String::new(), detail }]);
    }
    let mut csv = csv::ReaderBuilder::new().trim(csv::Trim::All).flexible(true).from_reader(bytes);
    let header = csv.headers().map_err(|error| vec![unreadable(&error, 1)])?.clone();
    let places = columns::places(kind, &header).map_err(whole)?;
    let (mut problems, mut rows) = (Vec::new(), Vec::new());
    let mut lines = Lines::of(bytes);
    for record in csv.records() {
        let line = lines.line_of(record.as_ref().map_or_else(csv::Error::position, StringRecord::position));
        match record {
            // A spreadsheet that once had more lines saves them as commas.
            Ok(record) if record.iter().all(str::is_empty) => {}
            Ok(record) if record.len() != header.len() => problems.push(uneven(&record, header.len(), line)),
            Ok(record) => rows.push(Row::new(&places, record, line)),
            Err(error) => problems.push(unreadable(&error, line)),
        }
    }
    let mut rows: Vec<Row<'_>> = rows;
    let command = kinds::command(kind, &mut rows);
    let lines: Vec<_> = rows.iter().map(|row| row.line).collect();
    problems.extend(rows.into_iter().flat_map(|row| row.problems));
    problems.sort_by_key(|problem| problem.line);
    if !problems.is_empty() {
        return Err(problems);
    }
    let warnings = warnings(&command, &lines);
    Ok(File { command, lines, warnings })
}

#[cfg(test)]
mod rules;
