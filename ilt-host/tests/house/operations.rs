//! What operators are given, held against the code: alerts ask for metrics that there are, and pages name what there is.

use std::collections::BTreeSet;
use std::path::Path;
use std::sync::Mutex;

use metrics::{Counter, Gauge, Histogram, Key, KeyName, Metadata, Recorder, SharedString, Unit};
use serde_norway::Value;

const ALERTS: &str = include_str!("../../../docs/operations/alerts.yml");
const PLAYED: &str = include_str!("../../../docs/operations/alerts.test.yml");
const PAGE: &str = include_str!("../../../docs/operations/events.md");

/// Every name of a metric in a text.
fn metrics_in(text: &str) -> BTreeSet<String> {
    let words = text.split(|it: char| !it.is_ascii_alphanumeric() && it != '_');
    words.filter(|word| word.starts_with("ilt_")).map(str::to_owned).collect()
}

/// Every source in a folder, but the one that tells of metrics.
fn sources(folder: &Path, found: &mut Vec<String>) {
    for entry in std::fs::read_dir(folder).expect("a folder") {
        let path = entry.expect("an entry").path();
        if path.is_dir() {
            sources(&path, found);
        } else if !path.ends_with("src/metrics.rs") {
            found.push(std::fs::read_to_string(&path).unwrap_or_default());
        }
    }
}

/// The sources of the host, of the engine within and of what runs plugins.
fn code() -> Vec<String> {
    let mut found = Vec::new();
    for folder in ["src", "../ilt-engine/src", "../ilt-wasm/src"] {
        sources(&Path::new(env!("CARGO_MANIFEST_DIR")).join(folder), &mut found);
    }
    found
}

/// What the code counts: names in quotes, in any source.
fn metrics_of_the_code() -> BTreeSet<String> {
    let mut found = BTreeSet::new();
    for text in code() {
        let quoted = text.split('"').skip(1).step_by(2);
        // By itself it is what keys begin with.
        found.extend(quoted.filter(|word| word.len() > 4 && word.starts_with("ilt_")).map(str::to_owned));
    }
    found
}

/// Those that the code counts without labels: `counter!("name")`, and nothing after the name.
fn counters_without_labels() -> BTreeSet<String> {
    let mut found = BTreeSet::new();
    for text in code() {
        for call in text.split("counter!(\"").skip(1) {
            if let Some((name, _)) = call.split_once('"').filter(|(_, rest)| rest.starts_with(')')) {
                found.insert(name.to_owned());
            }
        }
    }
    found
}

#[test]
fn alerts_and_pages_speak_of_metrics_that_there_are() {
    let known = metrics_of_the_code();
    for (name, text) in [("alerts.yml", ALERTS), ("events.md", PAGE)] {
        let named = metrics_in(text);
        assert!(named.len() > 5, "{name}: {named:?}");
        let unknown: Vec<_> = named.difference(&known).collect();
        assert!(unknown.is_empty(), "{name}: {unknown:?}");
    }
}

#[test]
fn every_alert_has_a_name_of_its_own_and_says_what_to_do() {
    let file: Value = serde_norway::from_str(ALERTS).expect("YAML");
    let groups = file["groups"].as_sequence().expect("groups");
    let rules: Vec<_> =
        groups.iter().flat_map(|group| group["rules"].as_sequence().expect("rules")).collect();
    let names: BTreeSet<_> = rules.iter().map(|rule| rule["alert"].as_str().expect("a name")).collect();
    assert_eq!(names.len(), rules.len());
    for rule in rules {
        assert!(!metrics_in(rule["expr"].as_str().expect("an expression")).is_empty());
        assert!(rule["annotations"]["summary"].as_str().is_some_and(|said| said.len() > 30));
        assert!(matches!(rule["labels"]["severity"].as_str(), Some("page" | "ticket")));
    }
}

/// As `/metrics` shows it to whoever has just come: every metric that the code counts has words of its own.
#[test]
fn every_metric_is_told_of_in_words() {
    let counted = metrics_of_the_code();
    let told = Told::default();
    metrics::with_local_recorder(&told, ilt_host::metrics::describe);
    let told = told.names.into_inner().expect("nobody panicked");
    assert_eq!(counted.difference(&told).collect::<Vec<_>>(), [""; 0], "counted, and not told of");
}

/// Whoever asks how much a counter grew never sees the first step of one that comes into being with it.
#[test]
fn every_counter_without_labels_is_there_from_the_start() {
    let counted = counters_without_labels();
    assert!(counted.len() > 5, "{counted:?}");
    let told = Told::default();
    metrics::with_local_recorder(&told, ilt_host::metrics::describe);
    assert_eq!(told.counters.into_inner().expect("nobody panicked"), counted);
}

#[test]
fn every_alert_is_played_through() {
    let file: Value = serde_norway::from_str(ALERTS).expect("YAML");
    for group in file["groups"].as_sequence().expect("groups") {
        for rule in group["rules"].as_sequence().expect("rules") {
            let name = rule["alert"].as_str().expect("a name");
            assert!(PLAYED.contains(&format!("alertname=\"{name}\"")), "{name}");
        }
    }
    let series = metrics_in(PLAYED);
    let unknown: Vec<_> = series.difference(&metrics_in(ALERTS)).cloned().collect();
    assert!(unknown.is_empty(), "{unknown:?}");
}

/// What it is told of, and the counters that it makes without labels.
#[derive(Default)]
struct Told {
    names: Mutex<BTreeSet<String>>,
    counters: Mutex<BTreeSet<String>>,
}

impl Told {
    fn remember(&self, name: &KeyName, unit: Option<Unit>, said: &str) {
        assert!(unit.is_some() && said.len() > 10, "{name:?}: {said}");
        self.names.lock().expect("nobody panicked").insert(name.as_str().to_owned());
    }
}

impl Recorder for Told {
    fn describe_counter(&self, name: KeyName, unit: Option<Unit>, said: SharedString) {
        self.remember(&name, unit, &said);
    }

    fn describe_gauge(&self, name: KeyName, unit: Option<Unit>, said: SharedString) {
        self.remember(&name, unit, &said);
    }

    fn describe_histogram(&self, name: KeyName, unit: Option<Unit>, said: SharedString) {
        self.remember(&name, unit, &said);
    }

    fn register_counter(&self, key: &Key, _: &Metadata<'_>) -> Counter {
        assert_eq!(key.labels().len(), 0, "{key:?}");
        self.counters.lock().expect("nobody panicked").insert(key.name().to_owned());
        Counter::noop()
    }

    fn register_gauge(&self, _: &Key, _: &Metadata<'_>) -> Gauge {
        Gauge::noop()
    }

    fn register_histogram(&self, _: &Key, _: &Metadata<'_>) -> Histogram {
        Histogram::noop()
    }
}
