//! What was done between the recordings without being recorded.

use reqwest::Method;
use serde_json::{Value, json};

use super::run::{Run, key};
use crate::support::Recorded;

/// Sees to what was there when this one was recorded.
pub async fn before(run: &mut Run, number: u32) {
    match number {
        // Two sessions for races; of the first one this many bookings were tried.
        74 => {
            event_type(run, 2, "race-cold", 5, "2027-02-02", ("09:00", "12:00"), json!({})).await;
            event_type(run, 3, "race-warm", 5, "2027-02-03", ("09:00", "12:00"), json!({})).await;
            let racers: Vec<_> = (66..=73).map(crate::support::recording).collect();
            let (first, others): (Vec<_>, Vec<_>) = racers.into_iter().partition(|it| it.status == 201);
            run.race(&first, 2).await;
            // Numbers that the losers used up.
            for one in &others {
                run.stand_in.world().mishaps.cold = 1;
                let warm = Recorded { body: crate::support::recording(74).body, ..one.clone() };
                assert_eq!(run.race(&[warm], 3).await[0].0, 400);
            }
            run.forget().await;
        }
        // The session took place; in the recordings it was moved into the past.
        83 => {
            for winner in [76, 78, 80, 81].map(crate::support::recording) {
                assert_eq!(run.race(&[winner], 3).await[0].0, 201);
            }
            run.forget().await;
            let first = run.names()["3wYnXCh2e83FhtWrihX1bY"].clone();
            assert!(run.stand_in.world().bookings().any(|it| it.uid == first));
            run.watch.set("2026-11-23T19:12:00Z");
            let at = |text: &str| text.parse().expect("a time");
            let (start, end) = (at("2026-11-23T17:12:03.433Z"), at("2026-11-23T19:07:03.433Z"));
            run.stand_in.world().postpone(&first, start, end);
        }
        99 => {
            for (id, slug, from, to) in [
                (4, "session-a", "09:00", "12:00"),
                (5, "session-b", "09:00", "12:00"),
                (6, "session-c", "11:00", "14:00"),
            ] {
                event_type(run, id, slug, 3, "2027-03-02", (from, to), json!({})).await;
            }
        }
        // Somebody took the third seat.
        104 => {
            let start = "2027-03-02T08:00:00Z".parse().expect("a time");
            run.stand_in.person().books(4, start, "Abe", "abe@example.com").await.expect("a seat");
            run.forget().await;
        }
        107 => {
            let said = json!({ "bookingRequiresAuthentication": true });
            event_type(run, 7, "session-auth", 2, "2027-03-16", ("09:00", "12:00"), said).await;
        }
        114 => {
            event_type(run, 8, "session-guests", 3, "2027-03-23", ("09:00", "12:00"), json!({})).await;
            let start = "2027-03-23T08:00:00Z".parse().expect("a time");
            run.stand_in.person().books(8, start, "Gus", "gus@example.com").await.expect("a seat");
            run.forget().await;
        }
        _ => {}
    }
}

/// Makes a session of the instructor's, by the API.
pub async fn event_type(
    run: &Run,
    id: u64,
    slug: &str,
    seats: u32,
    date: &str,
    (from, to): (&str, &str),
    more: Value,
) {
    let dates = json!([{ "date": date, "startTime": from, "endTime": to }]);
    let schedule = json!({
        "name": slug, "timeZone": "Europe/Berlin", "isDefault": false, "availability": [], "overrides": dates,
    });
    let host = Some(key("0001"));
    let made = run.ask(&Method::POST, "/v2/schedules", Some("2024-06-11"), host, &schedule).await;
    let title = if slug.starts_with("race") { format!("Race {slug}") } else { format!("Session {slug}") };
    let mut body = json!({
        "title": title, "slug": slug, "lengthInMinutes": 180, "slotInterval": 180,
        "scheduleId": made.body["data"]["id"], "minimumBookingNotice": 0, "disableGuests": true, "hidden": true,
        "locations": [{ "type": "address", "address": "Hall B", "public": true }],
        "seats": { "seatsPerTimeSlot": seats, "showAttendeeInfo": false, "showAvailabilityCount": true },
    });
    for (name, value) in more.as_object().into_iter().flatten() {
        body[name] = value.clone();
    }
    // Some numbers were used up by what is not asked here.
    loop {
        let made = run.ask(&Method::POST, "/v2/event-types", Some("2024-06-14"), host, &body).await;
        assert_eq!(made.status, 201, "{}", made.body);
        if made.body["data"]["id"].as_u64() >= Some(id) {
            return;
        }
        body["slug"] = format!("{slug}-{}", made.body["data"]["id"]).into();
    }
}
