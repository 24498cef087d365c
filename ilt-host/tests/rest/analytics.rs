//! Numbers by month and course: who may read them, how they are narrowed, as JSON and as CSV.

use std::sync::Arc;

use ilt_core::ids::CourseId;
use ilt_core::ports::{Analytics as _, Counting, Measure};
use ilt_core::testing::MemoryStore;
use ilt_core::testing::plans::id;
use ilt_engine::config::From;
use ilt_engine::open::Numbers;
use serde_json::json;

use crate::harness::{Store, TestApp};
use crate::town::{ADA, BASICS, ROOT};

async fn counting() -> TestApp {
    let (app, store) = (TestApp::on(Store::Memory).await, MemoryStore::new());
    let basics: CourseId = BASICS.parse().expect("an id");
    let counts = |statement, course, month: &str, measure| {
        let month = month.parse().expect("a month");
        Counting::Counts { statement: id(statement), course, month, measure }
    };
    let statements = [
        counts(1, basics, "2026-12", Measure::Registered),
        counts(2, basics, "2027-01", Measure::Registered),
        counts(3, basics, "2027-01", Measure::NoShow),
        counts(4, id(77).into(), "2027-01", Measure::Completed),
    ];
    store.count(&statements, None).await.expect("counted");
    app.with_numbers(Numbers { analytics: Arc::new(store), from: From::Journal })
}

#[tokio::test]
async fn numbers_come_by_month_and_course() {
    let app = counting().await;
    let root = app.client(ROOT);
    let all = root.get("/v1/analytics/monthly").await.json(200);
    assert_eq!((&all["counted_from"], all["items"].as_array().map(Vec::len)), (&json!("journal"), Some(3)));
    let january =
        root.get(format!("/v1/analytics/monthly?course={BASICS}&from=2027-01&to=2027-01")).await.json(200);
    assert_eq!(
        january["items"],
        json!([{
            "month": "2027-01", "course": BASICS, "title": "Basics", "registered": 1, "unregistered": 0, "waitlisted": 0,
            "attended": 0, "partial": 0, "no_show": 1, "excused": 0, "completed": 0,
        }])
    );
    let first = root.get("/v1/analytics/monthly?limit=1").await.json(200);
    let next = first["next"].as_str().expect("there is more");
    let rest = root.get(format!("/v1/analytics/monthly?cursor={next}")).await.json(200);
    assert_eq!(rest["items"].as_array().expect("items")[..], all["items"].as_array().expect("items")[1..]);
    assert_eq!(rest["next"], json!(null));
}

#[tokio::test]
async fn numbers_are_a_file_for_whoever_wants_one() {
    let app = counting().await;
    let root = app.client(ROOT).with("accept", "text/csv");
    let reply = root.get("/v1/analytics/monthly?from=2027-01&limit=1").await;
    insta::assert_snapshot!(reply.text(), @r"
    month,course,title,registered,unregistered,waitlisted,attended,partial,no_show,excused,completed
    2027-01,00000000-0000-0000-0000-00000000004d,,0,0,0,0,0,0,0,1
    2027-01,30000000-0000-4000-8000-000000000001,Basics,1,0,0,0,0,1,0,0
    ");
}

#[tokio::test]
async fn numbers_are_for_admins_and_a_month_is_a_month() {
    let app = counting().await;
    assert_eq!(app.client(ADA).get("/v1/analytics/monthly").await.status, 403);
    let refused = app.client(ROOT).get("/v1/analytics/monthly?from=2027-13&to=soon").await.json(400);
    let fields: Vec<_> =
        refused["fields"].as_array().expect("fields").iter().map(|it| it["pointer"].as_str()).collect();
    assert_eq!(fields, [Some("?from"), Some("?to")]);
    let elsewhere = TestApp::on(Store::Memory).await;
    let nobody_counts = elsewhere.client(ROOT).get("/v1/analytics/monthly").await.json(200);
    assert_eq!(nobody_counts, json!({"counted_from": "off", "items": [], "next": null}));
}
