//! A golden file: a question in the words of the contract, and the answer that is expected.
//!
//! | key | is |
//! |---|---|
//! | `about` | a sentence: what this file shows |
//! | `ask` | `adjust`, `prioritise`, `advise` or `check-config` |
//! | `settings` | what the plugin is set to |
//! | `question` | the record of the contract; none for `check-config` |
//! | `answer` | `{"ok": …}` or `{"error": "…"}`; missing until it is written by `--update` |

use std::fmt;
use std::ops::Range;

use serde::de::DeserializeOwned;
use serde::{Deserialize, Deserializer, Serialize};
use serde_json::Value;
use serde_json::value::RawValue;

use super::{noticing, scoring};

/// A question with the answer that is expected.
#[derive(Debug, Clone)]
pub struct Golden {
    /// What it shows, in a sentence.
    pub about: String,
    /// What the plugin is set to.
    pub settings: Value,
    /// The answer that is expected, in the form that all answers are compared in; none when none is written yet.
    pub answer: Option<String>,
    pub(super) question: Question,
    text: String,
    /// Where the answer stands in the text.
    place: Option<Range<usize>>,
}

/// What is asked.
#[derive(Debug, Clone)]
pub(super) enum Question {
    Adjust(scoring::Question),
    Prioritise(scoring::Joining),
    Advise(noticing::Question),
    CheckConfig,
}

/// What is wrong with a golden file, and where.
#[derive(Debug, Clone, PartialEq, Eq, thiserror::Error)]
#[error("{line}:{column}: {what}")]
pub struct Unreadable {
    /// The first line is 1.
    pub line: usize,
    /// The first character is 1.
    pub column: usize,
    /// What.
    pub what: String,
}

#[derive(Deserialize)]
#[serde(deny_unknown_fields)]
struct File<'a> {
    about: String,
    ask: Ask,
    settings: Value,
    #[serde(borrow)]
    question: Option<&'a RawValue>,
    #[serde(borrow, default, deserialize_with = "written")]
    answer: Option<&'a RawValue>,
}

/// What is written is an answer, even `null`.
fn written<'de, D: Deserializer<'de>>(from: D) -> Result<Option<&'de RawValue>, D::Error> {
    <&RawValue>::deserialize(from).map(Some)
}

#[derive(Deserialize)]
#[serde(rename_all = "kebab-case")]
enum Ask {
    Adjust,
    Prioritise,
    Advise,
    CheckConfig,
}

/// An answer as it is written.
#[derive(Serialize, Deserialize)]
#[serde(rename_all = "lowercase")]
pub(super) enum Answer<T> {
    Ok(T),
    Error(String),
}

#[derive(Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub(super) struct Problem {
    pub pointer: String,
    pub detail: String,
}

impl From<crate::Problem> for Problem {
    fn from(it: crate::Problem) -> Self {
        Self { pointer: it.pointer, detail: it.detail }
    }
}

impl<T: Serialize + DeserializeOwned> Answer<T> {
    /// The form that all answers are compared in.
    pub fn text(&self) -> String {
        serde_json::to_string_pretty(self).unwrap_or_else(|error| error.to_string())
    }

    fn normal(raw: &str) -> serde_json::Result<String> {
        serde_json::from_str::<Self>(raw).map(|answer| answer.text())
    }
}

impl Golden {
    /// What a file says.
    ///
    /// # Errors
    /// [`Unreadable`] says what is wrong in which line.
    pub fn read(text: &str) -> Result<Self, Unreadable> {
        let file: File<'_> = serde_json::from_str(text).map_err(|error| unreadable(text, 0, &error))?;
        let question = file.question.map(|raw| Part::new(text, raw));
        let (question, normal): (_, fn(&str) -> serde_json::Result<String>) = match file.ask {
            Ask::Adjust => {
                let part = asked(text, question)?;
                let question: scoring::Question = part.read()?;
                if let Some(what) = question.fault() {
                    return Err(part.wrong(what));
                }
                (Question::Adjust(question), Answer::<Vec<scoring::Adjustment>>::normal)
            }
            Ask::Prioritise => (
                Question::Prioritise(asked(text, question)?.read()?),
                Answer::<Option<scoring::Priority>>::normal,
            ),
            Ask::Advise => {
                (Question::Advise(asked(text, question)?.read()?), Answer::<Vec<noticing::Advice>>::normal)
            }
            Ask::CheckConfig => {
                if let Some(part) = question {
                    return Err(part.wrong("settings alone are checked: leave the question out".to_owned()));
                }
                (Question::CheckConfig, Answer::<Vec<Problem>>::normal)
            }
        };
        let answer = file.answer.map(|raw| Part::new(text, raw));
        let place = answer.as_ref().map(|part| part.at..part.at + part.raw.len());
        let answer = answer.map(|part| normal(part.raw).map_err(|error| unreadable(text, part.at, &error)));
        let (about, settings) = (file.about, file.settings);
        Ok(Self { about, settings, answer: answer.transpose()?, question, text: text.to_owned(), place })
    }

    /// Its word for what is asked.
    pub const fn ask(&self) -> &'static str {
        match self.question {
            Question::Adjust(_) => "adjust",
            Question::Prioritise(_) => "prioritise",
            Question::Advise(_) => "advise",
            Question::CheckConfig => "check-config",
        }
    }

    /// The file with this answer in the place of its own, everything else as it is.
    pub fn with_answer(&self, answer: &str) -> String {
        let text = &self.text;
        if let Some(place) = &self.place {
            let line = text[..place.start].rfind('\n').map_or(0, |end| end + 1);
            let margin: String = text[line..].chars().take_while(|it| matches!(it, ' ' | '\t')).collect();
            let answer = answer.replace('\n', &format!("\n{margin}"));
            return format!("{}{answer}{}", &text[..place.start], &text[place.end..]);
        }
        let before = text.trim_end();
        let before = before.strip_suffix('}').unwrap_or(before).trim_end();
        format!("{before},\n  \"answer\": {}\n}}\n", answer.replace('\n', "\n  "))
    }
}

/// A part of a file that is read by itself, and where it begins.
struct Part<'a> {
    text: &'a str,
    raw: &'a str,
    at: usize,
}

impl<'a> Part<'a> {
    fn new(text: &'a str, raw: &'a RawValue) -> Self {
        let raw = raw.get();
        Self { text, raw, at: raw.as_ptr().addr().saturating_sub(text.as_ptr().addr()) }
    }

    fn read<T: DeserializeOwned>(&self) -> Result<T, Unreadable> {
        serde_json::from_str(self.raw).map_err(|error| unreadable(self.text, self.at, &error))
    }

    fn wrong(&self, what: String) -> Unreadable {
        let (line, column) = position(self.text, self.at);
        Unreadable { line, column, what }
    }
}

fn asked<'a>(text: &'a str, question: Option<Part<'a>>) -> Result<Part<'a>, Unreadable> {
    let (line, column) = position(text, text.trim_end().len());
    question.ok_or_else(|| Unreadable { line, column, what: "missing field `question`".to_owned() })
}

/// The line and the character at this byte.
fn position(text: &str, at: usize) -> (usize, usize) {
    let before = &text[..at];
    let line = before.rfind('\n').map_or(0, |end| end + 1);
    (before.matches('\n').count() + 1, before[line..].chars().count() + 1)
}

/// What is wrong in a part of the text that begins at this byte.
fn unreadable(text: &str, at: usize, error: &serde_json::Error) -> Unreadable {
    let (line, column) = position(text, at);
    let said = error.to_string();
    let what = said.rsplit_once(" at line ").map_or(said.as_str(), |(what, _)| what).to_owned();
    if error.line() <= 1 {
        return Unreadable { line, column: column + error.column().saturating_sub(1), what };
    }
    Unreadable { line: line + error.line() - 1, column: error.column(), what }
}

impl fmt::Display for Golden {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "{}: {}", self.ask(), self.about)
    }
}
