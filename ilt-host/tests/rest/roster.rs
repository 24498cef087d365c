//! Rosters: who sees whom, and the file for the classroom door.

use serde_json::json;

use super::start;
use crate::harness::TestApp;
use crate::town::{ADA, BOB, DORA, INES, MIA, OTTO, ROOT, SESSION};

/// Otto and Bob have seats, Ada waits.
async fn filled() -> TestApp {
    let app = start().await;
    for person in [OTTO, BOB, ADA] {
        let body = json!({ "on_full": "waitlist" });
        app.client(person).post(format!("/v1/sessions/{SESSION}/registrations"), body).await.json(201);
    }
    app
}

#[tokio::test]
async fn each_role_sees_its_own_lines() {
    let app = filled().await;
    let path = format!("/v1/sessions/{SESSION}/roster");
    for (person, expected) in [
        (ROOT, &["Bob Braun", "Otto Ott", "Ada Ahrens"][..]),
        (INES, &["Bob Braun", "Otto Ott", "Ada Ahrens"]),
        (DORA, &["Bob Braun", "Ada Ahrens"]),
        (MIA, &["Ada Ahrens"]),
    ] {
        let roster = app.client(person).get(&path).await.json(200);
        let items = roster["items"].as_array().expect("items");
        let names: Vec<_> = items.iter().map(|it| it["person"]["name"].as_str().expect("a name")).collect();
        assert_eq!(names, expected, "{person}");
        assert_eq!(roster["seats"]["waitlisted"], 1, "the numbers are everybody's");
    }
    assert_eq!(app.client(ADA).get(&path).await.problem(), (403, "forbidden".to_owned()));
}

#[tokio::test]
async fn a_roster_is_also_a_file() {
    let app = filled().await;
    let file =
        app.client(INES).with("accept", "text/csv").get(format!("/v1/sessions/{SESSION}/roster")).await;
    assert_eq!(file.header("content-disposition"), format!("attachment; filename=\"roster-{SESSION}.csv\""));
    let without_ids: Vec<_> =
        file.text().lines().map(|line| line.split_once(',').map_or("", |(_, rest)| rest)).collect();
    insta::assert_snapshot!(without_ids.join("\n"), @"
    name,email,status,position,registered_at
    Bob Braun,bob.braun@dealer.example,confirmed,,2027-03-01T08:00:00Z
    Otto Ott,otto.ott@dealer.example,confirmed,,2027-03-01T08:00:00Z
    Ada Ahrens,ada.ahrens@dealer.example,waitlisted,1,2027-03-01T08:00:00Z
    ");
}
