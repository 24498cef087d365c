//! The house as it is drawn in docs/ARCHITECTURE.md, held by machine.

use std::collections::{BTreeMap, BTreeSet};
use std::path::Path;

use cargo_metadata::{CargoOpt, DependencyKind, Metadata, MetadataCommand};
use ilt_core::policy::Rule;

/// Who may depend on whom, of our own crates.
const DRAWN: [(&str, &[&str]); 14] = [
    ("ilt-core", &[]),
    ("ilt-store", &["ilt-core"]),
    ("ilt-kafka", &["ilt-core"]),
    ("ilt-lrs", &["ilt-core"]),
    ("ilt-calcom", &["ilt-core"]),
    ("ilt-evidence", &["ilt-core"]),
    ("ilt-wasm", &["ilt-core"]),
    (
        "ilt-engine",
        &["ilt-core", "ilt-store", "ilt-kafka", "ilt-lrs", "ilt-calcom", "ilt-evidence", "ilt-wasm"],
    ),
    ("ilt-host", &["ilt-core", "ilt-store", "ilt-kafka", "ilt-lrs", "ilt-engine", "ilt-example-data"]),
    ("ilt-py", &["ilt-core", "ilt-engine", "ilt-host"]),
    ("ilt-simulation", &["ilt-core", "ilt-engine"]),
    ("ilt-fuzz", &["ilt-core", "ilt-engine", "ilt-host", "ilt-kafka"]),
    ("ilt-example-data", &[]),
    ("ilt-example-embed", &["ilt-core", "ilt-engine", "ilt-host"]),
];

/// All that the core may depend on.
const CORE: [&str; 8] =
    ["async-trait", "jiff", "rstar", "serde", "serde_json", "thiserror", "unicode-normalization", "uuid"];

/// What must not be reachable from the core in any way.
const NEVER_IN_CORE: [&str; 6] = ["tokio", "sqlx", "axum", "reqwest", "hyper", "tracing"];

fn metadata() -> Metadata {
    let mut command = MetadataCommand::new();
    command.manifest_path(root().join("Cargo.toml")).features(CargoOpt::AllFeatures);
    command.exec().expect("cargo describes the workspace")
}

fn root() -> &'static Path {
    Path::new(env!("CARGO_MANIFEST_DIR")).parent().expect("the workspace")
}

#[test]
fn our_crates_depend_on_each_other_as_drawn() {
    let metadata = metadata();
    let ours: BTreeSet<_> =
        metadata.workspace_packages().iter().map(|package| package.name.to_string()).collect();
    let drawn: BTreeMap<_, _> = DRAWN.into_iter().collect();
    for package in metadata.workspace_packages() {
        let allowed = drawn.get(package.name.as_str());
        let allowed =
            allowed.unwrap_or_else(|| panic!("{} is not drawn: add it to the picture first", package.name));
        for dependency in &package.dependencies {
            let is_test_only = dependency.kind == DependencyKind::Development;
            if ours.contains(&dependency.name) && !is_test_only {
                assert!(
                    allowed.contains(&dependency.name.as_str()),
                    "{} depends on {}, which is not drawn",
                    package.name,
                    dependency.name
                );
            }
        }
    }
}

#[test]
fn the_core_depends_on_its_short_list_alone() {
    let metadata = metadata();
    let core = metadata
        .workspace_packages()
        .into_iter()
        .find(|package| package.name == "ilt-core")
        .expect("the core");
    let normal = core.dependencies.iter().filter(|it| it.kind == DependencyKind::Normal);
    let more: Vec<_> = normal.map(|it| it.name.as_str()).filter(|name| !CORE.contains(name)).collect();
    assert!(more.is_empty(), "the core depends on {more:?}; what it needs of the outside is a port");
}

#[test]
fn nothing_that_waits_or_talks_is_reachable_from_the_core() {
    let metadata = metadata();
    let resolve = metadata.resolve.as_ref().expect("a resolved graph");
    let names: BTreeMap<_, _> =
        metadata.packages.iter().map(|package| (&package.id, package.name.to_string())).collect();
    let core = metadata.packages.iter().find(|package| package.name == "ilt-core").expect("the core");
    let (mut seen, mut next) = (BTreeSet::new(), vec![&core.id]);
    while let Some(id) = next.pop() {
        let node = resolve.nodes.iter().find(|node| node.id == *id).expect("a node");
        for dependency in &node.deps {
            let is_normal = dependency.dep_kinds.iter().any(|kind| kind.kind == DependencyKind::Normal);
            if is_normal && seen.insert(&dependency.pkg) {
                next.push(&dependency.pkg);
            }
        }
    }
    let reached: BTreeSet<_> = seen.into_iter().map(|id| names[id].as_str()).collect();
    let wrong: Vec<_> = NEVER_IN_CORE.iter().filter(|name| reached.contains(*name)).collect();
    assert!(wrong.is_empty(), "the core reaches {wrong:?}");
}

#[test]
fn paths_that_the_documents_name_exist() {
    let mut missing = Vec::new();
    for document in ["README.md", "docs/ARCHITECTURE.md"] {
        let text = std::fs::read_to_string(root().join(document)).expect("a document");
        for word in text.split('`').skip(1).step_by(2).filter(|word| is_path(word)) {
            if !root().join(word).exists() {
                missing.push(format!("{document} names {word}"));
            }
        }
    }
    assert!(missing.is_empty(), "{missing:#?}");
}

/// A word in backticks that looks like a path of ours: it begins with a folder that is there.
fn is_path(word: &str) -> bool {
    let first = word.split('/').next().unwrap_or_default();
    word.contains('/')
        && !word.starts_with('/')
        && !word.contains([' ', '{', '<'])
        && root().join(first).is_dir()
        && word != "ilt-host/web"
}

/// The rows of the table in `docs/rules.md`: settings, and tests.
fn rules_on_paper() -> Vec<(String, String)> {
    let page = include_str!("../../../docs/rules.md");
    let rows = page.lines().filter(|line| line.starts_with("| ")).skip(1);
    let cells = rows.map(|row| row.split('|').map(str::trim).collect::<Vec<_>>());
    cells.map(|cells| (cells[2].to_owned(), cells[3].to_owned())).collect()
}

fn in_backticks(text: &str) -> impl Iterator<Item = &str> {
    text.split('`').skip(1).step_by(2)
}

#[test]
fn the_page_of_rules_has_every_setting_with_its_default() {
    let rows = rules_on_paper();
    for rule in Rule::ALL {
        let said = format!("`{}` {} {}", rule.word(), rule.default(), rule.unit());
        let rows = rows.iter().filter(|(settings, _)| in_backticks(settings).any(|word| word == rule.word()));
        let rows: Vec<_> = rows.collect();
        assert!(matches!(rows.as_slice(), [(settings, _)] if settings.contains(&said)), "{said}: {rows:?}");
    }
}

#[test]
fn every_rule_on_paper_is_specified_by_tests_that_exist() {
    for (settings, tests) in rules_on_paper() {
        assert!(in_backticks(&tests).next().is_some(), "a rule without a test: {settings} {tests}");
        for test in in_backticks(&tests) {
            let (place, name) = test.rsplit_once("::").expect("a module and a test");
            let file = match place.split_once("::") {
                Some((folder, file)) => format!("{folder}/rules/{file}.rs"),
                None => format!("{place}/rules.rs"),
            };
            let path = Path::new(env!("CARGO_MANIFEST_DIR")).join("../ilt-core/src").join(file);
            let text =
                std::fs::read_to_string(&path).unwrap_or_else(|_| panic!("{test}: no {}", path.display()));
            assert!(text.contains(&format!("fn {name}(")), "{test} does not exist");
        }
    }
}
