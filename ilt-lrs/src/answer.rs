//! What a record store's answer means, and whether two statements are the same.

use std::time::Duration;

use jiff::fmt::rfc2822;
use reqwest::header::{DATE, HeaderMap, RETRY_AFTER};
use serde_json::Value;

/// What an answer means for what was sent.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Answer {
    /// Yes; to statements that is not enough to know that they are stored.
    Yes(u16),
    /// Something in it is not as it should be.
    Invalid(u16),
    /// Something in it has the id of another statement.
    Conflict,
    /// It is too large.
    TooLarge,
    /// Whoever sends may not; nothing is wrong with what is sent.
    Unauthorised(u16),
    /// Not now; after a while, when that is said.
    Later(Option<Duration>),
    /// The record store failed; what was sent may be why.
    Failed(u16),
    /// Whoever is at the address does not take statements: the address is wrong, or somebody else answers there for a while.
    Elsewhere(u16),
}

impl Answer {
    /// What a status means.
    pub fn of(status: u16, headers: &HeaderMap) -> Self {
        match status {
            200..300 => Self::Yes(status),
            400 | 422 => Self::Invalid(status),
            401 | 403 | 407 => Self::Unauthorised(status),
            409 => Self::Conflict,
            413 => Self::TooLarge,
            408 | 429 | 503 => Self::Later(retry_after(headers)),
            500.. => Self::Failed(status),
            _ => Self::Elsewhere(status),
        }
    }

    /// The status it came with, as far as it is remembered.
    pub const fn status(&self) -> u16 {
        match self {
            Self::Yes(status)
            | Self::Invalid(status)
            | Self::Unauthorised(status)
            | Self::Failed(status)
            | Self::Elsewhere(status) => *status,
            Self::Conflict => 409,
            Self::TooLarge => 413,
            Self::Later(_) => 503,
        }
    }
}

/// Seconds, or a date by the clock of whoever says it.
fn retry_after(headers: &HeaderMap) -> Option<Duration> {
    let said = |name| headers.get(name).and_then(|it| it.to_str().ok()).map(str::trim);
    let date = |text: &str| rfc2822::parse(text).ok().map(|it| it.timestamp());
    let after = said(RETRY_AFTER)?;
    let seconds = after.parse().ok().map(Duration::from_secs);
    seconds.or_else(|| date(after)?.duration_since(date(said(DATE)?)?).try_into().ok())
}

/// The one statement that was asked for: bare, as the standard has it, or as the only one of a list, as some answer.
pub fn only(answer: Value) -> Value {
    match answer.get("statements").and_then(Value::as_array).map(Vec::as_slice) {
        Some([one]) => one.clone(),
        _ => answer,
    }
}

/// Whether what is stored is what was sent, but for what a record store adds.
pub fn is_same(stored: &Value, sent: &Value) -> bool {
    let bare = |statement: &Value| {
        let mut bare = statement.clone();
        if let Some(fields) = bare.as_object_mut() {
            for added in ["stored", "authority", "version"] {
                fields.remove(added);
            }
        }
        bare
    };
    bare(stored) == bare(sent)
}

#[cfg(test)]
mod tests {
    use reqwest::header::HeaderValue;
    use rstest::rstest;
    use serde_json::json;

    use super::*;

    #[rstest]
    #[case(200, Answer::Yes(200))]
    #[case(204, Answer::Yes(204))]
    #[case(302, Answer::Elsewhere(302))]
    #[case(400, Answer::Invalid(400))]
    #[case(401, Answer::Unauthorised(401))]
    #[case(403, Answer::Unauthorised(403))]
    #[case(404, Answer::Elsewhere(404))]
    #[case(405, Answer::Elsewhere(405))]
    #[case(408, Answer::Later(None))]
    #[case(409, Answer::Conflict)]
    #[case(413, Answer::TooLarge)]
    #[case(422, Answer::Invalid(422))]
    #[case(429, Answer::Later(None))]
    #[case(500, Answer::Failed(500))]
    #[case(502, Answer::Failed(502))]
    #[case(503, Answer::Later(None))]
    fn a_status_means(#[case] status: u16, #[case] answer: Answer) {
        assert_eq!(Answer::of(status, &HeaderMap::new()), answer);
    }

    #[rstest]
    #[case("7", Some(7))]
    #[case(" 0 ", Some(0))]
    #[case("Wed, 21 Oct 2026 07:28:30 GMT", Some(30))]
    #[case("Wed, 21 Oct 2026 07:27:30 GMT", None)]
    #[case("soon", None)]
    fn how_long_to_stay_away(#[case] said: &'static str, #[case] seconds: Option<u64>) {
        let now = HeaderValue::from_static("Wed, 21 Oct 2026 07:28:00 GMT");
        let headers = HeaderMap::from_iter([(RETRY_AFTER, HeaderValue::from_static(said)), (DATE, now)]);
        assert_eq!(Answer::of(429, &headers), Answer::Later(seconds.map(Duration::from_secs)));
    }

    #[rstest]
    #[case::to_the_letter(json!({"id": 1}), true)]
    #[case::with_what_is_added(json!({"id": 1, "stored": "x", "authority": {}, "version": "1.0.0"}), true)]
    #[case::another(json!({"id": 2}), false)]
    #[case::with_more(json!({"id": 1, "result": {}}), false)]
    #[case::as_the_only_one_of_a_list(json!({"statements": [{"id": 1}], "more": ""}), true)]
    #[case::one_of_several(json!({"statements": [{"id": 1}, {"id": 2}]}), false)]
    fn the_same_statement(#[case] stored: Value, #[case] same: bool) {
        assert_eq!(is_same(&only(stored), &json!({"id": 1})), same);
    }
}
