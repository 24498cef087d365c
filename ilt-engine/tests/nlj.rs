//! What readers look for that the NLJ platform has already: its own validators, as rules. What they refuse is only written to a
//! log there, so nobody would notice.

use ilt_core::statement::{Told, Verb};
use ilt_core::testing::statements::{every_sort, nlj, style};
use rstest::rstest;
use serde_json::Value;

const OURS: &str = "http://nlj.platform/";

fn told() -> Vec<(Told, Value)> {
    let read = |told: Told| {
        let statement = serde_json::from_str(&told.body).expect("JSON");
        (told, statement)
    };
    every_sort(&nlj(1)).into_iter().map(read).collect()
}

/// What their validators find wrong with a statement.
fn faults(statement: &Value) -> Vec<String> {
    let mut found = Vec::new();
    let mut must = |holds: bool, what: &str| {
        if !holds {
            found.push(what.to_owned());
        }
    };
    let text = |pointer: &str| statement.pointer(pointer).and_then(Value::as_str).unwrap_or_default();
    let is_id = |it: &str| it.len() == 36 && it.chars().all(|it| matches!(it, 'a'..='f' | '0'..='9' | '-'));
    must(is_id(text("/id")), "id");
    must(text("/version") == "1.0.3", "version");
    must(text("/actor/mbox").starts_with("mailto:"), "mbox");
    must(statement.pointer("/verb/display/en-US").is_some(), "en-US of the verb");
    must(text("/object/id").starts_with(OURS), "object");
    must(statement.pointer("/object/definition/name/en-US").is_some(), "en-US of the name");
    let kinds = ["course", "meeting", "badge", "question", "cmi.interaction", "content-generation"];
    let bases = ["http://adlnet.gov/expapi/activities/", "http://nlj.platform/activities/"];
    let kind = text("/object/definition/type");
    let kind = bases.iter().find_map(|base| kind.strip_prefix(base));
    must(kind.is_some_and(|kind| kinds.contains(&kind)), "type of activity");
    let extensions = ["/context/extensions", "/result/extensions"].into_iter();
    let names = extensions.filter_map(|it| statement.pointer(it)?.as_object()).flat_map(|it| it.keys());
    for name in names {
        must(name.starts_with("http://nlj.platform/extensions/"), name);
    }
    found
}

#[test]
fn every_statement_passes_their_validators_but_for_corrections() {
    for (told, statement) in told() {
        if told.verb == Verb::Voided {
            // The standard's own way of taking back, which nobody there reads: its object is a statement and no activity.
            assert_eq!(statement["object"]["objectType"], "StatementRef");
        } else {
            assert_eq!(faults(&statement), Vec::<String>::new(), "{}", told.body);
        }
    }
}

#[test]
fn the_standard_statements_do_not_pass_so_the_rules_say_something() {
    for told in every_sort(&style(ilt_core::statement::Actors::Account, 1)) {
        let statement = serde_json::from_str(&told.body).expect("JSON");
        assert!(faults(&statement).len() > 3, "{}", told.body);
    }
}

/// The verb that they know each event by, and the extensions that it must have.
#[rstest]
#[case::scheduled(
    "scheduled",
    "http://activitystrea.ms/schema/1.0/schedule",
    &["program_id", "start_time", "end_time", "capacity"]
)]
#[case::rescheduled("rescheduled", "http://nlj.platform/verbs/rescheduled", &["start_time", "end_time"])]
#[case::requested("requested", "http://adlnet.gov/expapi/verbs/asked", &["booking_id", "registration_method"])]
#[case::confirmed("registered", "http://adlnet.gov/expapi/verbs/registered", &["booking_id", "learner_id"])]
#[case::waitlisted("waitlisted", "http://nlj.platform/verbs/waitlisted", &["waitlist_position"])]
#[case::cancelled("unregistered", "http://nlj.platform/verbs/cancelled", &["booking_id"])]
#[case::attended("attended", "http://adlnet.gov/expapi/verbs/attended", &["booking_id"])]
#[case::completed("completed", "http://adlnet.gov/expapi/verbs/completed", &["program_id", "learner_id"])]
fn each_event_has_their_verb_and_what_they_read(
    #[case] word: &str,
    #[case] iri: &str,
    #[case] extensions: &[&str],
) {
    let of_verb: Vec<_> = told().into_iter().filter(|(told, _)| told.verb.word() == word).collect();
    assert!(!of_verb.is_empty());
    for (told, statement) in of_verb {
        assert_eq!(statement["verb"]["id"], iri);
        for name in extensions {
            let known = &statement["context"]["extensions"][format!("{OURS}extensions/{name}")];
            assert!(!known.is_null(), "{name}: {}", told.body);
        }
    }
}

#[test]
fn a_place_in_the_queue_is_a_number_from_one_on() {
    let (_, waits) = told().into_iter().find(|(told, _)| told.verb == Verb::Waitlisted).expect("told");
    assert_eq!(waits["context"]["extensions"]["http://nlj.platform/extensions/waitlist_position"], 3);
}
