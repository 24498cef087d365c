//! How far calendars show a session and a learner's seat in it.

use std::collections::BTreeMap;
use std::sync::Arc;

use async_trait::async_trait;
use ilt_core::calendar::{
    Busy, CalendarTrouble, Concern, Difference, Kept, Link, Mirror, Place, SeatAt, Settled, Spot, Why,
};
use ilt_core::ids::{PersonId, RegistrationId, SessionId};
use ilt_core::ports::{Calendar, Mirrors as _, Mode};
use ilt_core::testing::MemoryStore;
use ilt_engine::calendars::Shows;
use jiff::Timestamp;
use serde_json::{Value, json};

use crate::asking::{id_of, register};
use crate::harness::{Store, TestApp};
use crate::town::{ADA, BASICS, COLOGNE, INES, ROOT, SESSION};

fn calendars(mirrors: &Arc<MemoryStore>) -> Shows {
    let page = |username: &str, _, part| Some(format!("https://cal.example/{username}/day-{part}"));
    Shows { mirrors: mirrors.clone(), calendar: Arc::new(Dentist), page_of: Arc::new(page) }
}

/// Every calendar has something in it, on one day from 9 to 10; what is asked about the year after is not answered.
struct Dentist;

#[async_trait]
impl Calendar for Dentist {
    async fn settle(
        &self,
        _: &Mirror,
        kept: &Kept,
        _: &BTreeMap<PersonId, Link>,
        _: Mode,
    ) -> Result<Settled, CalendarTrouble> {
        Ok(Settled { kept: kept.clone(), ..Settled::default() })
    }

    async fn busy(
        &self,
        links: &BTreeMap<PersonId, Link>,
        from: Timestamp,
        _: Timestamp,
    ) -> Result<Vec<Busy>, CalendarTrouble> {
        if from > instant("2028-01-01T00:00:00Z") {
            return Err(CalendarTrouble::Away { said: "nobody answers".to_owned() });
        }
        let (starts_at, ends_at) = (instant("2027-06-01T07:00:00Z"), instant("2027-06-01T08:00:00Z"));
        Ok(links.keys().map(|instructor| Busy { instructor: *instructor, starts_at, ends_at }).collect())
    }
}

fn instant(text: &str) -> Timestamp {
    text.parse().expect("an instant")
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
        "differs": [{ "why": "strangers", "in_words": "one has a seat there and none here", "part": 1, "registration": null }],
    });
    assert_eq!(shown(&app).await, expected);
    let path = format!("/v1/sessions/{SESSION}/calendars");
    assert_eq!(app.client(ROOT).get(&path).await.json(200), expected);
    assert_eq!(app.client(ADA).get(&path).await.problem(), (403, "forbidden".to_owned()));
}

/// A plan that lies in an instructor's own appointment is refused with when it is, and taken with a reason; a calendar that is away is
/// in nobody's way.
#[tokio::test]
async fn an_instructors_own_calendar_is_in_the_way_of_a_plan() {
    let (app, mirrors) = (TestApp::on(Store::Memory).await, Arc::new(MemoryStore::new()));
    let app = app.with_calendars(calendars(&mirrors));
    let plan = |starts: &str, reason: Value| {
        json!({ "course": BASICS, "location": COLOGNE, "capacity": 3, "instructors": [INES], "override_reason": reason,
            "parts": [{ "starts": starts, "length": "PT6H" }] })
    };
    let planned =
        async |starts: &str, reason: Value| app.client(ROOT).post("/v1/sessions", plan(starts, reason)).await;
    planned("2027-06-02T09:00", Value::Null).await.json(201);
    let (user, username) = ("4".to_owned(), "ines".to_owned());
    let link = Link { user, username, sealed: Vec::new(), at: Timestamp::UNIX_EPOCH };
    mirrors.link(INES.parse().expect("an id"), &link).await.expect("linked");
    planned("2027-06-03T09:00", Value::Null).await.json(201);
    let busy = planned("2027-06-01T03:30", Value::Null).await;
    assert_eq!(busy.problem(), (409, "double-booked".to_owned()));
    let (starts_at, ends_at) = ("2027-06-01T07:00:00Z", "2027-06-01T08:00:00Z");
    let conflict = json!({ "session": null, "starts_at": starts_at, "ends_at": ends_at, "room": null, "instructors": [INES] });
    assert_eq!(busy.json(409)["conflicts"][0], conflict);
    planned("2027-06-01T03:30", json!("she moved it")).await.json(201);
    planned("2028-06-01T09:00", Value::Null).await.json(201);
}
