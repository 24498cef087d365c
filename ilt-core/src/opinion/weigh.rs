//! What of an opinion counts.
//!
//! | an opinion | is |
//! |---|---|
//! | of a session that was not asked about | dropped |
//! | of a session a second time | dropped; the first counts |
//! | that is no number, or nothing | dropped |
//! | without a reason that can be shown | dropped |
//! | of more than ±0.5 | cut to that |
//! | with markup, or a reason longer than 160 characters | shown without, and cut |
//!
//! Several opinions on one session add up, in the order of their plugins, to ±0.5 at most.

use std::collections::{BTreeMap, BTreeSet};
use std::fmt;

use serde::{Deserialize, Serialize};

use crate::ids::SessionId;
use crate::text::in_line;

/// By how much a score is moved at most, up or down, by all opinions together.
pub const MOST: f64 = 0.5;
/// Characters of a reason that are shown at most.
const REASON: usize = 160;

/// Who has an opinion.
#[derive(Debug, Clone, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize, Deserialize)]
pub struct Speaker {
    /// What the plugin is called.
    pub plugin: String,
    /// Its own version.
    pub version: String,
    /// The SHA-256 of what was uploaded, in hexadecimal.
    pub digest: String,
}

/// What somebody would change of one session, as they said it.
#[derive(Debug, Clone, PartialEq)]
pub struct Wish {
    /// Which session.
    pub session: SessionId,
    /// Added to its score.
    pub change: f64,
    /// Why.
    pub reason: String,
}

/// What somebody would change.
#[derive(Debug, Clone, PartialEq)]
pub struct Opinion {
    /// Who.
    pub by: Speaker,
    /// What.
    pub wishes: Vec<Wish>,
}

/// A wish that counts, as it is shown and recorded.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
pub struct Adjustment {
    /// Whose.
    #[serde(flatten)]
    pub by: Speaker,
    /// Added to the score.
    pub change: f64,
    /// Why.
    pub reason: String,
}

/// What counts, by session.
pub type Adjusted = BTreeMap<SessionId, Vec<Adjustment>>;

/// What is wrong with a wish, for whoever owns the plugin.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Fault {
    /// Of a session or a notice that was not asked about.
    Unasked,
    /// Of a session or a notice a second time.
    Again,
    /// No number.
    NoNumber,
    /// Without a reason that can be shown.
    NoReason,
    /// Cut to what is allowed.
    TooMuch,
    /// The reason was cut, or cleaned.
    Cleaned,
    /// Of a notice that is urgent, or to make one so.
    Urgent,
    /// To mute what has to be heard.
    MustHear,
    /// To wait for a minute that no clock shows.
    NoMinute,
    /// To tell somebody as well who is none of the dealer's.
    NotTheirs,
    /// To tell more people than are told because of advice.
    TooMany,
}

impl fmt::Display for Fault {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(match self {
            Self::Unasked => "a change of a session or a notice that was not asked about was dropped",
            Self::Again => "a second change of one session or notice was dropped",
            Self::NoNumber => "a change that is no number was dropped",
            Self::NoReason => "a wish without a reason was dropped: people are told why",
            Self::TooMuch => "a change of more than 0.5, or a priority above 9, was cut",
            Self::Cleaned => {
                "a reason was cut to 160 characters, or shown without markup, control characters and turns of direction"
            }
            Self::Urgent => "what is urgent stays as it is, and nobody is told urgently because of advice",
            Self::MustHear => "a notice that may not be muted was not",
            Self::NoMinute => "a notice was not put off to a minute that no clock shows: there are 0 to 1439",
            Self::NotTheirs => "only the learner, managers, approvers and dealer admins are told as well",
            Self::TooMany => "more than five people who were to be told as well were dropped",
        })
    }
}

/// What of these opinions counts, in their order, and what is wrong with the rest.
pub fn weigh(asked: &BTreeSet<SessionId>, opinions: Vec<Opinion>) -> (Adjusted, Vec<(Speaker, Fault)>) {
    let (mut adjusted, mut faults) = (Adjusted::new(), Vec::new());
    for Opinion { by, wishes } in opinions {
        let mut seen = BTreeSet::new();
        let mut fault = |fault| faults.push((by.clone(), fault));
        for Wish { session, change, reason } in wishes {
            if !asked.contains(&session) {
                fault(Fault::Unasked);
                continue;
            }
            if !seen.insert(session) {
                fault(Fault::Again);
                continue;
            }
            if !change.is_finite() {
                fault(Fault::NoNumber);
                continue;
            }
            let shown = showable(&reason);
            if shown.is_empty() {
                fault(Fault::NoReason);
                continue;
            }
            if change.abs() > MOST {
                fault(Fault::TooMuch);
            }
            if shown != reason {
                fault(Fault::Cleaned);
            }
            let change = change.clamp(-MOST, MOST);
            if change != 0.0 {
                adjusted.entry(session).or_default().push(Adjustment {
                    by: by.clone(),
                    change,
                    reason: shown,
                });
            }
        }
    }
    (adjusted, faults)
}

/// By how much a score is moved by all that counts.
pub fn total(adjustments: &[Adjustment]) -> f64 {
    adjustments.iter().map(|it| it.change).sum::<f64>().clamp(-MOST, MOST)
}

/// A reason without markup and control characters, on one line, and not too long.
pub(crate) fn showable(reason: &str) -> String {
    let begins: String = reason.chars().take(4 * REASON).collect();
    let plain = without_tags(&begins);
    let words = in_line(&plain, usize::MAX);
    let words = words.split_whitespace().collect::<Vec<_>>().join(" ");
    match words.char_indices().nth(REASON) {
        Some((end, _)) => format!("{}…", words[..end].trim_end_matches(|it: char| !it.is_alphanumeric())),
        None => words,
    }
}

fn without_tags(text: &str) -> String {
    let (mut plain, mut rest) = (String::new(), text);
    while let Some(opens) = rest.find('<') {
        plain.push_str(&rest[..opens]);
        let length = rest[opens..].find('>').map_or(1, |closes| closes + 1);
        rest = &rest[opens + length..];
    }
    plain.push_str(rest);
    plain.replace('>', "")
}
