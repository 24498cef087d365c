//! The contract as a file: `docs/openapi.json` is what the code says, and what clients are generated from.
//!
//! `ILT_UPDATE=1 cargo test -p ilt-host --test rest` writes it anew.

use std::collections::BTreeSet;
use std::path::PathBuf;

use serde_json::Value;

use crate::harness::{Store, TestApp};

const METHODS: [&str; 5] = ["get", "put", "post", "patch", "delete"];

fn contract() -> Value {
    serde_json::to_value(ilt_host::http::openapi()).expect("JSON")
}

fn operations(contract: &Value) -> Vec<(String, Value)> {
    let paths = contract["paths"].as_object().expect("paths");
    let of_path = |(path, methods): (&String, &Value)| {
        let of_method = |method: &&str| Some((format!("{method} {path}"), methods.get(*method)?.clone()));
        METHODS.iter().filter_map(of_method).collect::<Vec<_>>()
    };
    paths.iter().flat_map(of_path).collect()
}

#[test]
fn the_committed_contract_is_what_the_code_says() {
    let file = PathBuf::from(env!("CARGO_MANIFEST_DIR")).join("../docs/openapi.json");
    let now = format!("{:#}\n", contract());
    if std::env::var_os("ILT_UPDATE").is_some() {
        std::fs::write(&file, &now).expect("docs can be written");
    }
    let committed = std::fs::read_to_string(&file).unwrap_or_default();
    let hint =
        "docs/openapi.json is out of date: run ILT_UPDATE=1 cargo test -p ilt-host --test rest openapi";
    assert!(committed == now, "{hint}");
}

/// Generated clients call their functions by these names: none may change, and none may go.
#[test]
fn operations_keep_their_names() {
    let all = operations(&contract());
    let names: Vec<_> = all.iter().map(|(name, it)| format!("{name}: {}", it["operationId"])).collect();
    insta::assert_snapshot!(names.join("\n"), @r#"
    get /calendar/{secret}: "calendar_feed"
    get /health/live: "health_live"
    get /health/ready: "health_ready"
    get /metrics: "metrics"
    post /v1/alternatives/{id}/take: "take_alternative"
    get /v1/analytics/monthly: "monthly_numbers"
    get /v1/courses: "courses"
    post /v1/courses: "add_course"
    get /v1/courses/{id}: "course"
    patch /v1/courses/{id}: "edit_course"
    get /v1/journal: "journal"
    get /v1/live: "live"
    get /v1/locations: "locations"
    post /v1/locations: "add_location"
    get /v1/locations/{id}: "location"
    patch /v1/locations/{id}: "edit_location"
    get /v1/me: "me"
    post /v1/me/calendar-feed: "renew_calendar_feed"
    get /v1/me/preferences: "own"
    patch /v1/me/preferences: "edit_own"
    get /v1/people: "people"
    post /v1/people: "add_person"
    get /v1/people/{id}: "person"
    patch /v1/people/{id}: "edit_person"
    get /v1/people/{id}/completions: "completions"
    post /v1/people/{id}/completions: "record_completion"
    get /v1/people/{id}/keys: "api_keys"
    post /v1/people/{id}/keys: "make_api_key"
    delete /v1/people/{id}/keys/{api_key}: "end_api_key"
    get /v1/people/{id}/sign-ins: "sign_ins"
    delete /v1/people/{id}/sign-ins: "end_sign_ins"
    delete /v1/people/{id}/sign-ins/{sign_in}: "end_sign_in"
    get /v1/plugins: "plugins"
    post /v1/plugins: "add_plugin"
    post /v1/plugins/components: "upload_component"
    get /v1/plugins/components/{digest}: "component"
    get /v1/plugins/{id}: "plugin"
    patch /v1/plugins/{id}: "edit_plugin"
    delete /v1/plugins/{id}: "remove_plugin"
    post /v1/plugins/{id}/activate: "activate_plugin"
    post /v1/plugins/{id}/ask-anew: "ask_plugin_anew"
    get /v1/plugins/{id}/history: "plugin_history"
    get /v1/plugins/{id}/log: "plugin_log"
    post /v1/plugins/{id}/rehearsals: "rehearse_plugin"
    get /v1/plugins/{id}/rehearsals/{rehearsal}: "plugin_rehearsal"
    delete /v1/plugins/{id}/rehearsals/{rehearsal}: "drop_rehearsal"
    post /v1/plugins/{id}/roll-back: "roll_back_plugin"
    post /v1/plugins/{id}/switch-off: "switch_off_plugin"
    get /v1/policy: "rules"
    put /v1/policy: "set_rule"
    delete /v1/policy: "clear_rule"
    get /v1/registrations: "registrations"
    get /v1/registrations/{id}: "registration"
    get /v1/registrations/{id}.ics: "registration_calendar"
    post /v1/registrations/{id}/accept: "accept_offer"
    post /v1/registrations/{id}/approve: "approve_registration"
    post /v1/registrations/{id}/cancel: "cancel_registration"
    get /v1/registrations/{id}/check-in-key: "registration_check_in_key"
    post /v1/registrations/{id}/decline: "decline_offer"
    post /v1/registrations/{id}/decline-request: "decline_request"
    post /v1/registrations/{id}/priority: "prioritise"
    post /v1/registrations/{id}/resume: "resume_wait"
    post /v1/registrations/{id}/substitute: "substitute_learner"
    post /v1/registrations/{id}/swap: "swap_registration"
    post /v1/registrations/{id}/transfer: "transfer_registration"
    get /v1/sessions: "sessions"
    post /v1/sessions: "add_session"
    get /v1/sessions/{id}: "session"
    patch /v1/sessions/{id}: "edit_session"
    get /v1/sessions/{id}/alternatives: "alternatives"
    post /v1/sessions/{id}/attendance: "mark_attendance"
    get /v1/sessions/{id}/blocks: "blocks"
    put /v1/sessions/{id}/blocks/{dealer}: "save_block"
    delete /v1/sessions/{id}/blocks/{dealer}: "release_block"
    get /v1/sessions/{id}/calendars: "session_calendars"
    post /v1/sessions/{id}/cancel: "cancel_session"
    post /v1/sessions/{id}/capacity: "resize_session"
    post /v1/sessions/{id}/check-in: "check_in"
    get /v1/sessions/{id}/check-in-key: "session_check_in_key"
    post /v1/sessions/{id}/complete: "complete_session"
    post /v1/sessions/{id}/groups: "register_group"
    post /v1/sessions/{id}/publish: "publish_session"
    post /v1/sessions/{id}/registrations: "register"
    get /v1/sessions/{id}/roster: "roster"
    post /v1/sessions/{id}/walk-ins: "walk_in"
    get /v1/sign-in: "ways_in"
    post /v1/sign-in/{way}: "sign_in"
    post /v1/sign-out: "sign_out"
    post /v1/webhooks/calcom/{instance}: "receive_webhook"
    "#);
}

#[test]
fn every_operation_is_named_once_described_and_may_refuse() {
    let contract = contract();
    assert_eq!(contract["openapi"], "3.1.0");
    let mut names = BTreeSet::new();
    for (name, operation) in operations(&contract) {
        assert!(names.insert(operation["operationId"].to_string()), "{name}: the operation id is used twice");
        assert!(operation["summary"].is_string(), "{name} says nothing of itself");
        let refusal = "#/components/schemas/Problem";
        let schema = &operation["responses"]["default"]["content"]["application/problem+json"]["schema"];
        assert_eq!(schema["$ref"], refusal, "{name}");
        for (status, response) in operation["responses"].as_object().expect("responses") {
            assert_ne!(response["description"], "", "{name} {status}");
        }
    }
}

/// A client that is generated sends what stands in the path there, all of it, and nothing else.
#[test]
fn parameters_are_where_they_are_read() {
    for (name, operation) in operations(&contract()) {
        let parameters = operation["parameters"].as_array().cloned().unwrap_or_default();
        let in_path = parameters.iter().filter(|it| it["in"] == "path" && it["required"] == true);
        let in_path: BTreeSet<_> = in_path.filter_map(|it| it["name"].as_str()).collect();
        let named: BTreeSet<_> =
            name.split('{').skip(1).filter_map(|part| Some(part.split_once('}')?.0)).collect();
        assert_eq!(in_path, named, "{name}");
        for other in parameters.iter().filter(|it| it["in"] != "path") {
            let is_known = other["in"] == "query" || other["in"] == "header";
            let is_needed = other["name"] == "rule" || other["name"] == "X-Cal-Signature-256";
            assert!(is_known && (is_needed || other["required"] != true), "{name}: {other}");
            assert!(!other["schema"]["type"].to_string().contains("null"), "{name}: {other} is there or not");
        }
    }
}

/// Everything in the document, with the way to it.
fn walk(value: &Value, way: &str, see: &mut impl FnMut(&str, &Value)) {
    see(way, value);
    match value {
        Value::Object(fields) => fields.iter().for_each(|(name, it)| walk(it, &format!("{way}/{name}"), see)),
        Value::Array(items) => {
            items.iter().enumerate().for_each(|(at, it)| walk(it, &format!("{way}/{at}"), see));
        }
        _ => {}
    }
}

#[test]
fn every_schema_can_be_met() {
    walk(&contract(), "", &mut |way, value| {
        assert!(
            value.get("allOf").is_none(),
            "{way}: what is flattened is one object, and nothing meets two closed ones"
        );
    });
}

/// Two types of one name are one schema in the document, whichever came last.
#[test]
fn every_schema_has_a_name_of_its_own() {
    fn sources(folder: &std::path::Path, found: &mut Vec<String>) {
        for entry in std::fs::read_dir(folder).expect("a folder").flatten() {
            let path = entry.path();
            if path.is_dir() {
                sources(&path, found);
            } else if path.extension().is_some_and(|end| end == "rs") {
                found.push(std::fs::read_to_string(path).expect("a source"));
            }
        }
    }
    let mut files = Vec::new();
    sources(&PathBuf::from(env!("CARGO_MANIFEST_DIR")).join("src"), &mut files);
    let mut names = BTreeSet::new();
    for declared in files.iter().flat_map(|file| file.split("ToSchema)]").skip(1)) {
        let name = declared.split("struct ").nth(1).and_then(|it| it.split([' ', '<', ';', '(']).next());
        assert!(
            names.insert(name.expect("a name")),
            "{} is the name of two schemas",
            name.unwrap_or_default()
        );
    }
    assert!(names.len() > 60, "the sources were read");
}

#[test]
fn refusals_are_problem_documents() {
    for (name, operation) in operations(&contract()) {
        for (status, response) in operation["responses"].as_object().expect("responses") {
            let is_refusal = status.starts_with('4') || status == "default";
            let kinds: Vec<_> =
                response["content"].as_object().into_iter().flatten().map(|it| it.0).collect();
            assert!(!is_refusal || kinds == ["application/problem+json"], "{name} {status}: {kinds:?}");
        }
    }
}

/// A body of which nothing is needed may be left out, and clients that are generated know it.
#[test]
fn only_what_is_needed_is_required() {
    let contract = contract();
    let is_required = |name: &str| {
        let found = operations(&contract).into_iter().find(|it| it.1["operationId"] == name);
        found.expect("an operation").1["requestBody"]["required"].clone()
    };
    assert_eq!(is_required("cancel_registration"), false);
    assert_eq!(is_required("register"), false);
    assert_eq!(is_required("cancel_session"), true);
    assert_eq!(is_required("edit_course"), true);
}

#[test]
fn closed_lists_and_bounds_are_said() {
    let contract = contract();
    let words =
        |schema: &str| contract["components"]["schemas"][schema]["enum"].as_array().map_or(0, Vec::len);
    assert_eq!((words("ProgrammeType"), words("Role"), words("RegistrationStatus")), (5, 5, 12));
    walk(&contract, "", &mut |way, value| {
        if value["in"] == "query" && value["name"] == "limit" {
            let schema = &value["schema"];
            assert_eq!((&schema["minimum"], &schema["maximum"]), (&1.into(), &200.into()), "{way}");
        }
        // Words that are told apart by whoever reads them.
        let named = ["status", "programme_type", "role", "attendance", "sort", "source"];
        let name = way.rsplit_once("/properties/").map(|(_, name)| name).filter(|name| named.contains(name));
        let is_health = way.contains("AliveView") || way.contains("ReadyView") || way.contains("Problem");
        if name.is_some() && !is_health {
            assert!(value["type"] != "string", "{way} is a text of which nobody knows what it can be");
        }
    });
}

/// Every schema that is referred to is there.
#[test]
fn nothing_refers_to_nothing() {
    fn references(value: &Value, found: &mut BTreeSet<String>) {
        match value {
            Value::Object(fields) => {
                found.extend(fields.get("$ref").and_then(Value::as_str).map(str::to_owned));
                fields.values().for_each(|value| references(value, found));
            }
            Value::Array(items) => items.iter().for_each(|value| references(value, found)),
            _ => {}
        }
    }
    let contract = contract();
    let mut found = BTreeSet::new();
    references(&contract, &mut found);
    for reference in found {
        assert!(contract.pointer(&reference[1..]).is_some(), "{reference} leads nowhere");
    }
}

#[tokio::test]
async fn the_page_needs_nothing_from_elsewhere() {
    let app = TestApp::on(Store::Memory).await;
    let page = app.stranger().get("/docs").await;
    assert!(page.status == 200 && page.header("content-type").starts_with("text/html"), "{page}");
    assert!(!page.text().contains("https://") && !page.text().contains("http://"), "no other host is asked");
    assert_eq!(app.stranger().get("/openapi.json").await.json(200), contract());
}
