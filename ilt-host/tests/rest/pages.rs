//! Pages stay in order while things are added, changed and taken away between them.

use serde_json::json;

use super::start;
use crate::harness::TestApp;
use crate::town::{ADA, BASICS, FIRST, ROOT, SELLING};

async fn add(app: &TestApp, name: &str) {
    let body = json!({
        "name": name, "email": format!("{}@dealer.example", name.to_lowercase()), "dealer": FIRST, "zone": "Europe/Berlin",
    });
    app.client(ROOT).post("/v1/people", body).await.json(201);
}

/// Every page of a list, each by the cursor of the one before; `between` may change things.
async fn walk(
    app: &TestApp,
    path: &str,
    field: &str,
    mut between: impl AsyncFnMut(usize),
) -> Vec<Vec<String>> {
    let mut pages = Vec::new();
    let mut cursor = String::new();
    loop {
        let page = app.client(ROOT).get(format!("{path}{cursor}")).await.json(200);
        let items = page["items"].as_array().expect("items");
        pages.push(items.iter().map(|it| it[field].as_str().expect("a text").to_owned()).collect());
        let Some(next) = page["next"].as_str() else { return pages };
        cursor = format!("&cursor={next}");
        between(pages.len()).await;
    }
}

#[tokio::test]
async fn people_come_once_each_while_others_are_added() {
    let app = start().await;
    let pages = walk(&app, "/v1/people?limit=3", "name", async |page| {
        // One before the page that was just read, one after it.
        add(&app, &format!("Aaron{page}")).await;
        add(&app, &format!("Zoe{page}")).await;
    })
    .await;
    assert!(pages.iter().all(|page| page.len() <= 3), "{pages:?}");
    let names = pages.concat().join(" ");
    let expected =
        "Ada Ahrens Bob Braun Dora Dorn Gero Gone Ines Imhof Mia Maurer Otto Ott Rita Root Zoe1 Zoe2";
    assert!(names.starts_with(expected), "{names}");
    assert!(!names.contains("Aaron"), "{names}");
}

#[tokio::test]
async fn courses_come_once_each_while_one_read_before_is_renamed() {
    let app = start().await;
    let pages = walk(&app, "/v1/courses?limit=1", "title", async |page| {
        if page == 1 {
            let patch = json!({ "title": "Absolute basics", "version": 1 });
            app.client(ROOT).patch(format!("/v1/courses/{BASICS}"), patch).await.json(200);
        }
    })
    .await;
    assert_eq!(pages.concat(), ["Basics", "High-voltage safety", "Selling"]);
}

#[tokio::test]
async fn the_last_page_has_no_next_even_when_it_is_full() {
    let app = start().await;
    let pages = walk(&app, "/v1/locations?limit=1", "city", async |_| {}).await;
    assert_eq!(pages, [["Köln"], ["München"]]);
}

#[tokio::test]
async fn completions_come_latest_first() {
    let app = start().await;
    for (course, at) in [(SELLING, "2026-06-01T12:00:00Z"), (SELLING, "2025-06-01T12:00:00Z")] {
        let body = json!({ "course": course, "completed_at": at });
        app.client(ROOT).post(format!("/v1/people/{ADA}/completions"), body).await.json(201);
    }
    let path = format!("/v1/people/{ADA}/completions?limit=2");
    let pages = walk(&app, &path, "completed_at", async |_| {}).await;
    let expected = [vec!["2026-06-01T12:00:00Z", "2026-05-04T15:00:00Z"], vec!["2025-06-01T12:00:00Z"]];
    assert_eq!(pages, expected);
}

#[tokio::test]
async fn a_limit_is_one_to_two_hundred() {
    let app = start().await;
    for (limit, status) in
        [("1", 200), ("200", 200), ("0", 400), ("201", 400), ("-1", 400), ("x", 400), ("", 400)]
    {
        let reply = app.client(ROOT).get(format!("/v1/people?limit={limit}")).await;
        assert_eq!(reply.status, status, "limit={limit}: {reply}");
    }
}
