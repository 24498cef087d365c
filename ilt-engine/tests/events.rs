//! What others are told, as the files that they build on: `docs/events` is what the code says, and it only grows.
//!
//! `ILT_UPDATE=1 cargo test -p ilt-engine --test events` writes the documents anew, and a sample where there is none yet. A sample
//! that is there is never written again: it is what somebody may have read.

use std::collections::BTreeSet;
use std::path::{Path, PathBuf};

use ilt_core::statement::{Actors, Style, Told, event_type, sort_of, sorts};
use ilt_core::testing::statements::{every_sort, nlj, style};
use ilt_engine::events::{Check, Names, schema, wanted};
use serde_json::Value;

fn folder() -> PathBuf {
    Path::new(env!("CARGO_MANIFEST_DIR")).join("../docs/events")
}

fn is_to_be_written() -> bool {
    std::env::var_os("ILT_UPDATE").is_some()
}

/// What an installation tells that sets nothing, and one for readers that the NLJ platform has; and where that is written.
fn contracts() -> [(PathBuf, Names, Style); 2] {
    let names = |style| Names { style, ..Names::default() };
    [(folder(), Names::default(), style(Actors::Mbox, 1)), (folder().join("nlj"), names(nlj(0)), nlj(1))]
}

fn check() -> Check {
    Check::new(&Names::default()).expect("sound names")
}

fn fault(check: &Check, one: &Told) -> Option<String> {
    check.fault(one.topic, one.verb, &one.body)
}

/// The samples that were published, by the type of their event.
fn samples(folder: &Path) -> Vec<(String, String)> {
    let files = std::fs::read_dir(folder).expect("samples").map(|file| file.expect("a file").path());
    let read = |path: PathBuf| {
        let name = path.file_stem().expect("a name").to_string_lossy().into_owned();
        (name, std::fs::read_to_string(&path).expect("a sample"))
    };
    files.map(read).collect()
}

#[test]
fn the_committed_documents_are_what_the_code_says() {
    let of_each = |(folder, names, _): (PathBuf, Names, Style)| documents(&folder, &names);
    for (file, now) in contracts().into_iter().flat_map(of_each) {
        let now = format!("{now:#}\n");
        if is_to_be_written() {
            std::fs::create_dir_all(file.parent().expect("a folder")).expect("docs can be written");
            std::fs::write(&file, &now).expect("docs can be written");
        }
        let committed = std::fs::read_to_string(&file).unwrap_or_default();
        assert!(
            committed == now,
            "{} is out of date: run ILT_UPDATE=1 cargo test -p ilt-engine --test events",
            file.display()
        );
    }
}

#[cfg_attr(not(feature = "kafka"), expect(unused_mut, reason = "there are no topics without Kafka"))]
fn documents(folder: &Path, names: &Names) -> Vec<(PathBuf, Value)> {
    let schemas = schema::all(names).into_iter().chain(wanted::all(names));
    let file = |(kind, it): (String, Value)| (folder.join(format!("schemas/{kind}.json")), it);
    let mut all: Vec<_> = schemas.map(file).collect();
    #[cfg(feature = "kafka")]
    {
        let mut kafka = ilt_kafka::Settings::default();
        if names.style.dialect == ilt_core::statement::Dialect::Nlj {
            let set = vec![
                ("STATEMENTS__DIALECT".to_owned(), "nlj".to_owned()),
                ("KAFKA__BROKERS".to_owned(), "kafka:9092".to_owned()),
            ];
            let layers = ilt_engine::config::layers(None, set).expect("layers");
            let config = ilt_engine::config::Config::of(&layers).expect("sound");
            kafka.topics = config.kafka().expect("sound").expect("set").topics;
        }
        all.push((folder.join("asyncapi.json"), ilt_engine::events::asyncapi::document(names, &kafka)));
    }
    all
}

#[test]
fn every_sort_of_statement_is_as_its_schema_says_however_people_are_named() {
    let private = [(folder(), Names::default(), style(Actors::Account, 1))];
    for (_, names, style) in contracts().into_iter().chain(private) {
        let check = Check::new(&names).expect("sound names");
        let told = every_sort(&style);
        let told_of: BTreeSet<_> = told.iter().map(|it| (it.topic, it.verb)).collect();
        assert_eq!(told_of, sorts().into_iter().collect(), "every sort there is");
        for one in &told {
            assert_eq!(fault(&check, one), None, "{}", one.body);
        }
    }
}

#[test]
fn what_was_published_once_is_a_statement_for_ever() {
    for (folder, names, style) in contracts() {
        let folder = folder.join("samples");
        for one in every_sort(&style) {
            let file = folder.join(format!("{}.json", event_type(one.topic, one.verb)));
            if is_to_be_written() && !file.exists() {
                std::fs::create_dir_all(&folder).expect("docs can be written");
                std::fs::write(&file, one.body + "\n").expect("docs can be written");
            }
        }
        let (check, samples) = (Check::new(&names).expect("sound names"), samples(&folder));
        let of: BTreeSet<_> =
            samples.iter().map(|(kind, _)| sort_of(kind).expect("a sort of statement")).collect();
        assert_eq!(of, sorts().into_iter().collect(), "a sample of every sort");
        for (kind, sample) in samples {
            let (topic, verb) = sort_of(&kind).expect("a sort of statement");
            assert_eq!(check.fault(topic, verb, &sample), None, "{kind}");
        }
    }
}

/// Takes one thing away, or makes it another, and sees the schema notice.
#[test]
fn a_statement_that_is_not_as_it_should_be_is_found_and_nobody_is_named() {
    let check = check();
    let told = every_sort(&style(Actors::Mbox, 1));
    let registered = told.iter().find(|it| it.verb.word() == "registered").expect("registered");
    for (wrong, right, said) in [
        (r#""mbox":"nobody at all""#, r#""mbox":"mailto:ada@dealer.example""#, "/actor"),
        (
            r#""id":"http://nlj.platform/training-sessions/7""#,
            r#""id":"http://nlj.platform/training-sessions/00000000-0000-0000-0000-000000000064""#,
            "/object/id",
        ),
        (r#""timestamp":"2027-03-01T08:00:00Z""#, r#""timestamp":"2027-03-01T08:00:00.000Z""#, "/timestamp"),
        (
            r#""http://nlj.platform/extensions/registration_method":"by pigeon""#,
            r#""http://nlj.platform/extensions/registration_method":"online""#,
            "/context/extensions",
        ),
        (
            r#""http://nlj.platform/extensions/other":null"#,
            r#""http://nlj.platform/extensions/scheduled_time":"2027-04-05T07:00:00.000Z""#,
            "/context/extensions",
        ),
        (r#""platform":"","#, r#""platform":"NLJ Learning Platform","#, "/context/platform"),
        (r#"{"stored":"now","id""#, r#"{"id""#, "/stored"),
    ] {
        assert!(registered.body.contains(right), "{right}: {}", registered.body);
        let body = registered.body.replacen(right, wrong, 1);
        let found = check.fault(registered.topic, registered.verb, &body).expect("it is found");
        assert!(found.starts_with(said), "{found}");
        assert!(!found.contains("ada") && !found.contains("nobody"), "{found}");
    }
    assert_eq!(check.fault(registered.topic, registered.verb, "{"), Some("it is no JSON".to_owned()));
}

#[test]
fn schemas_follow_the_names_of_an_installation() {
    let own = Style {
        activity_base: "https://a.example/~(x)_y".to_owned(),
        extension_base: "https://b.example".to_owned(),
        ..Style::default()
    };
    let names = Names { style: own, schema_base: "https://c.example".to_owned() };
    let all = schema::all(&names);
    let (_, registered) = all.iter().find(|(kind, _)| kind.ends_with(".registered.v1")).expect("registered");
    assert_eq!(registered["$id"], "https://c.example/nlj.training.registration.registered.v1.json");
    let check = Check::new(&names).expect("sound names");
    let told = every_sort(&style(Actors::Mbox, 1))
        .into_iter()
        .find(|it| it.verb.word() == "registered")
        .expect("registered");
    let body = told.body.replace("http://nlj.platform/extensions", "https://b.example");
    assert!(check.fault(told.topic, told.verb, &body).is_some(), "another base");
    let body =
        body.replace("http://nlj.platform/training-sessions", "https://a.example/~(x)_y/training-sessions");
    let body = body.replace("http://nlj.platform/courses", "https://a.example/~(x)_y/courses");
    let object = &registered["properties"]["object"]["properties"]["id"]["pattern"];
    assert!(object.as_str().is_some_and(|it| it.starts_with(r"^https://a\.example/~\(x\)_y/")), "{object}");
    assert_eq!(check.fault(told.topic, told.verb, &body), None);
}

#[test]
fn nothing_that_a_statement_says_is_unknown_to_its_schema() {
    for (names, one) in contracts()
        .into_iter()
        .flat_map(|(_, names, style)| every_sort(&style).into_iter().map(move |one| (names.clone(), one)))
    {
        let schema = schema::of(one.topic, one.verb, &names);
        let body: Value = serde_json::from_str(&one.body).expect("JSON");
        let known = schema["properties"].as_object().expect("properties");
        assert!(
            body.as_object().expect("an object").keys().all(|key| known.contains_key(key)),
            "{}",
            one.body
        );
        for part in ["context", "result"] {
            let extensions = &schema["properties"][part]["properties"]["extensions"]["properties"];
            for key in body[part]["extensions"].as_object().into_iter().flat_map(|it| it.keys()) {
                assert!(extensions.get(key).is_some(), "{}: {key}", event_type(one.topic, one.verb));
            }
        }
    }
}
