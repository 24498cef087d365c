//! How far calendars show a session and a learner's seat in it.

use std::sync::Arc;

use ilt_core::calendar::{Concern, Difference, Kept, Link, Place, SeatAt, Settled, Spot, Why};
use ilt_core::ids::{PersonId, RegistrationId, SessionId};
use ilt_core::ports::Mirrors as _;
use ilt_core::testing::MemoryStore;
use ilt_engine::calendars::Shows;
use jiff::Timestamp;
use serde_json::{Value, json};

use crate::asking::{id_of, register};
use crate::harness::{Store, TestApp};
use crate::town::{ADA, INES, ROOT, SESSION};

fn calendars(mirrors: &Arc<MemoryStore>) -> Shows {
    let page = |username: &str, _, part| Some(format!("https://cal.example/{username}/day-{part}"));
    Shows { mirrors: mirrors.clone(), page_of: Arc::new(page) }
}

async fn seat(app: &TestApp, registration: &str) -> Value {
    app.client(ADA).get(format!("/v1/registrations/{registration}")).await.json(200)["calendar"].clone()
}

async fn shown(app: &TestApp) -> Value {
    app.client(INES).get(format!("/v1/sessions/{SESSION}/calendars")).await.json(200)
}

/// Ada's seat is in Ines' calendar, and a stranger's beside it.
async fn settle(mirrors: &MemoryStore, session: SessionId, registration: &str) {
    let instructor: PersonId = INES.parse().expect("an id");
    let registration: RegistrationId = registration.parse().expect("an id");
    let concern = Concern { sessions: [session].into(), ..Concern::default() };
    let (now, later) = (Timestamp::UNIX_EPOCH, Timestamp::MAX);
    mirrors.want(&concern, now, None).await.expect("wanted");
    let due = mirrors.claim_due(now, later, 1).await.expect("claimed");
    let (user, username) = ("4".to_owned(), "ines".to_owned());
    let link = Link { user, username, sealed: Vec::new(), at: now };
    mirrors.link(instructor, &link).await.expect("linked");
    let place = Place { event_type: Some("7".to_owned()), schedule: Some("8".to_owned()) };
    let seat = SeatAt { booking: "bk".to_owned(), seat: "st".to_owned() };
    let kept = Kept {
        places: [(Spot { part: 0, instructor }, place)].into(),
        seats: [((registration, 0), seat)].into(),
    };
    let differs = vec![Difference { why: Why::Strangers(1), part: Some(0), registration: None }];
    let settled = Settled { kept, differs, ..Settled::default() };
    mirrors.settled(&due[0], &settled, now).await.expect("settled");
}

#[tokio::test]
async fn a_seat_is_pending_until_its_calendar_shows_it() {
    let (app, mirrors) = (TestApp::on(Store::Memory).await, Arc::new(MemoryStore::new()));
    let id = id_of(&register(&app.client(ADA), SESSION).await.json(201));
    let nowhere = json!({ "state": "none", "seats": [] });
    assert_eq!(seat(&app, &id).await, nowhere, "there are no calendars");
    assert_eq!(shown(&app).await["state"], "none");

    let app = app.with_calendars(calendars(&mirrors));
    assert_eq!(seat(&app, &id).await, json!({ "state": "pending", "seats": [] }));
    assert_eq!(shown(&app).await["state"], "pending");

    settle(&mirrors, SESSION.parse().expect("an id"), &id).await;
    let there = json!({ "part": 1, "event_type": "7", "booking": "bk", "seat": "st" });
    assert_eq!(seat(&app, &id).await, json!({ "state": "kept", "seats": [there] }));
    let page = "https://cal.example/ines/day-0";
    let frame = format!(
        r#"<iframe src="{page}/embed" title="Registration" width="100%" height="640" loading="lazy"></iframe>"#
    );
    let expected = json!({
        "state": "kept", "waits_since": null, "looked_at": "1970-01-01T00:00:00Z",
        "days": [{ "part": 1, "instructor": INES, "event_type": "7", "page": page, "embed": frame }],
        "differs": [{ "why": "strangers", "in_words": "1 have a seat there and none here", "part": 1, "registration": null }],
    });
    assert_eq!(shown(&app).await, expected);
    let path = format!("/v1/sessions/{SESSION}/calendars");
    assert_eq!(app.client(ROOT).get(&path).await.json(200), expected);
    assert_eq!(app.client(ADA).get(&path).await.problem(), (403, "forbidden".to_owned()));
}
