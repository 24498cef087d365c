//! What a golden file may say, and what is wrong with one that says something else, as a table.

use rstest::rstest;

use serde_json::json;

use super::{Golden, schema};
use crate::{Description, Say};

const JOINING: &str = r#"{
  "about": "whoever holds the certificate waits in front",
  "ask": "prioritise",
  "settings": {"certificate": "00000000-0000-0000-0000-000000000002"},
  "question": {
    "now": 1772355600,
    "learner": {"id": "00000000-0000-0000-0000-000000000007", "dealer": null, "holds": []},
    "course": {
      "id": "00000000-0000-0000-0000-000000000001",
      "programme_type": "compliance",
      "topics": ["electric"],
      "prerequisites": []
    },
    "place": {"id": "00000000-0000-0000-0000-000000000005", "country": "DE", "distance_km": 41},
    "session": "00000000-0000-0000-0000-000000000063",
    "starts": 1772960400,
    "waiting": 2
  },
  "answer": {"ok": {"level": 5, "reason": "Holds the certificate."}}
}
"#;

#[rstest]
#[case::as_agreed("", "", None)]
#[case::an_answer_to_come(
    ",\n  \"answer\": {\"ok\": {\"level\": 5, \"reason\": \"Holds the certificate.\"}}",
    "",
    None
)]
#[case::nobody_in_front(r#"{"level": 5, "reason": "Holds the certificate."}"#, "null", None)]
#[case::a_refusal(
    r#"{"ok": {"level": 5, "reason": "Holds the certificate."}}"#,
    r#"{"error": "no opinion"}"#,
    None
)]
#[case::no_json("\"about\"", "about", Some("2:3: key must be a string"))]
#[case::an_unknown_key(
    "\"about\"",
    "\"abuot\"",
    Some("2:9: unknown field `abuot`, expected one of `about`, `ask`, `settings`, `question`, `answer`")
)]
#[case::an_unknown_ask(
    "\"prioritise\"",
    "\"prioritize\"",
    Some(
        "3:21: unknown variant `prioritize`, expected one of `adjust`, `prioritise`, `advise`, `check-config`"
    )
)]
#[case::no_id("0007\"", "000\"", Some("7:59: UUID parsing failed"))]
#[case::a_key_that_the_contract_does_not_have(
    "\"waiting\"",
    "\"waits\"",
    Some("17:11: unknown field `waits`")
)]
#[case::something_that_is_missing(
    "\"waiting\": 2",
    "\"waiting\": null",
    Some("17:19: invalid type: null, expected u32")
)]
#[case::words_in_the_place_of_a_number(
    "\"level\": 5",
    "\"level\": \"five\"",
    Some("19:35: invalid type: string \"five\", expected u8")
)]
#[case::half_an_answer(", \"reason\": \"Holds the certificate.\"", "", Some("19:31: missing field `reason`"))]
#[case::an_answer_that_is_none(
    r#"{"ok": {"level": 5, "reason": "Holds the certificate."}}"#,
    "null",
    Some("19:13: expected value")
)]
#[case::a_question_that_is_not_asked(
    "\"prioritise\"",
    "\"check-config\"",
    Some("5:15: settings alone are checked: leave the question out")
)]
fn what_can_be_read(#[case] say: &str, #[case] otherwise: &str, #[case] wrong: Option<&str>) {
    let text = JOINING.replacen(say, otherwise, 1);
    let found = Golden::read(&text).err().map(|it| it.to_string());
    match wrong {
        None => assert_eq!(found, None),
        Some(wrong) => assert!(found.as_ref().is_some_and(|it| it.starts_with(wrong)), "{found:?}"),
    }
}

#[test]
fn an_answer_is_written_where_the_old_one_was_and_nothing_else_changes() {
    let golden = Golden::read(JOINING).expect("read");
    let changed = golden.with_answer("{\n  \"ok\": null\n}");
    let expected = JOINING
        .replace(r#"{"ok": {"level": 5, "reason": "Holds the certificate."}}"#, "{\n    \"ok\": null\n  }");
    assert_eq!(changed, expected);
    let written = Golden::read(&changed).expect("read again");
    assert_eq!(written.answer.as_deref(), Some("{\n  \"ok\": null\n}"));
}

#[test]
fn the_first_answer_is_written_at_the_end() {
    let text = r#"{"about": "it is right", "ask": "check-config", "settings": {}}"#;
    let golden = Golden::read(text).expect("read");
    assert_eq!(golden.answer, None);
    let written = golden.with_answer("{\n  \"ok\": []\n}");
    assert_eq!(
        written,
        "{\"about\": \"it is right\", \"ask\": \"check-config\", \"settings\": {},\n  \"answer\": {\n    \"ok\": []\n  }\n}\n"
    );
    assert_eq!(Golden::read(&written).expect("read").with_answer("{\n  \"ok\": []\n}"), written);
}

#[rstest]
#[case::as_agreed("0", "0", "540", None)]
#[case::a_course_that_is_not_there("1", "0", "540", Some("candidate 0 is of a course that is not listed: 1"))]
#[case::a_place_that_is_not_there("0", "1", "540", Some("candidate 0 is at a place that is not listed: 1"))]
#[case::a_long_day("0", "0", "1440", Some("candidate 0 begins at minute 1440"))]
fn what_no_host_would_ask(
    #[case] course: &str,
    #[case] place: &str,
    #[case] minute: &str,
    #[case] wrong: Option<&str>,
) {
    let id = "00000000-0000-0000-0000-000000000001";
    let text = format!(
        r#"{{"about": "a candidate", "ask": "adjust", "settings": {{}},
  "question": {{"now": 0, "learner": {{"id": "{id}", "holds": []}}, "wanted": "{id}", "wanted_course": 0,
    "courses": [{{"id": "{id}", "programme_type": "compliance", "topics": [], "prerequisites": []}}],
    "places": [{{"id": "{id}", "country": "DE"}}],
    "candidates": [{{"id": "{id}", "course": {course}, "place": {place}, "starts": 0, "ends": 0, "day": "monday", "minute": {minute},
      "parts": 1, "seats_open": 1, "waiting": 0, "same": true, "days_later": 0, "score": 1, "proximity": 1, "availability": 1,
      "relevance": 1}}]}}}}"#
    );
    let found = Golden::read(&text).err().map(|it| it.to_string());
    assert_eq!(found, wrong.map(|what| format!("2:15: {what}")));
}

#[test]
fn a_notice_is_written_as_agreed() {
    let id = "00000000-0000-0000-0000-000000000001";
    let text = format!(
        r#"{{"about": "no mail at night", "ask": "advise", "settings": {{}},
  "question": {{"happening": {{"kind": "registration.cancelled", "at": 0, "no_shows": 0, "late": false}},
    "notices": [{{"person": "{id}", "role": "dealer-admin", "pace": "at-once", "may_be_muted": true, "day": "monday", "minute": 60}}]}},
  "answer": {{"ok": [{{"change": {{"mute": 0}}, "reason": "a"}}, {{"change": {{"to_digest": 0}}, "reason": "b"}},
    {{"change": {{"at_minute": [0, 420]}}, "reason": "c"}}, {{"change": {{"add": ["manager", "at-once"]}}, "reason": "d"}}]}}}}"#
    );
    let golden = Golden::read(&text).expect("read");
    assert_eq!((golden.ask(), golden.answer.is_some()), ("advise", true));
}

fn described(settings: &str) -> Description {
    let (name, version, summary) = ("a".to_owned(), "1.0.0".to_owned(), "A.".to_owned());
    let say = Say { sessions: true, notices: false };
    Description { name, version, summary, settings: settings.to_owned(), say }
}

#[rstest]
#[case::no_type_of_json(r#"{"type": "metre"}"#)]
#[case::limits_that_are_words(r#"{"properties": {"most_km": {"minimum": "zero"}}}"#)]
#[case::a_schema_that_lies_elsewhere(r#"{"$ref": "https://example.org/settings.json"}"#)]
fn what_is_no_schema_says_why(#[case] settings: &str) {
    let fault = schema(&described(settings)).expect_err("no schema");
    assert!(!fault.is_empty() && !fault.contains('\n'), "{fault}");
}

#[test]
fn settings_are_held_against_their_schema() {
    let schema = schema(&described(r#"{"properties": {"most_km": {"minimum": 0}}}"#)).expect("a schema");
    assert_eq!(schema.fault(&json!({"most_km": 80})), None);
    let fault = schema.fault(&json!({"most_km": -1})).expect("a fault");
    assert!(fault.starts_with("settings/most_km: ") && fault.contains("-1"), "{fault}");
}
