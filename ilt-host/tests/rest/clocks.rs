//! Several hosts, several clocks: the journal's times are in its order, and what was due when a host died does not wait for long.

use std::sync::Arc;

use ilt_core::desk::{Command, Order, TimerKind};
use ilt_core::journal::{Actor, Event};
use ilt_core::policy::{Override, Rule, Scope};
use ilt_core::testing::FixedClock;
use ilt_engine::{Ports, batch, timers};
use ilt_store::Options;
use ilt_store::testing::{postgres, sqlite};
use jiff::SignedDuration;
use serde_json::json;
use uuid::Uuid;

use crate::asking::{id_of, register};
use crate::harness::{Store, TestApp, ports};
use crate::town::{self, ADA, BASICS, BOB, COLOGNE, MIA, ROOT, SESSION};

async fn set_rule(ports: &Ports, value: i64) {
    let set = Override { scope: Scope::Global, rule: Rule::BlockShare, value };
    let (actor, command) = (Actor::system("test"), Command::SetRule(set));
    let order = Order::new(actor, command, None, Uuid::nil());
    batch::run(ports, &[order]).await.expect("it is decided").answers.remove(0).expect("a yes");
}

#[tokio::test(flavor = "multi_thread")]
async fn no_entry_happens_before_the_one_it_follows() {
    for database in [Some(sqlite()), postgres("clocks")].into_iter().flatten() {
        let store = Arc::new(database.store(Options { careless: true, ..Options::default() }).await);
        let host = |ahead| {
            let clock = FixedClock::at(town::now() + SignedDuration::from_secs(ahead));
            ports(store.clone(), store.clone(), store.clone(), store.clone(), Arc::new(clock))
        };
        let hosts = [host(0), host(40), host(-1), host(3_000)];
        set_rule(&hosts[0], 1).await;
        let all =
            (0..40).map(|turn| set_rule(&hosts[turn % hosts.len()], 1 + i64::try_from(turn).expect("few")));
        futures::future::join_all(all).await;
        let entries = hosts[0].journal.after(0, 1_000).await.expect("read");
        assert_eq!(entries.len(), 41);
        for pair in entries.windows(2) {
            assert!(pair[0].at <= pair[1].at, "{} follows {}", pair[1].at, pair[0].at);
        }
    }
}

/// A clock that is plainly wrong does not become everybody's.
#[tokio::test]
async fn a_clock_that_is_a_day_ahead_is_believed_by_nobody_else() {
    let store = sqlite_store().await;
    let host = |hours| {
        let clock = FixedClock::at(town::now() + SignedDuration::from_hours(hours));
        ports(store.0.clone(), store.0.clone(), store.0.clone(), store.0.clone(), Arc::new(clock))
    };
    let (right, wrong) = (host(0), host(24));
    set_rule(&wrong, 1).await;
    set_rule(&right, 2).await;
    let entries = right.journal.after(0, 10).await.expect("read");
    assert_eq!(entries[1].at, town::now());
}

async fn sqlite_store() -> (Arc<ilt_store::SqlStore>, ilt_store::testing::Database) {
    let database = sqlite();
    let store = database.store(Options { careless: true, ..Options::default() }).await;
    (Arc::new(store), database)
}

/// A host claims what is due, and dies before it has done anything.
#[tokio::test]
async fn an_offer_whose_host_died_lapses_within_five_seconds() {
    let app = TestApp::on(Store::Sqlite).await;
    let ada = id_of(&register(&app.client(ADA), SESSION).await.json(201));
    register(&app.client(BOB), SESSION).await.json(201);
    let path = format!("/v1/sessions/{SESSION}/registrations");
    app.client(MIA).post(&path, json!({ "on_full": "waitlist" })).await.json(201);
    app.client(ADA).post(format!("/v1/registrations/{ada}/cancel"), json!({})).await.json(200);
    let due = app.ports().timers.next_due().await.expect("read").expect("a timer");
    let lapses = async || {
        let entries = app.ports().journal.after(0, 1_000).await.expect("read");
        entries.iter().filter(|entry| entry.event == Event::OfferLapsed).count()
    };
    // Far past the warning, to the end of the offer.
    let ends = due + SignedDuration::from_hours(24);
    let lease = ends + timers::LEASE;
    let claimed = app.ports().timers.claim(ends, lease, 100).await.expect("claimed");
    assert!(claimed.iter().any(|timer| timer.kind == TimerKind::OfferLapse), "{claimed:?}");
    assert_eq!(lapses().await, 0);
    // The other host looks every second; it is asked here as it would be in the fourth.
    app.clock.set(ends + SignedDuration::from_secs(4));
    for _ in 0..200 {
        if lapses().await > 0 {
            break;
        }
        tokio::time::sleep(std::time::Duration::from_millis(50)).await;
    }
    assert_eq!(lapses().await, 1);
}

/// Before 4713 before Christ PostgreSQL knows no time.
#[tokio::test]
async fn times_that_not_every_database_knows_break_nothing() {
    for database in [Some(sqlite()), postgres("early")].into_iter().flatten() {
        let app = TestApp::on_database(database).await;
        let (root, early) = (app.client(ROOT), "-009999-01-03T09:00");
        let cursor =
            "WyItMDA5OTk5LTAxLTAyVDAxOjU5OjU5WiIsIjUwMDAwMDAwLTAwMDAtNDAwMC04MDAwLTAwMDAwMDAwMDAwMSJd";
        for query in [format!("from={early}:00Z"), format!("to={early}:00Z"), format!("cursor={cursor}")] {
            root.get(format!("/v1/registrations?{query}")).await.json(200);
            root.get(format!("/v1/sessions?{query}")).await.json(200);
        }
        let completion = json!({ "course": BASICS, "completed_at": format!("{early}:00Z") });
        let part = json!({ "starts": early, "length": "PT6H" });
        let session = json!({ "course": BASICS, "location": COLOGNE, "parts": [part], "capacity": 3 });
        for (path, body) in
            [(format!("/v1/people/{ADA}/completions"), completion), ("/v1/sessions".to_owned(), session)]
        {
            assert_eq!(root.post(path, body).await.problem(), (422, "invalid-request".to_owned()));
        }
    }
}
