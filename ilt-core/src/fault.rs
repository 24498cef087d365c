//! How errors describe themselves, without knowing that HTTP exists.

use serde::{Deserialize, Serialize};
use serde_json::{Map, Value};

/// What sort of failure it is. Closed on purpose: every outer layer maps each of these once.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash, Serialize, Deserialize)]
#[serde(rename_all = "kebab-case")]
pub enum Kind {
    /// The thing is not there, or the caller may not know that it is.
    NotFound,
    /// A rule of the business said no.
    Refused,
    /// The request itself makes no sense.
    Invalid,
    /// Somebody else changed it first.
    Stale,
    /// The caller's roles or their scope do not reach.
    Forbidden,
    /// Too much at once; the same request may succeed shortly.
    Busy,
    /// The machinery failed.
    Broken,
}

/// An error that can be shown to whoever asked.
pub trait Fault: std::error::Error {
    /// What sort of failure it is.
    fn kind(&self) -> Kind;
    /// A stable, documented word that clients switch on; never reworded.
    fn code(&self) -> &'static str;
    /// What the caller needs in order to act, as data.
    fn facts(&self) -> Map<String, Value> {
        Map::new()
    }
}

/// One thing wrong with one field of a request.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct FieldProblem {
    /// JSON pointer to the field, such as `/parts/0/starts`.
    pub pointer: String,
    /// What is wrong with it, in words.
    pub detail: String,
}

impl FieldProblem {
    /// A problem of the field that `pointer` names.
    pub fn new(pointer: impl Into<String>, detail: impl Into<String>) -> Self {
        Self { pointer: pointer.into(), detail: detail.into() }
    }

    /// The same without the mail addresses in it: many a parser repeats what it could not read, and what stands in the wrong field
    /// is somebody's as well.
    #[must_use]
    pub fn without_mails(&self) -> Self {
        Self { detail: without_mails(&self.detail), ..self.clone() }
    }
}

/// A text with three dots for each mail address in it.
fn without_mails(text: &str) -> String {
    let is_end = |letter: char| letter.is_whitespace() || "\"'`()<>[]{},;:=".contains(letter);
    let is_mail = |word: &str| word.trim_matches('@').contains('@');
    let parts = text.split_inclusive(is_end).map(|part| {
        let word = part.trim_end_matches(is_end);
        if is_mail(word) { format!("…{}", &part[word.len()..]) } else { part.to_owned() }
    });
    parts.collect()
}

/// What an error says, with everything that led to it; each thing once, however many errors of libraries repeat their causes.
pub fn with_causes(error: &dyn std::error::Error) -> String {
    let causes = std::iter::successors(error.source(), |cause| cause.source());
    causes.map(ToString::to_string).fold(error.to_string(), |said, cause| {
        if said.contains(cause.trim()) { said } else { format!("{said}: {cause}") }
    })
}

#[cfg(test)]
mod tests {
    use super::{FieldProblem, with_causes};

    #[derive(Debug, thiserror::Error)]
    #[error("{said}")]
    struct Said {
        said: &'static str,
        source: Option<Box<Said>>,
    }

    #[test]
    fn what_led_to_an_error_is_said_once() {
        let of = |list: &[&'static str]| {
            let wrap = |source: Option<Box<Said>>, said: &&'static str| Some(Box::new(Said { said, source }));
            with_causes(&*list.iter().rev().fold(None, wrap).expect("an error"))
        };
        assert_eq!(
            of(&["the store cannot be opened", "no such file"]),
            "the store cannot be opened: no such file"
        );
        assert_eq!(
            of(&["it cannot be read: no such file", "no such file\n"]),
            "it cannot be read: no such file"
        );
        assert_eq!(of(&["a: b: c", "b: c", "c", "d"]), "a: b: c: d");
    }

    #[test]
    fn a_mail_address_is_left_out_and_nothing_else() {
        let said = |detail: &str| FieldProblem::new("/learner", detail).without_mails().detail;
        for (whole, less) in [
            ("`ada@dealer.example` is not a person id", "`…` is not a person id"),
            (
                "invalid value: string \"Ada <ada@dealer.example>\", expected",
                "invalid value: string \"Ada <…>\", expected",
            ),
            ("jörg+x@köln.example,b@c;mailto:d@e", "…,…;mailto:…"),
            ("names no dealer after the @", "names no dealer after the @"),
            ("`@` and `manager@` are no roles", "`@` and `manager@` are no roles"),
            ("must be a text", "must be a text"),
        ] {
            assert_eq!(said(whole), less);
        }
    }
}
