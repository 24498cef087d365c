//! Five numbers, the same wherever they are shown, after whatever happened.

use std::collections::BTreeMap;

use serde_json::{Value, json};

use super::start;
use crate::asking::registrations;
use crate::harness::TestApp;
use crate::town::{ADA, BOB, DORA, FIRST, LATER, MIA, OTTO, ROOT, SECOND, SESSION};

const LEARNERS: [&str; 4] = [ADA, BOB, MIA, OTTO];
const SESSIONS: [&str; 2] = [SESSION, LATER];
const HISTORIES: u64 = 12;
const ACTS: u32 = 40;

/// A small generator of numbers that is the same on every machine (an LCG by Knuth).
struct Dice(u64);

impl Dice {
    fn below(&mut self, most: usize) -> usize {
        self.0 = self.0.wrapping_mul(6_364_136_223_846_793_005).wrapping_add(1_442_695_040_888_963_407);
        usize::try_from(self.0 >> 33).expect("31 bits") % most
    }

    fn pick<'a>(&mut self, from: &[&'a str]) -> &'a str {
        from[self.below(from.len())]
    }
}

/// Something that one of these people asks, whatever the answer. Ids of registrations are gathered.
async fn act(app: &TestApp, dice: &mut Dice, known: &mut Vec<String>) {
    let (session, learner, root) = (dice.pick(&SESSIONS), dice.pick(&LEARNERS), app.client(ROOT));
    let claim = known.get(dice.below(known.len().max(1))).cloned().unwrap_or_default();
    let of_claim = |what: &str| format!("/v1/registrations/{claim}/{what}");
    let of_session = |what: &str| format!("/v1/sessions/{session}/{what}");
    let reply = match dice.below(12) {
        0..=3 => {
            let body = json!({ "learner": learner, "on_full": "waitlist", "automatic": dice.below(2) == 0 });
            root.post(registrations(session), body).await
        }
        4 => {
            let body =
                json!({ "learner": learner, "on_full": "beyond-capacity", "reason": "the works council" });
            root.post(registrations(session), body).await
        }
        5 => root.post(of_claim("cancel"), json!({ "reason": "ill" })).await,
        6 => root.post(of_claim("accept"), json!({})).await,
        7 => root.post(of_claim("transfer"), json!({ "session": session, "reason": "ill" })).await,
        8 => {
            root.post(of_claim("swap"), json!({ "session": session, "automatic": true, "reason": "ill" }))
                .await
        }
        9 => root.post(of_session("capacity"), json!({ "capacity": 1 + dice.below(4) })).await,
        10 => {
            let dealer = dice.pick(&[FIRST, SECOND]);
            root.put(of_session(&format!("blocks/{dealer}")), json!({ "seats": 1 + dice.below(2) })).await
        }
        _ => {
            let body = json!({ "learners": [ADA, BOB], "on_full": "waitlist" });
            app.client(DORA).post(of_session("groups"), body).await
        }
    };
    if matches!(reply.status, 200 | 201) {
        let body = reply.json(reply.status);
        let one = body["id"].as_str().filter(|_| body["learner"].is_object());
        known.extend(one.map(str::to_owned));
        let items = body["items"].as_array().into_iter().flatten();
        known.extend(items.filter_map(|it| it["id"].as_str()).map(str::to_owned));
    }
}

/// Every `seats` in an answer, by the session it is of.
fn gather(answer: &Value, found: &mut Vec<(String, Value)>) {
    match answer {
        Value::Object(fields) => {
            if let (Some(Value::String(id)), Some(seats)) = (fields.get("id"), fields.get("seats")) {
                found.push((id.clone(), seats.clone()));
            }
            fields.values().for_each(|value| gather(value, found));
        }
        Value::Array(items) => items.iter().for_each(|value| gather(value, found)),
        _ => {}
    }
}

/// What each place says of each session's seats.
async fn everywhere(app: &TestApp, known: &[String]) -> BTreeMap<String, Vec<Value>> {
    app.settled().await;
    let mut paths = vec!["/v1/sessions".to_owned(), "/v1/registrations?limit=200".to_owned()];
    for session in SESSIONS {
        paths.push(format!("/v1/sessions/{session}"));
        paths.push(format!("/v1/sessions/{session}/alternatives?learner={OTTO}"));
    }
    paths.extend(known.iter().map(|id| format!("/v1/registrations/{id}")));
    let mut found = Vec::new();
    for path in paths {
        gather(&app.client(ROOT).get(path).await.json(200), &mut found);
    }
    for session in SESSIONS {
        let roster = app.client(ROOT).get(format!("/v1/sessions/{session}/roster")).await.json(200);
        found.push((session.to_owned(), roster["seats"].clone()));
    }
    found.extend(app.journalled_seats().await.into_iter().map(|(id, seats)| (id, json!(seats))));
    let mut by_session = BTreeMap::<String, Vec<Value>>::new();
    for (session, seats) in found {
        by_session.entry(session).or_default().push(seats);
    }
    by_session
}

/// How many lines of a session's file have each of these statuses.
async fn lines_of_the_file(app: &TestApp, session: &str) -> [u64; 4] {
    let client = app.client(ROOT).with("accept", "text/csv");
    let file = client.get(format!("/v1/sessions/{session}/roster")).await;
    let text = file.text().to_owned();
    let count = |status: &str| text.lines().filter(|line| line.split(',').nth(3) == Some(status)).count();
    ["confirmed", "held", "offered", "waitlisted"].map(|status| count(status) as u64)
}

#[tokio::test]
async fn every_page_shows_the_same_five_numbers() {
    for seed in 0..HISTORIES {
        let (app, mut dice, mut known) = (start().await, Dice(seed), Vec::new());
        for _ in 0..ACTS {
            act(&app, &mut dice, &mut known).await;
        }
        known.sort_unstable();
        known.dedup();
        let everywhere = everywhere(&app, &known).await;
        for session in SESSIONS {
            let told = &everywhere[session];
            assert!(told.len() >= 5, "seed {seed}: {session} was shown in {} places", told.len());
            let one = &told[0];
            assert!(told.iter().all(|other| other == one), "seed {seed}: {told:#?}");
            let number = |name: &str| one[name].as_u64().expect("a number");
            let sum: u64 = ["confirmed", "held", "offered", "reserved", "open"].map(number).iter().sum();
            assert_eq!(number("capacity"), sum, "seed {seed}: {one}");
            assert!(number("over_capacity") == 0 || number("open") == 0, "seed {seed}: {one}");
            let confirmed = number("confirmed") + number("over_capacity");
            let lines = [confirmed, number("held"), number("offered"), number("waitlisted")];
            assert_eq!(lines_of_the_file(&app, session).await, lines, "seed {seed}: the file of {session}");
        }
    }
}
