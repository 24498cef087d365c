//! Whether a yes says that statements are stored, and in which way it says so.

use std::collections::BTreeSet;

use reqwest::header::{CONTENT_TYPE, HeaderMap};
use uuid::Uuid;

/// The answer to statements, when it is a yes.
pub struct Yes<'a> {
    pub status: u16,
    pub kind: &'a str,
    pub body: &'a [u8],
}

impl<'a> Yes<'a> {
    /// One with this status and these headers.
    pub fn new(status: u16, headers: &'a HeaderMap, body: &'a [u8]) -> Self {
        let kind = headers.get(CONTENT_TYPE).and_then(|it| it.to_str().ok()).unwrap_or_default();
        Self { status, kind: kind.split(';').next().unwrap_or_default().trim(), body }
    }

    /// Whether it is what the standard asks for: nothing at all, or ids that were sent. Of those that were there before, a record
    /// store need not speak.
    pub fn is_plain(&self, sent: &BTreeSet<Uuid>) -> bool {
        let named: Vec<Uuid> = serde_json::from_slice(self.body).unwrap_or_default();
        let names_ours = !named.is_empty() && named.iter().all(|id| sent.contains(id));
        self.status == 204 || self.status == 200 && names_ours
    }

    /// How it says so, whatever it says it of; nothing for a page, which says the same to everybody.
    pub fn way(&self, sent: &BTreeSet<Uuid>) -> Option<String> {
        let mut text = std::str::from_utf8(self.body).ok()?.to_lowercase();
        if self.kind.contains("html") || text.trim_start().starts_with('<') {
            return None;
        }
        for id in sent {
            text = text.replace(&id.to_string(), "");
        }
        text.retain(char::is_alphabetic);
        Some(format!("{} {} {text}", self.status, self.kind))
    }
}

#[cfg(test)]
mod tests {
    use ilt_core::testing::plans::id;
    use rstest::rstest;

    use super::*;

    fn yes<'a>(status: u16, kind: &'a str, body: &'a str) -> Yes<'a> {
        Yes { status, kind, body: body.as_bytes() }
    }

    #[rstest]
    #[case::nothing_to_say(204, String::new(), true)]
    #[case::all_of_them(200, format!(r#"["{}", "{}"]"#, id(1), id(2)), true)]
    #[case::the_new_one(200, format!(r#"["{}"]"#, id(2)), true)]
    #[case::somebody_elses(200, format!(r#"["{}", "{}"]"#, id(1), id(3)), false)]
    #[case::none(200, "[]".to_owned(), false)]
    #[case::nothing(200, String::new(), false)]
    #[case::a_page(200, "<html>Please sign in</html>".to_owned(), false)]
    #[case::to_be_done(202, format!(r#"["{}"]"#, id(1)), false)]
    fn a_plain_yes(#[case] status: u16, #[case] body: String, #[case] is_plain: bool) {
        let sent = [1, 2].map(id).into();
        assert_eq!(yes(status, "application/json", &body).is_plain(&sent), is_plain);
    }

    #[test]
    fn a_way_of_answering_is_the_same_whatever_it_is_said_of() {
        let way = |body: String, sent: &[u32]| {
            yes(200, "application/json", &body).way(&sent.iter().copied().map(id).collect())
        };
        let stored = |number| format!(r#"{{"took": {number}, "ids": ["{}"], "status": "ok"}}"#, id(number));
        assert_eq!(way(stored(1), &[1]), way(stored(22), &[22]));
        assert_ne!(way(stored(1), &[1]), way(r#"{"status": "please sign in"}"#.to_owned(), &[1]));
        assert_eq!(yes(200, "text/html", "ok").way(&BTreeSet::new()), None);
        assert_eq!(way(" <!doctype html>".to_owned(), &[]), None);
    }
}
