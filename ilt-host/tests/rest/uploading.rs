//! A plugin from its upload to its last day, by REST, with a real component: who may, what is shown, and what learners see of it.

use std::path::Path;
use std::sync::Arc;

use ilt_core::testing::MemoryStore;
use ilt_engine::Ports;
use ilt_engine::config::{Config, Limits, layers};
use ilt_engine::plugins::PluginHost;
use ilt_engine::system::SystemClock;
use jiff::SignedDuration;
use serde_json::{Value, json};

use crate::asking::{hold, register};
use crate::harness::{Store, TestApp, ports};
use crate::town::{ADA, BOB, DORA, FIRST, LATER, MIA, OTTO, ROOT, SECOND, SESSION};

pub const COMPONENTS: &str = "/v1/plugins/components";

pub async fn host() -> TestApp {
    let config = Config::of(&layers(None, Vec::new()).expect("layers")).expect("sound");
    let store = Arc::new(MemoryStore::new());
    let host = PluginHost::new(&config.plugins, store.clone(), Arc::new(SystemClock)).expect("a host");
    let rules = host.rules();
    let on =
        |clock| Ports { rules, ..ports(store.clone(), store.clone(), store.clone(), store.clone(), clock) };
    TestApp::with(on, Limits::default()).await.with_plugins(host).await
}

pub fn component(name: &str) -> Option<Vec<u8>> {
    let folder = std::env::var_os("ILT_TEST_PLUGINS")?;
    Some(std::fs::read(Path::new(&folder).join(name)).expect("a component"))
}

/// The troublemaker, uploaded by the dealer's admin.
async fn uploaded(app: &TestApp, bytes: &[u8]) -> Value {
    app.client(DORA).upload(COMPONENTS, bytes.to_vec()).await.json(201)
}

async fn added(app: &TestApp, component: &Value, what: &str) -> Value {
    let body = json!({ "component": component["component"], "dealer": FIRST, "settings": { "do": what } });
    app.client(DORA).post("/v1/plugins", body).await.json(201)
}

/// The sessions that somebody is shown in the place of a full one, with what was adjusted of the first.
async fn shown(app: &TestApp, person: &str) -> (Vec<String>, Value) {
    let refused = register(&app.client(person), SESSION).await.json(409);
    let all = refused["alternatives"].as_array().expect("alternatives").clone();
    let ids = all.iter().map(|one| one["session"]["id"].as_str().unwrap_or_default().to_owned());
    (ids.collect(), all[0]["adjustments"].clone())
}

#[tokio::test]
async fn what_is_uploaded_is_switched_on_rolled_back_and_off() {
    let Some(bytes) = component("trouble.wasm") else { return };
    let app = host().await;
    let near = hold(&app, "2027-06-07T09:00", 5).await;
    for person in [BOB, MIA] {
        register(&app.client(person), SESSION).await.json(201);
    }
    app.settled().await;
    let (plain, turned) = (vec![near.clone(), LATER.to_owned()], vec![LATER.to_owned(), near]);

    let component = uploaded(&app, &bytes).await;
    assert_eq!(
        (&component["plugin"], &component["settings"]["required"]),
        (&json!("trouble"), &json!(["do"]))
    );
    assert_eq!(uploaded(&app, &bytes).await, component, "the same once more");
    let digest = component["component"].as_str().expect("a digest");
    assert_eq!(app.client(DORA).get(format!("{COMPONENTS}/{digest}")).await.json(200), component);

    let plugin = added(&app, &component, "last").await;
    let at = format!("/v1/plugins/{}", plugin["id"].as_str().expect("an id"));
    assert_eq!(
        (&plugin["active"], &plugin["dealer"], &plugin["place"]),
        (&Value::Null, &json!(FIRST), &json!(100))
    );
    assert_eq!(shown(&app, ADA).await, (plain.clone(), json!([])), "it is off");

    let dora = app.client(DORA);
    let why = |reason: &str| json!({ "reason": reason });
    let on = dora.post(format!("{at}/activate"), why("Later ones suit us better.")).await.json(200);
    assert_eq!((&on["active"], &on["before"]), (&json!(1), &Value::Null));
    let (sessions, adjustments) = shown(&app, ADA).await;
    assert_eq!(sessions, turned, "at once on the host that was asked");
    assert_eq!(adjustments[0]["digest"], component["component"]);
    assert_eq!(shown(&app, OTTO).await.1, json!([]), "nobody asked for Otto");

    let other = dora.patch(&at, json!({ "settings": { "do": "refuse" }, "version": 2 })).await.json(200);
    assert_eq!((&other["active"], other["editions"].as_array().map(Vec::len)), (&json!(1), Some(2)));
    assert_eq!(shown(&app, ADA).await.0, turned, "another edition counts once it is activated");
    dora.post(format!("{at}/activate"), why("A test.")).await.json(200);
    assert_eq!(shown(&app, ADA).await.0, plain);
    let log = dora.get(format!("{at}/log")).await.json(200);
    assert!(log["items"][0]["text"].as_str().is_some_and(|it| it.contains("no opinion today")), "{log}");

    let back = dora.post(format!("{at}/roll-back"), why("The test is over.")).await.json(200);
    assert_eq!((&back["active"], &back["before"]), (&json!(1), &json!(2)));
    assert_eq!(shown(&app, ADA).await.0, turned);
    let off = dora.post(format!("{at}/switch-off"), why("Summer.")).await.json(200);
    assert_eq!((&off["active"], &off["before"]), (&Value::Null, &json!(1)));
    assert_eq!(shown(&app, ADA).await, (plain, json!([])));

    let history = dora.get(format!("{at}/history")).await.json(200);
    let steps: Vec<_> = history["items"]
        .as_array()
        .expect("steps")
        .iter()
        .map(|it| (it["what"].clone(), it["why"].clone()))
        .collect();
    let wanted = [
        ("plugin.switched-off", Some("Summer.")),
        ("plugin.rolled-back", Some("The test is over.")),
        ("plugin.activated", Some("A test.")),
        ("plugin.revised", None),
        ("plugin.activated", Some("Later ones suit us better.")),
        ("plugin.added", None),
    ];
    assert_eq!(steps, wanted.map(|(what, why)| (json!(what), json!(why))));
    assert_eq!(history["items"][0]["by"], "you");
    assert_eq!(app.client(ROOT).get(format!("{at}/history")).await.json(200)["items"][0]["by"], DORA);
    dora.delete(&at).await;
    assert_eq!(dora.get(&at).await.problem(), (404, "not-found".to_owned()));
}

#[tokio::test]
async fn a_host_without_plugins_says_so() {
    let app = TestApp::on(Store::Memory).await.without_plugins();
    let body = json!({ "component": "ab".repeat(32), "dealer": FIRST });
    let answers = [
        app.client(DORA).post("/v1/plugins", body).await,
        app.client(DORA).upload(COMPONENTS, vec![0]).await,
    ];
    assert_eq!(answers.map(|it| it.problem()), [501; 2].map(|status| (status, "no-plugins".to_owned())));
}

/// Where the rehearsal is, and how it stands once it has ended.
async fn rehearsed(app: &TestApp, at: &str) -> (String, Value) {
    let dora = app.client(DORA);
    let far = json!({ "since": "2027-02-01T00:00:00Z", "until": "2027-12-01T00:00:00Z" });
    let begun = dora.post(at, far).await;
    let place = begun.header("location").to_owned();
    assert!(begun.json(202)["stand"].as_str().is_some());
    let mut seen = dora.get(&place).await.json(200);
    for _ in 0..200 {
        if seen["stand"] != "running" {
            break;
        }
        tokio::time::sleep(std::time::Duration::from_millis(50)).await;
        seen = dora.get(&place).await.json(200);
    }
    (place, seen)
}

#[tokio::test]
async fn who_would_have_been_told_otherwise_is_rehearsed() {
    let Some(bytes) = component("tell_tale.wasm") else { return };
    let app = host().await;
    let people = [ADA, OTTO];
    let mut seats = Vec::new();
    for person in people {
        seats.push(register(&app.client(person), SESSION).await.json(201));
    }
    app.clock.set(app.session(crate::town::id(SESSION)).await.starts_at() - SignedDuration::from_hours(3));
    for (person, seat) in people.iter().zip(seats) {
        let seat = seat["id"].as_str().expect("an id");
        app.client(person)
            .post(format!("/v1/registrations/{seat}/cancel"), json!({ "reason": "ill" }))
            .await
            .json(200);
    }
    let component = uploaded(&app, &bytes).await;
    let settings = json!({ "morning": 420, "no_shows": 2 });
    let body = json!({ "component": component["component"], "dealer": FIRST, "settings": settings });
    let plugin = app.client(DORA).post("/v1/plugins", body).await.json(201);
    let at = format!("/v1/plugins/{}/rehearsals", plugin["id"].as_str().expect("an id"));
    let (place, seen) = rehearsed(&app, &at).await;
    let notices = &seen["report"]["notices"];
    let counts =
        ["asked", "at_once", "digest", "unchanged", "to_minute", "muted"].map(|it| notices[it].clone());
    assert_eq!(counts, [2, 1, 1, 1, 1, 0].map(Value::from), "of Ada; Otto has another dealer: {seen}");
    assert_eq!(notices["kinds"], json!({ "registration.cancelled": { "more": 0, "fewer": 0, "moved": 1 } }));
    let [example] = &notices["examples"].as_array().expect("examples")[..] else { panic!("{seen}") };
    let said = ["person", "told_as", "change", "before", "after", "from"].map(|it| example[it].clone());
    let morning = "2027-03-15T06:00:00Z";
    assert_eq!(said, [MIA, "manager", "to-minute", "at-once", "later", morning].map(Value::from));
    let sheet = app.client(DORA).with("accept", "text/csv").get(&place).await;
    assert!(sheet.text().contains("tell-tale,Nobody needs to know before the morning."), "{sheet}");
}

#[tokio::test]
async fn what_it_would_have_changed_is_rehearsed() {
    let Some(bytes) = component("trouble.wasm") else { return };
    let app = host().await;
    hold(&app, "2027-06-07T09:00", 5).await;
    for person in [BOB, MIA] {
        register(&app.client(person), SESSION).await.json(201);
    }
    app.settled().await;
    for person in [ADA, OTTO] {
        shown(&app, person).await;
    }
    let head = app.head().await;
    let component = uploaded(&app, &bytes).await;
    let plugin = added(&app, &component, "last").await;
    let at = format!("/v1/plugins/{}/rehearsals", plugin["id"].as_str().expect("an id"));
    let dora = app.client(DORA);
    let (place, seen) = rehearsed(&app, &at).await;
    let looks = &seen["report"]["looks"];
    assert_eq!(
        (&seen["stand"], &looks["repeated"]),
        (&json!("done"), &json!(1)),
        "of Ada's look; Otto has another dealer: {seen}"
    );
    let moved = &looks["examples"][0]["lines"][0];
    assert_eq!(
        (&moved["before"], &moved["after"], &moved["said"][0]["reason"]),
        (&json!(2), &json!(1), &json!("Last is first."))
    );
    let sheet = dora.with("accept", "text/csv").get(&place).await;
    assert!(
        sheet.text().starts_with("what,at,learner") && sheet.text().contains("Last is first."),
        "{sheet}"
    );
    assert_eq!(app.head().await, head + 1, "nothing was written but that the plugin was added");
    assert_eq!(app.client(OTTO).get(&place).await.status, 404);
    dora.delete(&place).await;
    assert_eq!(dora.get(&place).await.status, 404);
    let backwards =
        dora.post(&at, json!({ "since": "2027-03-02T00:00:00Z", "until": "2027-03-01T00:00:00Z" })).await;
    assert_eq!(backwards.json(422)["fields"][0]["pointer"], "/since");
}

#[tokio::test]
async fn plugins_are_their_dealers_own() {
    let Some(bytes) = component("trouble.wasm") else { return };
    let app = host().await;
    for person in [ADA, MIA] {
        let refused = app.client(person).upload(COMPONENTS, bytes.clone()).await;
        assert_eq!(refused.problem(), (403, "forbidden".to_owned()));
    }
    let component = uploaded(&app, &bytes).await;
    let plugin = added(&app, &component, "last").await;
    let at = format!("/v1/plugins/{}", plugin["id"].as_str().expect("an id"));
    let body = |whose: Value| {
        let mut body = json!({ "component": component["component"], "settings": { "do": "last" } });
        body.as_object_mut().expect("an object").extend(whose.as_object().cloned().unwrap_or_default());
        body
    };
    for (person, whose, status) in [
        (DORA, json!({ "dealer": SECOND }), 403),
        (DORA, json!({}), 403),
        (MIA, json!({ "dealer": FIRST }), 403),
        (ROOT, json!({ "dealer": SECOND }), 201),
        (ROOT, json!({}), 201),
        (ROOT, json!({ "dealer_group": "nowhere" }), 422),
        (ROOT, json!({ "dealer": FIRST, "dealer_group": "nord" }), 422),
    ] {
        let answer = app.client(person).post("/v1/plugins", body(whose.clone())).await;
        assert_eq!(answer.status, status, "{person} for {whose}: {answer}");
    }
    for path in [at.clone(), format!("{at}/history"), format!("{at}/log")] {
        assert_eq!(app.client(ADA).get(&path).await.status, 404, "{path}");
    }
    let seen = app.client(DORA).get("/v1/plugins").await.json(200);
    let whose: Vec<_> =
        seen["items"].as_array().expect("plugins").iter().map(|it| it["dealer"].clone()).collect();
    assert_eq!(whose, [json!(FIRST), Value::Null], "her dealer's, and everybody's; not another dealer's");
    let of_first = app.client(ROOT).get(format!("/v1/plugins?dealer={FIRST}")).await.json(200);
    assert_eq!(of_first["items"].as_array().map(Vec::len), Some(2));
    assert!(of_first["combining"].as_str().is_some_and(|it| it.contains("0.5")));
}

#[tokio::test]
async fn what_cannot_be_used_is_refused_in_words_and_keeps_nothing() {
    let Some(bytes) = component("trouble.wasm") else { return };
    let app = host().await;
    let dora = app.client(DORA);
    for (what, bytes, says) in [
        ("text", b"not WebAssembly".to_vec(), "no WebAssembly component"),
        ("nothing", Vec::new(), "no WebAssembly component"),
        ("cut off", bytes[..bytes.len() / 2].to_vec(), "no WebAssembly component"),
    ] {
        let refused = dora.upload(COMPONENTS, bytes).await.json(422);
        let detail = refused["fields"][0]["detail"].as_str().unwrap_or_default();
        assert!(detail.contains(says), "{what}: {detail}");
    }
    let refused = dora.upload(COMPONENTS, vec![0; (32 << 20) + 1]).await;
    assert_eq!(refused.problem(), (413, "too-large".to_owned()));
    let as_json = dora.post(COMPONENTS, json!({})).await;
    assert_eq!(as_json.problem(), (415, "unsupported-media-type".to_owned()));

    let component = uploaded(&app, &bytes).await;
    let add = |component: Value, settings: Value| {
        let dora = dora.clone();
        async move {
            let body = json!({ "component": component, "dealer": FIRST, "settings": settings });
            dora.post("/v1/plugins", body).await.json(422)["fields"][0].clone()
        }
    };
    let unset = add(component["component"].clone(), json!({})).await;
    assert!(
        unset["pointer"] == "/settings" && unset["detail"].as_str().is_some_and(|it| it.contains("do")),
        "{unset}"
    );
    let unknown = add(json!("ab".repeat(32)), json!({ "do": "last" })).await;
    assert_eq!(unknown["pointer"], "/component");
    let head = app.head().await;
    let plugin = added(&app, &component, "last").await;
    let at = format!("/v1/plugins/{}", plugin["id"].as_str().expect("an id"));
    let stale = dora.patch(&at, json!({ "place": 1, "version": 9 })).await;
    assert_eq!(stale.status, 409);
    for (path, body) in [
        ("activate", json!({ "edition": 7, "reason": "x" })),
        ("roll-back", json!({ "reason": "x" })),
        ("activate", json!({ "reason": " " })),
    ] {
        assert_eq!(dora.post(format!("{at}/{path}"), body).await.status, 422, "{path}");
    }
    assert_eq!(app.head().await, head + 1, "nothing was recorded but that it was added");
}
