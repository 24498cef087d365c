//! What is put back after it was buried: done by whoever had buried it, and nothing else of it a second time.

use ilt_core::desk::{Command, SessionPlan};
use ilt_core::journal::Actor;
use ilt_core::ports::{Clock as _, Reads as _};
use ilt_core::statement::Topic;
use ilt_engine::system::SystemClock;
use ilt_kafka::Publisher;
use ilt_kafka::testing::{send, settings, shared};
use ilt_store::testing::sqlite;
use serde_json::json;
use uuid::Uuid;

use super::sessions::{SCHEDULED, planning, scheduled};
use super::until;
use crate::served::session;

/// The id of a record is its system's own, and what is put back for one group is nothing new to another.
#[tokio::test(flavor = "multi_thread")]
async fn what_is_put_back_is_done_again_only_by_the_group_that_had_buried_it() {
    let Some(brokers) = shared() else { return };
    let (kafka, database) = (settings(&brokers, "put-back"), sqlite());
    let topic = kafka.topics.name(Topic::Scheduled);
    Publisher::new(kafka.clone()).publish(&[]).await.expect("topics are made");
    let (store, engine, taking) = planning(&database, &kafka).await;
    let year = SystemClock.now().to_zoned(jiff::tz::TimeZone::UTC).year() + 1;
    let plan = |capacity: u32| {
        let time = format!("{year}-06-15T07:00:00Z");
        scheduled(
            session(50),
            &json!({"capacity": capacity, "location": "Training centre Köln", "scheduled_time": time, "duration": "PT3H"}),
        )
    };
    let capacity =
        async || store.sessions(&[session(50)]).await.expect("read").pop().map(|it| it.seats.capacity);
    let sent = async |value: String, source: &str, put_back_for: Option<&str>| {
        let mut headers = vec![("ce_id", "1"), ("ce_source", source), ("ce_type", SCHEDULED)];
        if let Some(group) = put_back_for {
            headers.extend([("dlq.redriven", "1"), ("redriven_for", group)]);
        }
        send(&brokers, &topic, "50", &value, &headers).await;
    };
    sent(plan(20), "http://platform.example", None).await;
    sent(plan(12), "http://another.example", None).await;
    until("planned by both", async || capacity().await == Some(12)).await;

    sent(plan(20), "http://platform.example", Some("ilt-lrs")).await;
    sent(plan(13), "http://third.example", None).await;
    until("taken", async || capacity().await == Some(13)).await;
    let changed = store.sessions(&[session(50)]).await.expect("read").pop().map(|it| it.version);
    assert_eq!(changed, Some(3), "what was put back for another group changed nothing");

    // Of a list one was planned and one was not; what an admin changes of the first since stays, when the list is put back.
    let value = |session, location: &str| {
        let time = format!("{year}-07-15T07:00:00Z");
        let said = json!({"capacity": 20, "location": location, "scheduled_time": time, "duration": "PT3H"});
        scheduled(session, &said)
    };
    let list = format!(
        "[{},{}]",
        value(session(60), "Training centre Köln"),
        value(session(61), "Hall Ku\u{308}hn")
    );
    sent(list.clone(), "http://platform.example", None).await;
    let known = async |id| store.sessions(&[id]).await.expect("read").pop();
    until("the first is planned", async || known(session(60)).await.is_some()).await;
    let by_hand =
        SessionPlan { capacity: 9, ..SessionPlan::from(&known(session(60)).await.expect("planned")) };
    let mut hall = engine.catalogue().locations().values().next().expect("a location").clone();
    (hall.id, hall.name, hall.version) = (Uuid::from_u128(77).into(), "Hall Kühn".to_owned(), 0);
    for command in
        [Command::SaveSessions { plans: vec![by_hand], historic: false }, Command::SaveLocations(vec![hall])]
    {
        engine.ask(Actor::system("test"), command, None, Uuid::nil()).await.expect("done");
    }
    engine.feed().wait_for(engine.feed().committed()).await;
    sent(list, "http://platform.example", Some(&format!("{}-sessions", kafka.topics.prefix))).await;
    until("the second is planned", async || known(session(61)).await.is_some()).await;
    taking.stop().await;
    engine.stop().await;
    assert_eq!(known(session(60)).await.map(|it| it.seats.capacity), Some(9));
}
