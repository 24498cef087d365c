//! A dealer's plugin in the answers of its own people, and in nobody else's: a real component, from a folder that is followed.

use std::path::Path;
use std::sync::Arc;
use std::time::Duration;

use ilt_core::testing::MemoryStore;
use ilt_engine::Ports;
use ilt_engine::config::{Config, Limits, layers};
use ilt_engine::plugins::PluginHost;
use ilt_engine::system::SystemClock;
use serde_json::{Value, json};

use crate::asking::{hold, register};
use crate::harness::{TestApp, ports};
use crate::town::{ADA, BOB, FIRST, LATER, MIA, OTTO, SESSION};

/// A host that follows a folder of plugins.
async fn following(folder: &Path) -> TestApp {
    let set = vec![("PLUGINS__FOLDER".to_owned(), folder.display().to_string())];
    let config = Config::of(&layers(None, set).expect("layers")).expect("sound");
    let store = Arc::new(MemoryStore::new());
    let host = PluginHost::new(&config.plugins, store.clone(), Arc::new(SystemClock)).expect("a folder");
    let rules = host.rules();
    let on =
        |clock| Ports { rules, ..ports(store.clone(), store.clone(), store.clone(), store.clone(), clock) };
    TestApp::with(on, Limits::default()).await
}

fn says(folder: &Path, what: &str) {
    let text = format!("dealer = \"{FIRST}\"\ncomponent = \"trouble.wasm\"\n[settings]\ndo = \"{what}\"\n");
    std::fs::write(folder.join("10-first.toml"), text).expect("a file");
}

/// What somebody is shown in the place of a full session: the sessions, and what was adjusted of each.
async fn shown(app: &TestApp, person: &str) -> Vec<(String, Value)> {
    let refused = register(&app.client(person), SESSION).await.json(409);
    let all = refused["alternatives"].as_array().expect("alternatives").clone();
    let of = |one: Value| {
        (one["session"]["id"].as_str().unwrap_or_default().to_owned(), one["adjustments"].clone())
    };
    all.into_iter().map(of).collect()
}

async fn until(app: &TestApp, wanted: &[String]) {
    for _ in 0..200 {
        let sessions: Vec<_> = shown(app, ADA).await.into_iter().map(|(session, _)| session).collect();
        if sessions == wanted {
            return;
        }
        tokio::time::sleep(Duration::from_millis(50)).await;
    }
    panic!("never shown: {wanted:?}");
}

#[tokio::test]
async fn a_dealers_plugin_moves_what_its_own_people_are_shown() {
    let Some(components) = std::env::var_os("ILT_TEST_PLUGINS") else { return };
    let folder = tempfile::tempdir().expect("a folder");
    let folder = folder.path();
    std::fs::copy(Path::new(&components).join("trouble.wasm"), folder.join("trouble.wasm"))
        .expect("a component");
    says(folder, "last");
    std::fs::write(folder.join("20-broken.toml"), "dealer = 7").expect("a file");
    let app = following(folder).await;
    let near = hold(&app, "2027-06-07T09:00", 5).await;
    for person in [BOB, MIA] {
        register(&app.client(person), SESSION).await.json(201);
    }
    app.settled().await;
    let (plain, turned) = ([near.clone(), LATER.to_owned()], [LATER.to_owned(), near]);
    let of = |shown: &[(String, Value)]| shown.iter().map(|it| it.0.clone()).collect::<Vec<_>>();

    let seen = shown(&app, ADA).await;
    assert_eq!(of(&seen), turned);
    let adjustment = &seen[0].1[0];
    assert_eq!(
        (&adjustment["plugin"], &adjustment["change"], &adjustment["reason"]),
        (&json!("trouble"), &json!(0.5), &json!("Last is first."))
    );
    assert_eq!(adjustment["digest"].as_str().map(str::len), Some(64));
    assert_eq!(seen[1].1, json!([]));
    let others = shown(&app, OTTO).await;
    assert!(
        others.iter().all(|(_, adjustments)| *adjustments == json!([])),
        "nobody asked for Otto: {others:?}"
    );
    let told = app.ports().journal.after(0, 10_000).await.expect("read");
    let kept = told
        .iter()
        .any(|entry| serde_json::to_string(&entry.event).is_ok_and(|it| it.contains("Last is first.")));
    assert!(kept, "the journal has it with its reason");

    // Taken anew within a second or so; what cannot be used changes nothing.
    says(folder, "refuse");
    until(&app, &plain).await;
    says(folder, "last");
    until(&app, &turned).await;
    std::fs::write(folder.join("10-first.toml"), "dealer = \"nobody\"").expect("a file");
    tokio::time::sleep(Duration::from_millis(1_500)).await;
    assert_eq!(of(&shown(&app, ADA).await), turned, "what it said before goes on");
    std::fs::remove_file(folder.join("10-first.toml")).expect("it was there");
    until(&app, &plain).await;
}

#[tokio::test]
async fn a_plugin_that_does_not_end_keeps_nobody_waiting_for_long() {
    let Some(components) = std::env::var_os("ILT_TEST_PLUGINS") else { return };
    let folder = tempfile::tempdir().expect("a folder");
    let folder = folder.path();
    std::fs::copy(Path::new(&components).join("trouble.wasm"), folder.join("trouble.wasm"))
        .expect("a component");
    says(folder, "loop for ever");
    let app = following(folder).await;
    for person in [BOB, MIA] {
        register(&app.client(person), SESSION).await.json(201);
    }
    app.settled().await;
    for _ in 0..7 {
        let seen = shown(&app, ADA).await;
        assert_eq!(seen, [(LATER.to_owned(), json!([]))], "as if there were no plugin");
    }
}
