//! A host that is killed in the middle of load has lost nothing that a client was told.

use std::collections::BTreeSet;
use std::sync::Arc;
use std::sync::atomic::{AtomicBool, Ordering};
use std::time::Duration;

use crate::served::process::Host;
use crate::served::{client, found, learner, session};
use ilt_core::access::Sight;
use ilt_core::journal::Event;
use ilt_core::ports::{Journal as _, Reads as _};
use ilt_engine::open::ports_on;
use ilt_store::Options;
use ilt_store::testing::{Database, postgres, sqlite};
use serde_json::json;
use tokio::sync::Semaphore;

const LEARNERS: u128 = 3_000;
const CLIENTS: u128 = 32;
/// Of them so many have an answer when the host is killed.
const ENOUGH: u32 = 100;

/// Clients register until the host is killed under them; whoever was told 201 must be found, and the journal must agree.
async fn kill_under_load(database: &Database) {
    let store = database.store(Options::default()).await;
    found(&ports_on(store.clone()), LEARNERS, &[u32::try_from(LEARNERS).expect("few")]).await;
    let host = Host::start(database, &[]);
    let (is_over, answered) = (Arc::new(AtomicBool::new(false)), Arc::new(Semaphore::new(0)));
    let http = reqwest::Client::new();
    let clients: Vec<_> = (0..CLIENTS)
        .map(|number| {
            let (http, base, is_over) = (http.clone(), host.base.clone(), is_over.clone());
            let answered = answered.clone();
            tokio::spawn(async move {
                let mut told = Vec::new();
                for turn in 0..LEARNERS / CLIENTS {
                    let learner = learner(turn * CLIENTS + number);
                    let path = format!("/v1/sessions/{}/registrations", session(0));
                    let answer = client(&http, &base, learner).post(&path, "once", json!({})).await;
                    match answer {
                        Some((201, body)) => {
                            told.push(body["id"].as_str().expect("an id").to_owned());
                            answered.add_permits(1);
                        }
                        Some((status, body)) => panic!("answered {status} {body}"),
                        None => break,
                    }
                    if is_over.load(Ordering::SeqCst) {
                        break;
                    }
                }
                told
            })
        })
        .collect();
    let enough = tokio::time::timeout(Duration::from_mins(1), answered.acquire_many(ENOUGH)).await;
    drop(enough.expect("registrations are under way").expect("it is never closed"));
    host.kill();
    is_over.store(true, Ordering::SeqCst);
    let mut told = BTreeSet::new();
    for client in clients {
        told.extend(client.await.expect("a client"));
    }

    // A host that starts after it serves as if nothing had been.
    let host = Host::start(database, &[]);
    let reader = client(&http, &host.base, crate::served::admin());
    let (status, shown) = reader.get(&format!("/v1/sessions/{}", session(0))).await;
    assert_eq!(status, 200);
    let lines = store.roster(session(0), &Sight::Everyone).await.expect("read").expect("a roster").lines;
    let kept: BTreeSet<_> = lines.iter().map(|line| line.registration.id.to_string()).collect();
    let lost: Vec<_> = told.difference(&kept).collect();
    assert!(lost.is_empty(), "{} of {} were told and are gone", lost.len(), told.len());
    assert_eq!(shown["seats"]["confirmed"], kept.len());
    let entries = store.after(0, 100_000).await.expect("the journal");
    let journalled = entries.iter().filter(|entry| entry.event == Event::Registered);
    let journalled: BTreeSet<_> =
        journalled.filter_map(|entry| Some(entry.registration?.to_string())).collect();
    assert_eq!(journalled, kept, "the journal tells of other registrations than there are");
    host.kill();
}

#[tokio::test(flavor = "multi_thread")]
async fn a_killed_host_has_lost_nothing_on_sqlite() {
    kill_under_load(&sqlite()).await;
}

#[tokio::test(flavor = "multi_thread")]
async fn a_killed_host_has_lost_nothing_on_postgres() {
    let Some(database) = postgres("killed") else { return };
    kill_under_load(&database).await;
}
