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
    X-PUBLISHED-TTL:PT1H
    REFRESH-INTERVAL;VALUE=DURATION:PT1H
    BEGIN:VEVENT
    DTEND:20270315T140000Z
    DTSTAMP:20270301T080000Z
    DTSTART:20270315T080000Z
    GEO:50.94;6.96
    LOCATION:Training centre Köln\, room 2.04\, Main street 1\, Köln
    SEQUENCE:0
    STATUS:CONFIRMED
    SUMMARY:Basics
    UID:00000000-0000-7000-8000-000000000009@ilt
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
    let uid = format!("UID:{id}@ilt");
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

/// What each entry of a calendar says of these.
fn entries(text: &str, names: &[&str]) -> Vec<String> {
    text.replace('\r', "").split("BEGIN:VEVENT").skip(1).map(|entry| lines(entry, names).join(" ")).collect()
}

const SERIES: [&str; 6] = ["RRULE", "EXDATE", "RECURRENCE-ID", "DTSTART", "STATUS", "SUMMARY"];

#[tokio::test]
async fn several_parts_are_one_series_and_one_that_is_dropped_is_cancelled() {
    let app = start().await;
    let days = |starts: &[&str]| {
        starts.iter().map(|it| json!({ "starts": it, "length": "PT6H" })).collect::<Vec<_>>()
    };
    let parts = days(&["2027-03-26T09:00", "2027-03-27T13:00", "2027-03-29T09:00"]);
    let path = format!("/v1/sessions/{SESSION}");
    app.client(ROOT).patch(&path, json!({ "version": 1, "parts": parts })).await.json(200);
    let file = format!("/v1/registrations/{}.ics", registered(&app).await);
    let told = async || entries(app.client(ADA).get(&file).await.text(), &SERIES);
    assert_eq!(
        told().await,
        [
            "DTSTART:20270326T080000Z RRULE:FREQ=DAILY;COUNT=4 STATUS:CONFIRMED SUMMARY:Basics (1/3) EXDATE:20270328T080000Z",
            "DTSTART:20270327T120000Z RECURRENCE-ID:20270327T080000Z STATUS:CONFIRMED SUMMARY:Basics (2/3)",
            "DTSTART:20270329T070000Z RECURRENCE-ID:20270329T080000Z STATUS:CONFIRMED SUMMARY:Basics (3/3)",
        ]
    );
    let fewer = json!({ "version": 2, "parts": days(&["2027-03-26T09:00", "2027-03-27T13:00"]) });
    app.client(ROOT).patch(&path, fewer).await.json(200);
    assert_eq!(
        told().await[1..],
        [
            "DTSTART:20270327T120000Z RECURRENCE-ID:20270327T080000Z STATUS:CONFIRMED SUMMARY:Basics (2/2)",
            "DTSTART:20270328T080000Z RECURRENCE-ID:20270328T080000Z STATUS:CANCELLED SUMMARY:Basics",
        ]
    );
}

#[tokio::test]
async fn whoever_waits_has_no_entry_and_an_offer_that_was_declined_is_cancelled() {
    let app = start().await;
    let mine = registered(&app).await;
    let path = format!("/v1/sessions/{SESSION}");
    app.client(ROOT).patch(&path, json!({ "version": 1, "capacity": 1 })).await.json(200);
    let wait = json!({ "on_full": "waitlist" });
    let waits = app.client(BOB).post(format!("{path}/registrations"), wait).await.json(201);
    let id = waits["id"].as_str().expect("an id");
    let status = async || {
        let file = app.client(BOB).get(format!("/v1/registrations/{id}.ics")).await;
        if file.status == 200 { lines(file.text(), &["STATUS", "SEQUENCE"]) } else { vec![file.problem().1] }
    };
    assert_eq!(status().await, ["not-found"]);
    app.client(ADA).post(format!("/v1/registrations/{mine}/cancel"), json!({})).await.json(200);
    assert_eq!(status().await, ["SEQUENCE:2", "STATUS:TENTATIVE"]);
    app.client(BOB).post(format!("/v1/registrations/{id}/decline"), json!({})).await.json(200);
    assert_eq!(status().await, ["SEQUENCE:3", "STATUS:CANCELLED"]);
}

#[tokio::test]
async fn a_feed_without_entries_holds_something_all_the_same() {
    let app = start().await;
    let url = app.client(ADA).post("/v1/me/calendar-feed", json!({})).await.json(200)["url"].clone();
    let url = url.as_str().expect("an url").to_owned();
    let feed = app.stranger().get(&url[url.find("/calendar/").expect("a path")..]).await;
    assert!(feed.text().contains("BEGIN:VTIMEZONE\r\nTZID:UTC\r\n"), "{}", feed.text());
    assert!(feed.text().ends_with("END:VTIMEZONE\r\nEND:VCALENDAR\r\n"), "{}", feed.text());
}
