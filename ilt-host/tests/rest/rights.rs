//! Who may do what, to whom: every operation of the contract, with every id that it takes, asked by every role.
//!
//! `rights/table.txt` has a line for each operation, each place of an id in it, and each thing that the id can be of; an operation or
//! an id that is new to the contract fails until somebody has read its line. `ILT_UPDATE=1 cargo test -p ilt-host --test rest rights`
//! writes the table anew.

#[path = "rights/asks.rs"]
mod asks;
#[path = "rights/needs.rs"]
mod needs;
#[path = "rights/scene.rs"]
mod scene;
#[path = "rights/spots.rs"]
mod spots;

use std::collections::BTreeSet;
use std::fmt::Write as _;
use std::path::PathBuf;

use axum::http::Method;
use futures::StreamExt as _;

use crate::harness::TestApp;
use crate::reply::Reply;
use crate::town::{ADA, DORA, GONE, INES, MIA, ROOT, SECOND};
use needs::{Needs, is_refused};
use scene::{Scene, Subject};
use spots::{Kind, Spot};

/// The columns of the table.
const ROLES: [(&str, &str); 5] =
    [("learner", ADA), ("manager", MIA), ("dealer-admin", DORA), ("instructor", INES), ("admin", ROOT)];

const HEADING: &str = "\
# What each role is answered. Ada is the learner who asks; the manager leads her, and not Bob, who is at the same dealer; Otto is at
# another dealer; `none` does not exist. All three are registered for the session `taught`, which is the instructor's, unlike `other`,
# `draft` and `given-up`, a draft that was cancelled. `-`: the operation takes no id there.
";

/// One question and its answer.
struct Cell {
    status: u16,
    /// What was said, without the ids that the question had.
    said: String,
}

/// Asks it on a host on which nobody has done anything; answers the host as well when that is still so.
async fn ask(
    (app, scene): (TestApp, Scene),
    person: &str,
    method: &Method,
    operation: &str,
    path: &str,
    spot: &Spot,
    subject: Subject,
) -> (Cell, Option<(TestApp, Scene)>) {
    let before = app.head().await;
    let ids = scene.ids(operation, spot.kind, subject);
    let (path, body) =
        asks::ask(operation, path, spot, &ids, &scene.ids(operation, Kind::Nothing, Subject::Some));
    let seen = match *method {
        Method::PATCH => app.client(ROOT).get(&path).await.header("etag").to_owned(),
        _ => String::new(),
    };
    let version = if seen.is_empty() { "\"1\"".to_owned() } else { seen };
    let begun = app.client(person).with("if-match", version).begin(method.clone(), &path, body).await;
    let cell = if operation == "live" {
        Cell { status: begun.status().as_u16(), said: "whatever happens".to_owned() }
    } else {
        let reply = Reply::read(begun).await;
        Cell { status: reply.status, said: reply.text().replace(ids.chosen(spot.kind), "ID") }
    };
    let is_as_it_was = cell.status >= 400 && app.head().await == before;
    (cell, is_as_it_was.then_some((app, scene)))
}

/// What came of asking about one place of an id.
struct Lines {
    text: String,
    /// Who can tell what from what, and should not.
    leaks: Vec<String>,
    /// By operation and role, about what, and the answer.
    answers: Vec<(String, &'static str, Subject, u16)>,
}

async fn lines(method: Method, operation: String, path: String, spot: Spot) -> Lines {
    let mut lines = String::new();
    let mut told: Vec<(Subject, Vec<Cell>)> = Vec::new();
    let mut unused = None;
    for subject in spot.kind.subjects() {
        let mut cells = Vec::new();
        for (_, person) in ROLES {
            let stage = match unused.take() {
                Some(stage) => stage,
                None => Scene::set().await,
            };
            let (cell, left) = ask(stage, person, &method, &operation, &path, &spot, *subject).await;
            cells.push(cell);
            unused = left;
        }
        let _ = write!(lines, "{operation:26} {:26} {:9}", spot.name, subject.word());
        for cell in &cells {
            let _ = write!(lines, " {:>3}", cell.status);
        }
        lines.push('\n');
        told.push((*subject, cells));
    }
    let leaks = told_apart(&operation, &spot, &told);
    let answers = told.iter().flat_map(|(subject, cells)| {
        let of_role = |((role, _), cell): (&(&'static str, &str), &Cell)| {
            (operation.clone(), *role, *subject, cell.status)
        };
        ROLES.iter().zip(cells).map(of_role).collect::<Vec<_>>()
    });
    Lines { text: lines, leaks, answers: answers.collect() }
}

/// Who can tell what is kept from them (somebody of another dealer, a session that was never published) from what does not exist.
fn told_apart(operation: &str, spot: &Spot, told: &[(Subject, Vec<Cell>)]) -> Vec<String> {
    let of = |subject| told.iter().find(|(it, _)| *it == subject).map(|(_, cells)| cells);
    let Some(none) = of(Subject::None) else { return Vec::new() };
    let kept_back = [Subject::Otto, Subject::Draft, Subject::GivenUp];
    let plugins = [Subject::Second].into_iter().filter(|_| spot.kind == Kind::Plugin);
    let kept_back = kept_back.into_iter().chain(plugins).filter_map(|it| Some((it, of(it)?)));
    // Registrations are for a session that the instructor teaches.
    let strangers = if spot.kind == Kind::Registration { 3 } else { 4 };
    let of_role = |(subject, cells): (Subject, &Vec<Cell>)| {
        let differs =
            |at: &usize| (cells[*at].status, &cells[*at].said) != (none[*at].status, &none[*at].said);
        let tell = |at: usize| {
            let ((role, _), place, subject) = (ROLES[at], &spot.name, subject.word());
            format!(
                "{operation} {place}: {role} hears of {subject} {}, of none {}",
                cells[at].said, none[at].said
            )
        };
        (0..strangers).filter(differs).map(tell).collect::<Vec<_>>()
    };
    kept_back.flat_map(of_role).collect()
}

#[tokio::test(flavor = "multi_thread")]
async fn everybody_is_answered_as_the_table_says() {
    let asked =
        spots::all().into_iter().map(|(method, operation, path, spot)| lines(method, operation, path, spot));
    let parts: Vec<Lines> = futures::stream::iter(asked).buffered(4).collect().await;
    let mut table = HEADING.to_owned();
    let _ = write!(table, "{:26} {:26} {:9}", "# operation", "id", "of");
    for (role, _) in ROLES {
        let _ = write!(table, " {role}");
    }
    table.push('\n');
    table.extend(parts.iter().map(|part| part.text.as_str()));
    let file = PathBuf::from(env!("CARGO_MANIFEST_DIR")).join("tests/rest/rights/table.txt");
    if std::env::var_os("ILT_UPDATE").is_some() {
        std::fs::write(&file, &table).expect("it can be written");
    }
    let leaks: Vec<_> = parts.iter().flat_map(|part| &part.leaks).collect();
    assert_eq!(leaks, Vec::<&String>::new(), "nobody learns who there is at other dealers");
    hold_to_the_contract(parts.into_iter().flat_map(|part| part.answers));
    let agreed = std::fs::read_to_string(&file).unwrap_or_default();
    for (agreed, seen) in agreed.lines().zip(table.lines()) {
        assert_eq!(seen, agreed, "see {}", file.display());
    }
    assert_eq!(table.lines().count(), agreed.lines().count(), "lines of {}", file.display());
}

/// Whoever may not ask for something is refused, whatever is asked about; whoever may is answered about something.
fn hold_to_the_contract(answers: impl Iterator<Item = (String, &'static str, Subject, u16)>) {
    let needs = Needs::all();
    let (mut wrong, mut granted, mut answered) = (Vec::new(), BTreeSet::new(), BTreeSet::new());
    for (operation, role, subject, status) in answers {
        let needs = &needs[&operation];
        // Whose name stands in a body may be found wrong before anything else; a list of another dealer's has nothing in it.
        let is_in_order = is_refused(status) || status == 422 || operation == "people";
        if !needs.reach(role, subject) && !is_in_order {
            wrong.push(format!("{operation}: {role} is answered {status} about {}", subject.word()));
        }
        // Secret addresses have no example here, and only a learner has anything that is one's own.
        if !needs.is_open() && (needs.scope(role).is_some_and(|it| it != "own") || role == "learner") {
            if needs.scope(role).is_some() {
                granted.insert((operation.clone(), role));
            }
            if !is_refused(status) {
                answered.insert((operation, role));
            }
        }
    }
    assert_eq!(wrong, Vec::<String>::new(), "who may not is refused");
    let differing: Vec<_> = granted.symmetric_difference(&answered).collect();
    assert_eq!(differing, Vec::<&(String, &str)>::new(), "who may is answered, and nobody else");
}

/// Without a token, and with one of somebody who has left.
#[tokio::test]
async fn whoever_is_nobody_here_is_answered_nothing() {
    let (app, scene) = Scene::set().await;
    let needs = Needs::all();
    for (method, operation, path, spot) in spots::all() {
        if needs[&operation].is_open() {
            continue;
        }
        let ids = scene.ids(&operation, Kind::Nothing, Subject::Some);
        let (path, body) = asks::ask(&operation, &path, &spot, &ids, &ids);
        for client in [app.stranger(), app.client(GONE)] {
            let status = client.begin(method.clone(), &path, body.clone()).await.status();
            assert_eq!(status, 401, "{operation}");
        }
    }
}

/// Who leads a team at another dealer, or looks after that dealer, has nothing to say here.
#[tokio::test]
async fn the_same_role_at_another_dealer_opens_nothing() {
    let (app, scene) = Scene::set().await;
    let mut strangers = Vec::new();
    for role in ["manager", "dealer-admin"] {
        let person = serde_json::json!({ "name": role, "email": format!("{role}@other.example"), "zone": "Europe/Berlin",
            "dealer": SECOND, "roles": [{ "role": role, "dealer": SECOND }] });
        let added = app.client(ROOT).post("/v1/people", person).await.json(201);
        strangers.push((role, added["id"].as_str().expect("an id").to_owned()));
    }
    let needs = Needs::all();
    let mut asked = 0;
    for (method, operation, path, spot) in spots::all() {
        for (role, person) in &strangers {
            let is_about_them =
                |subject: &&Subject| matches!(subject, Subject::Ada | Subject::Bob | Subject::First);
            let is_limited =
                needs[&operation].scope(role).is_none_or(|it| it != "everything") && operation != "people";
            for subject in spot.kind.subjects().iter().filter(is_about_them).filter(|_| is_limited) {
                let ids = scene.ids(&operation, spot.kind, *subject);
                let usual = scene.ids(&operation, Kind::Nothing, Subject::Some);
                let (path, body) = asks::ask(&operation, &path, &spot, &ids, &usual);
                let client = app.client(person).with("if-match", "\"1\"");
                let status = client.begin(method.clone(), &path, body).await.status().as_u16();
                assert!(
                    is_refused(status),
                    "{operation} {}: {role} is answered {status} about {}",
                    spot.name,
                    subject.word()
                );
                asked += 1;
            }
        }
    }
    assert!(asked > 100, "{asked} questions");
}
