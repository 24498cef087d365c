//! One's own sessions in one's own calendar.

use serde_json::json;

use super::start;
use crate::harness::TestApp;
use crate::town::{ADA, BOB, ROOT, SESSION};

async fn registered(app: &TestApp) -> String {
    let body =
        app.client(ADA).post(format!("/v1/sessions/{SESSION}/registrations"), json!({})).await.json(201);
    body["id"].as_str().expect("an id").to_owned()
}

/// The lines of a calendar that change.
fn lines(text: &str, names: &[&str]) -> Vec<String> {
    text.lines().filter(|line| names.iter().any(|name| line.starts_with(name))).map(str::to_owned).collect()
}

#[tokio::test]
async fn a_registration_is_an_entry() {
    let app = start().await;
    let id = registered(&app).await;
    let file = app.client(ADA).get(format!("/v1/registrations/{id}.ics")).await;
    assert_eq!(file.header("content-type"), "text/calendar; charset=utf-8");
    insta::assert_snapshot!(file.text().replace('\r', ""), @r"
    BEGIN:VCALENDAR
    VERSION:2.0
    PRODID:-//ilt//training//EN
    CALSCALE:GREGORIAN
    METHOD:PUBLISH
    X-WR-CALNAME:Training
    BEGIN:VEVENT
    DTEND:20270315T140000Z
    DTSTAMP:20270301T080000Z
    DTSTART:20270315T080000Z
    GEO:50.94;6.96
    LOCATION:Training centre Köln\, room 2.04\, Main street 1\, Köln
    SEQUENCE:0
    STATUS:CONFIRMED
    SUMMARY:Basics
    UID:00000000-0000-7000-8000-000000000009-1@ilt
    END:VEVENT
    END:VCALENDAR
    ");
    let other = app.client(BOB).get(format!("/v1/registrations/{id}.ics")).await;
    assert_eq!(other.problem(), (404, "not-found".to_owned()));
}

#[tokio::test]
async fn a_feed_follows_changes_and_cancellations_under_the_same_uid() {
    let app = start().await;
    let id = registered(&app).await;
    let feed = app.client(ADA).post("/v1/me/calendar-feed", json!({})).await;
    let url = feed.json(200)["url"].as_str().expect("an url").to_owned();
    let path = &url[url.find("/calendar/").expect("a path")..];
    let told = async || {
        let text = app.stranger().get(path).await;
        lines(text.text(), &["UID", "SEQUENCE", "STATUS", "DTSTART"])
    };
    let uid = format!("UID:{id}-1@ilt");
    assert_eq!(told().await, ["DTSTART:20270315T080000Z", "SEQUENCE:0", "STATUS:CONFIRMED", &uid]);
    let moved = json!({ "version": 1, "parts": [{ "starts": "2027-03-16T10:00", "length": "PT6H" }] });
    app.client(ROOT).patch(format!("/v1/sessions/{SESSION}"), moved).await.json(200);
    assert_eq!(told().await, ["DTSTART:20270316T090000Z", "SEQUENCE:2", "STATUS:CONFIRMED", &uid]);
    app.client(ADA).post(format!("/v1/registrations/{id}/cancel"), json!({})).await.json(200);
    assert_eq!(told().await, ["DTSTART:20270316T090000Z", "SEQUENCE:3", "STATUS:CANCELLED", &uid]);
}

#[tokio::test]
async fn the_secret_can_be_renewed_and_the_old_one_is_void() {
    let app = start().await;
    registered(&app).await;
    let mut paths = Vec::new();
    for _ in 0..2 {
        let url = app.client(ADA).post("/v1/me/calendar-feed", json!({})).await.json(200)["url"].clone();
        let url = url.as_str().expect("an url").to_owned();
        paths.push(url[url.find("/calendar/").expect("a path")..].to_owned());
    }
    assert_eq!(app.stranger().get(&paths[0]).await.problem(), (404, "not-found".to_owned()));
    assert_eq!(app.stranger().get(&paths[1]).await.status, 200);
    assert_eq!(app.stranger().get("/calendar/guess.ics").await.problem(), (404, "not-found".to_owned()));
}
