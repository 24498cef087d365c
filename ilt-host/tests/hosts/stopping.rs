//! A host that is told to stop answers what it has accepted, and does not wait for what never comes.

use std::collections::BTreeSet;
use std::io::{Read as _, Write as _};
use std::net::TcpStream;
use std::time::Duration;

use crate::served::process::Host;
use crate::served::{client, found, learner, session};
use ilt_core::access::Sight;
use ilt_core::ports::Reads as _;
use ilt_engine::open::ports_on;
use ilt_store::Options;
use ilt_store::testing::sqlite;
use serde_json::json;

/// Long enough for any machine; nobody waits for it when all is well.
const PATIENCE: Duration = Duration::from_mins(1);

#[tokio::test]
async fn what_was_accepted_is_answered() {
    const CLIENTS: u128 = 24;
    let database = sqlite();
    let store = database.store(Options::default()).await;
    found(&ports_on(store.clone()), 4_800, &[4_800]).await;
    let host = Host::start(&database, &[]);
    let http = reqwest::Client::new();
    let clients: Vec<_> = (0..CLIENTS)
        .map(|number| {
            let (http, base) = (http.clone(), host.base.clone());
            tokio::spawn(async move {
                let mut told = Vec::new();
                for turn in 0..200 {
                    let learner = learner(turn * CLIENTS + number);
                    let path = format!("/v1/sessions/{}/registrations", session(0));
                    match client(&http, &base, learner).post(&path, "once", json!({})).await {
                        Some((201, body)) => told.push(body["id"].as_str().expect("an id").to_owned()),
                        Some((503, _)) | None => break,
                        Some((status, body)) => panic!("answered {status} {body}"),
                    }
                }
                told
            })
        })
        .collect();
    tokio::time::sleep(Duration::from_millis(500)).await;
    host.terminate();
    let status = tokio::time::timeout(PATIENCE, host.ended()).await.expect("it ends");
    assert!(status.success(), "{status}");
    let mut told = BTreeSet::new();
    for client in clients {
        told.extend(client.await.expect("no panic"));
    }
    let lines = store.roster(session(0), &Sight::Everyone).await.expect("read").expect("a roster").lines;
    let kept: BTreeSet<_> = lines.iter().map(|line| line.registration.id.to_string()).collect();
    assert!(!told.is_empty(), "it was stopped in the middle");
    assert_eq!(told, kept, "every yes was kept, and every seat that was given was told");
}

#[tokio::test]
async fn a_request_that_never_ends_holds_up_nobody() {
    let database = sqlite();
    let host = Host::start(&database, &[("ILT__HTTP__GRACE", "300ms")]);
    let mut dawdler = TcpStream::connect(host.base.trim_start_matches("http://")).expect("a connection");
    let half = "POST /v1/sessions HTTP/1.1\r\nhost: ilt\r\ncontent-length: 100\r\n\r\n{";
    dawdler.write_all(half.as_bytes()).expect("sent");
    tokio::time::sleep(Duration::from_millis(200)).await;
    host.terminate();
    let status = tokio::time::timeout(PATIENCE, host.ended()).await.expect("it ends");
    assert!(status.success(), "{status}");
    let mut rest = Vec::new();
    let _reset_or_over = dawdler.read_to_end(&mut rest);
}

#[tokio::test]
async fn a_live_listener_is_told_and_holds_up_nobody() {
    let database = sqlite();
    let store = database.store(Options::default()).await;
    found(&ports_on(store), 1, &[5]).await;
    let host = Host::start(&database, &[]);
    let http = reqwest::Client::new();
    let listening = client(&http, &host.base, learner(0)).listen("/v1/live", None).await;
    host.terminate();
    let status = tokio::time::timeout(PATIENCE, host.ended()).await.expect("it ends");
    assert!(status.success(), "{status}");
    drop(listening);
}
