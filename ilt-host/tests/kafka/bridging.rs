//! From what a Cal.com told to a record in a real Kafka: to the byte, in order, whatever happens to the broker on the way.

use std::sync::Arc;
use std::time::Duration;

use ilt_core::ports::Ids as _;
use ilt_core::ports::{About, Clock, Deliveries as _, Delivery, Journal as _, Leases, Letter};
use ilt_core::testing::plans::now;
use ilt_engine::followers::Followers;
use ilt_engine::followers::bridge::{BRIDGE, Bridge};
use ilt_engine::system::{SystemClock, SystemIds};
use ilt_kafka::testing::{Own, everything, settings, shared};
use ilt_kafka::{Booked, Courier};
use ilt_store::testing::{postgres, sqlite};
use ilt_store::{Options, SqlStore};

const TRIGGERS: [&str; 5] = [
    "BOOKING_CREATED",
    "BOOKING_NO_SHOW_UPDATED",
    "BOOKING_CANCELLED",
    "SOMETHING_NEW",
    "BOOKING_RESCHEDULED",
];

fn letter(number: usize) -> Letter {
    let trigger = TRIGGERS[number % TRIGGERS.len()];
    Letter {
        instance: "calcom".to_owned(),
        digest: format!("{number:064x}"),
        received_at: now(),
        trigger: trigger.to_owned(),
        booking: (trigger != "SOMETHING_NEW").then(|| format!("bk{}", number % 7)),
        body: format!("{{ \"triggerEvent\":\"{trigger}\",\n\t\"n\": {number}, \"who\":\"Zoë\" }}"),
    }
}

async fn hears(store: &SqlStore, letters: impl IntoIterator<Item = Letter>) {
    let all: Vec<_> =
        letters.into_iter().map(|letter| Delivery { letter, about: About::default() }).collect();
    store.take_deliveries(&all, now()).await.expect("kept");
}

fn start(store: &SqlStore, kafka: &ilt_kafka::Settings) -> Followers {
    let (leases, clock): (Arc<dyn Leases>, Arc<dyn Clock>) = (Arc::new(store.clone()), Arc::new(SystemClock));
    let (journal, deliveries) = (Arc::new(store.clone()), Arc::new(store.clone()));
    let bridge = Bridge { journal, deliveries, clock: clock.clone(), courier: Courier::new(kafka.clone()) };
    let bell = tokio::sync::watch::Sender::new(0);
    Followers::start(vec![Box::new(bridge)], SystemIds.next(), &leases, &clock, &bell)
}

async fn all_sent(store: &SqlStore) {
    let sent = async {
        let last = store.last_letter().await.expect("read");
        while store.checkpoint(BRIDGE).await.expect("read") < last {
            tokio::time::sleep(Duration::from_millis(50)).await;
        }
    };
    tokio::time::timeout(Duration::from_mins(2), sent).await.expect("everything is sent");
}

/// What was told of this, by booking, in its order; and what is in Kafka.
fn told_and_found(
    booked: Booked,
    numbers: std::ops::Range<usize>,
    kafka: &ilt_kafka::Settings,
) -> [Vec<(String, String)>; 2] {
    let letters = numbers.map(letter).filter(|it| Booked::told_by(&it.trigger) == Some(booked));
    let mut told: Vec<_> = letters.map(|it| (it.booking.expect("a booking"), it.body)).collect();
    let mut found: Vec<(String, String)> = Vec::new();
    for record in everything(&kafka.brokers, &kafka.topics.booking(booked)) {
        let one = (record.key, record.value);
        if !found.contains(&one) {
            found.push(one);
        }
    }
    // Within one booking they stay in their order.
    told.sort_by(|one, other| one.0.cmp(&other.0));
    found.sort_by(|one, other| one.0.cmp(&other.0));
    [told, found]
}

#[tokio::test(flavor = "multi_thread")]
async fn what_is_told_of_bookings_is_in_kafka_to_the_byte() {
    let Some(brokers) = shared() else { return };
    for (number, database) in [Some(sqlite()), postgres("bridging")].into_iter().flatten().enumerate() {
        let store = database.store(Options::default()).await;
        let kafka = settings(&brokers, &format!("bridging-{number}"));
        hears(&store, (0..250).map(letter)).await;
        let followers = start(&store, &kafka);
        all_sent(&store).await;
        hears(&store, (250..400).map(letter)).await;
        all_sent(&store).await;
        followers.stop().await;
        for booked in Booked::ALL {
            let [told, found] = told_and_found(booked, 0..400, &kafka);
            assert_eq!((told.len(), found), (80, told));
        }
        let record = everything(&brokers, &kafka.topics.booking(Booked::Created)).remove(0);
        let headers: Vec<_> = record.headers.iter().map(|(name, _)| name.as_str()).collect();
        let expected = [
            "ce_specversion",
            "ce_id",
            "ce_type",
            "ce_source",
            "ce_subject",
            "ce_time",
            "ce_partitionkey",
            "content-type",
        ];
        assert_eq!(headers, expected);
        assert_eq!(record.header("ce_type"), "cal.booking.created");
        assert_eq!(record.header("ce_source"), "http://nlj.platform/registration/calendars/calcom");
        assert_eq!((record.header("ce_subject"), record.header("ce_id").len()), (record.key.as_str(), 64));
    }
}

#[tokio::test(flavor = "multi_thread")]
async fn one_that_is_too_large_holds_nobody_up() {
    let Some(brokers) = shared() else { return };
    // The client would let it through.
    let extra = [("message.max.bytes".to_owned(), "5000000".to_owned())].into();
    let kafka =
        ilt_kafka::Settings { extra, compression: "none".to_owned(), ..settings(&brokers, "large-bridge") };
    let database = sqlite();
    let store = database.store(Options { careless: true, ..Options::default() }).await;
    let large = Letter { body: "x".repeat(2_000_000), ..letter(10) };
    hears(&store, (0..10).map(letter).chain([large]).chain((11..30).map(letter))).await;
    let followers = start(&store, &kafka);
    all_sent(&store).await;
    followers.stop().await;
    let [told, found] = told_and_found(Booked::Created, 0..30, &kafka);
    let told: Vec<_> = told.into_iter().filter(|(_, body)| *body != letter(10).body).collect();
    assert_eq!(found, told);
    let dead = everything(&brokers, &kafka.topics.dead_booking(Booked::Created));
    assert_eq!((dead[0].header("dlq.size"), dead[0].value.as_str()), ("2000000", ""));
    assert_eq!(dead[0].header("ce_id"), letter(10).digest);
}

#[tokio::test(flavor = "multi_thread")]
async fn a_broker_that_is_away_gets_everything_afterwards() {
    if shared().is_none() {
        return;
    }
    let own = Own::start("bridge-away", 1);
    let kafka =
        ilt_kafka::Settings { patience: Duration::from_secs(1), ..settings(&own.brokers, "bridge-away") };
    let database = sqlite();
    let store = database.store(Options { careless: true, ..Options::default() }).await;
    let followers = start(&store, &kafka);
    hears(&store, (0..100).map(letter)).await;
    all_sent(&store).await;
    own.kill(1);
    hears(&store, (100..200).map(letter)).await;
    let failing = async {
        let is_told = || {
            let seen = followers.seen().remove(0);
            seen.trouble.is_some() && seen.behind == Some(100)
        };
        while !is_told() {
            tokio::time::sleep(Duration::from_millis(50)).await;
        }
    };
    tokio::time::timeout(Duration::from_mins(1), failing)
        .await
        .expect("it says that Kafka is away, and how much waits");
    own.resume();
    all_sent(&store).await;
    followers.stop().await;
    for booked in Booked::ALL {
        let [told, found] = told_and_found(booked, 0..200, &kafka);
        assert_eq!(found, told);
    }
}
