//! Live seats as a page hears them: in order, resumed without a gap, through any host.

use std::time::Duration;

use crate::served::{Client, Listener, Told, admin, client, found, learner, serve, session};
use ilt_core::ids::PersonId;
use ilt_engine::Settings;
use ilt_engine::open::ports_on;
use ilt_store::Options;
use ilt_store::testing::{postgres, sqlite};
use jiff::SignedDuration;
use serde_json::json;

async fn register(http: &reqwest::Client, base: &str, who: PersonId, number: u128) {
    let path = format!("/v1/sessions/{}/registrations", session(number));
    let (status, body) = client(http, base, who).post(&path, "once", json!({})).await.expect("an answer");
    assert_eq!(status, 201, "{body}");
}

async fn next(listener: &mut Listener) -> Told {
    let told = tokio::time::timeout(Duration::from_secs(30), listener.next()).await;
    told.expect("an event comes").expect("the stream goes on")
}

/// Hears until so many people have a seat in a session; answers all it heard.
async fn until(listener: &mut Listener, confirmed: u32) -> Vec<Told> {
    let mut heard = Vec::new();
    loop {
        let told = next(listener).await;
        let is_last = told.data["seats"]["confirmed"] == confirmed;
        heard.push(told);
        if is_last {
            return heard;
        }
    }
}

fn ids(heard: &[Told]) -> Vec<u64> {
    heard.iter().map(|told| told.id.parse().expect("a journal number")).collect()
}

#[tokio::test]
async fn seats_are_heard_as_they_move_and_resumed_without_a_gap() {
    let database = sqlite();
    let store = database.store(Options::default()).await;
    found(&ports_on(store.clone()), 20, &[20, 20]).await;
    let host = serve(store, Settings::default()).await;
    let http = reqwest::Client::new();
    let ears: Client = client(&http, &host.base, learner(0));
    let path = format!("/v1/live?sessions={}", session(0));
    let mut listener = ears.listen(&path, None).await;
    for number in 0..3 {
        register(&http, &host.base, learner(number), 0).await;
    }
    let heard = until(&mut listener, 3).await;
    let last = heard.last().expect("something");
    assert_eq!((last.name.as_str(), &last.data["session"]), ("seats", &json!(session(0))));
    let seats = &last.data["seats"];
    assert_eq!((&seats["capacity"], &seats["open"]), (&json!(20), &json!(17)));
    let (_, page) = ears.get(&format!("/v1/sessions/{}", session(0))).await;
    assert_eq!(*seats, page["seats"], "what is heard is what the page shows");
    drop(listener);

    // Meanwhile the world goes on, elsewhere too.
    for number in 3..8 {
        register(&http, &host.base, learner(number), 0).await;
        register(&http, &host.base, learner(number + 8), 1).await;
    }
    let mut listener = ears.listen(&path, Some(&last.id)).await;
    let resumed = until(&mut listener, 8).await;
    let all = [ids(&heard), ids(&resumed)].concat();
    assert!(all.is_sorted_by(|one, two| one < two), "in order and nothing twice: {all:?}");
    assert_eq!(all.len(), 8, "one for each registration, those that were missed included");
    assert!(resumed.iter().all(|told| told.data["session"] == json!(session(0))), "only what was asked for");
}

#[tokio::test]
async fn a_plan_that_changes_is_heard_too() {
    let database = sqlite();
    let store = database.store(Options::default()).await;
    found(&ports_on(store.clone()), 1, &[5]).await;
    let host = serve(store, Settings::default()).await;
    let http = reqwest::Client::new();
    let mut listener = client(&http, &host.base, learner(0)).listen("/v1/live", None).await;
    let path = format!("/v1/sessions/{}/cancel", session(0));
    let root = client(&http, &host.base, admin());
    root.post(&path, "cancel", json!({ "reason": "storm" })).await.expect("an answer");
    let told = next(&mut listener).await;
    assert_eq!((told.name.as_str(), &told.data["what"]), ("session", &json!("session.cancelled")));
}

#[tokio::test]
async fn whoever_listens_from_ahead_of_the_journal_begins_anew_and_is_told() {
    let database = sqlite();
    let store = database.store(Options::default()).await;
    found(&ports_on(store.clone()), 1, &[5]).await;
    let host = serve(store, Settings::default()).await;
    let http = reqwest::Client::new();
    let mut listener = client(&http, &host.base, learner(0)).listen("/v1/live", Some("99999999")).await;
    assert_eq!(next(&mut listener).await.name, "reset");
    register(&http, &host.base, learner(0), 0).await;
    assert_eq!(next(&mut listener).await.name, "seats");
}

#[tokio::test]
async fn a_stream_ends_with_its_token_its_account_and_what_whoever_listens_may_do() {
    let database = sqlite();
    let store = database.store(Options::default()).await;
    found(&ports_on(store.clone()), 3, &[5]).await;
    let host = serve(store, Settings::default()).await;
    let http = reqwest::Client::new();
    let short = crate::served::client_for(&http, &host.base, learner(0), SignedDuration::from_secs(2));
    let long = client(&http, &host.base, learner(1));
    let (mut short, mut left) = (short.listen("/v1/live", None).await, long.listen("/v1/live", None).await);
    let path = format!("/v1/people/{}", learner(1));
    let root = client(&http, &host.base, admin());
    assert_eq!(root.patch(&path, 1, json!({ "active": false })).await, 200);
    let mut other = client(&http, &host.base, learner(2)).listen("/v1/live", None).await;
    let path = format!("/v1/people/{}", learner(2));
    assert_eq!(root.patch(&path, 1, json!({ "roles": [{ "role": "instructor" }] })).await, 200);
    let why = ["the token has expired", "they have left", "they may do other things"];
    for (listener, why) in [&mut short, &mut left, &mut other].into_iter().zip(why) {
        let told = tokio::time::timeout(Duration::from_secs(20), listener.next()).await;
        assert_eq!(told.expect(why), None, "{why}");
    }
}

#[tokio::test]
async fn what_another_host_commits_is_heard() {
    let Some(database) = postgres("live") else { return };
    let store = database.store(Options::default()).await;
    found(&ports_on(store.clone()), 20, &[20]).await;
    let hosts = [serve(store.clone(), Settings::default()).await, serve(store, Settings::default()).await];
    let http = reqwest::Client::new();
    let mut listener = client(&http, &hosts[0].base, learner(0)).listen("/v1/live", None).await;
    for number in 0..6 {
        register(&http, &hosts[1].base, learner(number), 0).await;
    }
    let heard = ids(&until(&mut listener, 6).await);
    assert!(heard.is_sorted_by(|one, two| one < two), "{heard:?}");
}
