//! From a seat that is taken to a statement in a real record store, straight from the journal; and what becomes of one that
//! the record store never takes.

use std::sync::Arc;
use std::sync::atomic::{AtomicUsize, Ordering};
use std::time::Duration;

use crate::served::{found, learner, session};
use ilt_core::desk::{Command, OnFull};
use ilt_core::journal::Actor;
use ilt_core::ports::{DeadLetters as _, Journal as _, Statements as _};
use ilt_core::statement::{Style, Verb};
use ilt_engine::events::Names;
use ilt_engine::followers::Follower;
use ilt_engine::followers::forward::{FORWARD, Forward};
use ilt_engine::followers::teller::Teller;
use ilt_engine::open::ports_on;
use ilt_engine::system::SystemClock;
use ilt_engine::{Engine, Settings};
use ilt_lrs::Forwarder;
use ilt_store::testing::{Database, postgres, sqlite};
use ilt_store::{Options, SqlStore};
use uuid::Uuid;

/// The record stores that `scripts/test` starts; without them, only continuous integration insists.
fn record_stores() -> Vec<String> {
    let named = |variable: &str| {
        let found = std::env::var(variable).ok();
        assert!(found.is_some() || std::env::var("CI").is_err(), "{variable} must name a record store");
        found
    };
    ["ILT_TEST_RALPH", "ILT_TEST_LEARNING_LOCKER"].into_iter().filter_map(named).collect()
}

fn forward(store: &SqlStore, endpoint: &str) -> Forward {
    let credentials = Some(("tester".to_owned(), "secret".to_owned().into()));
    let settings = ilt_lrs::Settings {
        endpoint: endpoint.to_owned(),
        credentials,
        pause: Duration::from_millis(5),
        ..ilt_lrs::Settings::default()
    };
    let forwarder = Forwarder::new(settings).expect("sound settings");
    let store = Arc::new(store.clone());
    let (journal, statements, dead_letters) = (store.clone(), store.clone(), store);
    Forward::new(journal, statements, dead_letters, Arc::new(SystemClock), forwarder)
}

/// A store in which so many people have a seat, all of it told of. A verb may have an identifier that no record store takes.
async fn told(database: &Database, people: u128, spoilt: Option<Verb>) -> SqlStore {
    let store = database.store(Options::default()).await;
    found(&ports_on(store.clone()), people, &[500]).await;
    let engine = Engine::start(ports_on(store.clone()), Settings::default()).await.expect("it starts");
    for number in 0..people {
        let (learner, session, on_full) = (learner(number), session(0), OnFull::Alternatives);
        let register = Command::Register { session, learner, on_full, automatic: false, reason: None };
        engine.ask(Actor::Person(learner), register, None, Uuid::nil()).await.expect("a seat");
    }
    engine.stop().await;
    let shared = Arc::new(store.clone());
    let verbs = spoilt.map(|verb| (verb, "no address at all".to_owned())).into_iter().collect();
    let style = Style { verbs, namespace: Uuid::from_u128(people), ..Style::default() };
    let names = Names { style, ..Names::default() };
    let teller = Teller::new(shared.clone(), shared.clone(), shared, names).expect("sound names");
    while teller.turn().await.expect("told").done > 0 {}
    store
}

async fn is_known(endpoint: &str, id: Uuid) -> bool {
    let request = reqwest::Client::new().get(format!("{endpoint}/statements?statementId={id}"));
    let request = request.basic_auth("tester", Some("secret")).header("X-Experience-API-Version", "1.0.3");
    let answer = request.send().await.expect("an answer");
    let found: serde_json::Value = answer.json().await.unwrap_or_default();
    let listed = found["statements"].as_array().cloned().unwrap_or_default();
    listed.iter().chain([&found]).any(|it| it["id"] == id.to_string())
}

#[tokio::test]
async fn everything_that_is_told_is_in_the_record_store() {
    for endpoint in record_stores() {
        for database in [Some(sqlite()), postgres("forwarding")].into_iter().flatten() {
            let store = told(&database, 60, None).await;
            let follower = forward(&store, &endpoint);
            while follower.turn().await.expect("forwarded").done > 0 {}
            let all = store.told_after(0, 1_000).await.expect("read");
            assert_eq!(all.len(), 62);
            for one in &all {
                assert!(is_known(&endpoint, one.told.id).await, "{endpoint}: {}", one.number);
            }
            assert_eq!(store.checkpoint(FORWARD).await.expect("read"), 62);
            assert_eq!(store.dead(FORWARD, 10).await.expect("read"), []);
        }
    }
}

#[tokio::test]
async fn what_is_never_taken_is_a_dead_letter_and_the_rest_goes_on() {
    // Ralph takes a verb whose identifier is no address.
    for endpoint in record_stores().into_iter().skip(1) {
        let database = sqlite();
        let store = told(&database, 31, Some(Verb::Scheduled)).await;
        let follower = forward(&store, &endpoint);
        while follower.turn().await.expect("forwarded").done > 0 {}
        let all = store.told_after(0, 1_000).await.expect("read");
        let scheduled = all.iter().find(|it| it.told.verb == Verb::Scheduled).expect("told");
        let dead: Vec<_> = store.dead(FORWARD, 10).await.expect("read");
        assert_eq!(dead.iter().map(|it| it.statement).collect::<Vec<_>>(), [scheduled.told.id], "{endpoint}");
        let why = dead[0].reason.strip_prefix("invalid: ").expect("in the record store's own words");
        assert!(why.contains("verb") && !why.contains('@'), "{why}");
        assert_eq!(store.checkpoint(FORWARD).await.expect("read"), all.len() as u64);
        assert!(is_known(&endpoint, all[31].told.id).await);
    }
}

#[tokio::test]
async fn a_record_store_that_is_away_is_waited_for() {
    let database = sqlite();
    let store = told(&database, 3, None).await;
    let failed = forward(&store, "http://127.0.0.1:1/xAPI").turn().await.expect_err("nobody is there");
    assert!(failed.said.starts_with("the record store cannot be reached: "), "{}", failed.said);
    assert_eq!(store.checkpoint(FORWARD).await.expect("read"), 0, "nothing is given up");
}

/// A record store that is away for some requests, and fails at one statement ever after.
async fn ill(away: usize, statement: Uuid) -> String {
    let (asked, statement) = (Arc::new(AtomicUsize::new(0)), statement.to_string());
    let take = move |body: String| {
        let is_away = asked.fetch_add(1, Ordering::SeqCst) < away;
        let status = if is_away {
            503
        } else if body.contains(&statement) {
            500
        } else {
            204
        };
        std::future::ready(axum::http::StatusCode::from_u16(status).expect("a status"))
    };
    let router = axum::Router::new().route("/xAPI/statements", axum::routing::post(take));
    let listener = tokio::net::TcpListener::bind("127.0.0.1:0").await.expect("a port");
    let endpoint = format!("http://{}/xAPI", listener.local_addr().expect("an address"));
    tokio::spawn(async move { axum::serve(listener, router).await });
    endpoint
}

/// After an outage little is tried at once, and nothing is known to pass.
#[tokio::test]
async fn a_statement_at_which_it_fails_holds_nobody_up_after_an_outage() {
    let database = sqlite();
    let store = told(&database, 5, None).await;
    let all = store.told_after(0, 1_000).await.expect("read");
    let endpoint = ill(8, all[0].told.id).await;
    let follower = forward(&store, &endpoint);
    let mut failed = 0;
    while store.checkpoint(FORWARD).await.expect("read") < all.len() as u64 {
        failed += u32::from(follower.turn().await.is_err());
        assert!(failed < 12, "it is found in the second turn after the outage");
    }
    let dead = store.dead(FORWARD, 10).await.expect("read");
    assert_eq!(dead.iter().map(|it| it.statement).collect::<Vec<_>>(), [all[0].told.id]);
}
