//! What is wrong with a file, by line and column.

use std::fmt;

use csv::StringRecord;
use ilt_core::desk::Refusal;
use ilt_core::fault::FieldProblem;

use crate::engine::Trouble;

/// Problems that are told at most.
pub const MOST_TOLD: usize = 50;

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

/// Problems as they are printed.
fn told(problems: &[Problem]) -> String {
    let count =
        if problems.len() == 1 { "one problem".to_owned() } else { format!("{} problems", problems.len()) };
    format!("{count}, nothing was imported:\n{}", by_line(problems))
}

/// Problems, one on a line, as far as that many are read.
pub fn by_line(problems: &[Problem]) -> String {
    let mut lines: Vec<_> = problems.iter().take(MOST_TOLD).map(|problem| format!("  {problem}")).collect();
    if problems.len() > MOST_TOLD {
        lines.push(format!("  … and {} more", problems.len() - MOST_TOLD));
    }
    lines.join("\n")
}

/// Something wrong with the file as a whole.
pub(super) fn whole(detail: String) -> Vec<Problem> {
    vec![Problem { line: 0, column: String::new(), detail }]
}

pub(super) fn uneven(record: &StringRecord, expected: usize, line: u64) -> Problem {
    let detail = format!("has {} cells where the header has {expected}", record.len());
    Problem { line, column: String::new(), detail }
}

pub(super) fn unreadable(error: &csv::Error, line: u64) -> Problem {
    let detail = match error.kind() {
        csv::ErrorKind::Utf8 { .. } => "is not UTF-8".to_owned(),
        _ => "cannot be read: is every quotation mark closed?".to_owned(),
    };
    Problem { line, column: String::new(), detail }
}

/// A refusal of the core, by the lines and columns it came from.
pub(super) fn located(refusal: Refusal, lines: &[u64]) -> Vec<Problem> {
    let fields = match refusal {
        Refusal::InvalidRequest { fields } => fields,
        // With a single record the core has no list to count in, and says what it says of any request.
        other => vec![FieldProblem::new(other.pointer().to_owned(), other.to_string())],
    };
    let locate = |field: FieldProblem| {
        let mut steps = field.pointer.split('/').skip(1).peekable();
        // With a single record the core has no list to count in.
        let index = if lines.len() > 1 {
            steps.next().and_then(|step| step.parse().ok()).unwrap_or(0)
        } else {
            0_usize
        };
        let mut words = steps.filter(|step| step.parse::<usize>().is_err()).peekable();
        let is_part = words.next_if_eq(&"parts").is_some();
        let column = words.next().unwrap_or(if is_part { "starts" } else { "" });
        Problem {
            line: lines.get(index).copied().unwrap_or(0),
            column: column.to_owned(),
            detail: field.detail,
        }
    };
    fields.into_iter().map(locate).collect()
}
