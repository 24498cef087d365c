//! What comes in from a real Kafka: statements forwarded to real record stores and counted, sessions that another system
//! schedules; each once, however often it comes, and nothing that is wrong in the way of the rest.

mod put_back;
mod sessions;

use std::sync::Arc;
use std::time::Duration;

use ilt_core::ports::{Analytics as _, Clock, MonthlyQuery, Numbered};
use ilt_core::statement::{Actors, Topic};
use ilt_core::testing::statements::{every_sort, style};
use ilt_engine::consumers::lrs::Forwarding;
use ilt_engine::consumers::numbers::Numbers;
use ilt_engine::consumers::{Taker, start, statement_topics};
use ilt_engine::followers::Followers;
use ilt_engine::system::SystemClock;
use ilt_kafka::Publisher;
use ilt_kafka::consume::Handler;
use ilt_kafka::testing::{everything, send, settings, shared};
use ilt_lrs::Forwarder;
use ilt_store::testing::{postgres, sqlite};
use ilt_store::{Options, SqlStore};
use serde_json::Value;
use uuid::Uuid;

fn take(
    kafka: &ilt_kafka::Settings,
    name: &'static str,
    topics: Vec<String>,
    handler: Arc<dyn Handler>,
) -> Followers {
    let clock: Arc<dyn Clock> = Arc::new(SystemClock);
    let takers = vec![Taker { name, topics, handler }];
    start(Followers::default(), takers, kafka, &kafka.topics.prefix, &clock).expect("sound settings")
}

async fn until(what: &str, is_so: impl AsyncFn() -> bool) {
    let wait = async {
        while !is_so().await {
            tokio::time::sleep(Duration::from_millis(50)).await;
        }
    };
    tokio::time::timeout(Duration::from_mins(1), wait).await.unwrap_or_else(|_| panic!("never {what}"));
}

/// Everything that can be told of a registration, numbered, told by an installation of its own.
fn everything_told(namespace: u32) -> Vec<Numbered> {
    (1..)
        .zip(every_sort(&style(Actors::Mbox, namespace)))
        .map(|(number, told)| Numbered { number, told })
        .collect()
}

async fn is_known(endpoint: &str, id: Uuid) -> bool {
    for parameter in ["statementId", "voidedStatementId"] {
        let request = reqwest::Client::new().get(format!("{endpoint}/statements?{parameter}={id}"));
        let request =
            request.basic_auth("tester", Some("secret")).header("X-Experience-API-Version", "1.0.3");
        let found: Value = request.send().await.expect("an answer").json().await.unwrap_or_default();
        let listed = found["statements"].as_array().cloned().unwrap_or_default();
        if listed.iter().chain([&found]).any(|it| it["id"] == id.to_string()) {
            return true;
        }
    }
    false
}

#[tokio::test(flavor = "multi_thread")]
async fn statements_in_kafka_reach_the_record_store_and_what_is_none_is_buried() {
    let Some(brokers) = shared() else { return };
    for (number, variable) in ["ILT_TEST_RALPH", "ILT_TEST_LEARNING_LOCKER"].into_iter().enumerate() {
        let endpoint = std::env::var(variable).expect("a record store");
        let kafka = settings(&brokers, &format!("forwarded-{number}"));
        let told = everything_told(std::process::id() + 7_000 + u32::try_from(number).expect("few"));
        let publisher = Publisher::new(kafka.clone());
        publisher.publish(&told[..9]).await.expect("published");
        let topic = kafka.topics.name(Topic::Registration);
        send(&brokers, &topic, "not a session", "not JSON", &[]).await;
        publisher.publish(&told[9..]).await.expect("published");
        // Twice: a record store has it once.
        publisher.publish(&told).await.expect("published");

        let settings = ilt_lrs::Settings {
            endpoint: endpoint.clone(),
            credentials: Some(("tester".to_owned(), "secret".to_owned().into())),
            ..ilt_lrs::Settings::default()
        };
        let handler = Arc::new(Forwarding(Forwarder::new(settings).expect("sound settings")));
        let taking = take(&kafka, "lrs", statement_topics(&kafka), handler);
        let all_known = async || {
            for one in &told {
                if !is_known(&endpoint, one.told.id).await {
                    return false;
                }
            }
            true
        };
        until("known", all_known).await;
        let dlq = kafka.topics.dead(Topic::Registration);
        until("buried", async || !everything(&brokers, &dlq).is_empty()).await;
        taking.stop().await;
        let letters = everything(&brokers, &dlq);
        let [letter] = letters.as_slice() else { panic!("{letters:?}") };
        assert_eq!((letter.value.as_str(), letter.header("dlq.reason")), ("not JSON", "undecodable"));
    }
}

/// What was counted of the one course there is, by month.
async fn counts(store: &SqlStore) -> Vec<[u64; 8]> {
    let all = MonthlyQuery { course: None, from: None, to: None, after: None, limit: 100 };
    store.monthly(&all).await.expect("read").iter().map(|it| it.counts).collect()
}

#[tokio::test(flavor = "multi_thread")]
async fn statements_count_once_however_often_they_come_from_kafka() {
    let Some(brokers) = shared() else { return };
    for (number, database) in [Some(sqlite()), postgres("numbers")].into_iter().flatten().enumerate() {
        let store = database.store(Options::default()).await;
        let kafka = settings(&brokers, &format!("numbers-{number}"));
        let publisher = Publisher::new(kafka.clone());
        let told = everything_told(1);
        publisher.publish(&told).await.expect("published");
        let topic = kafka.topics.name(Topic::Registration);
        send(&brokers, &topic, "a", "{}", &[("ce_type", "nlj.training.registration.imagined.v9")]).await;
        send(&brokers, &topic, "a", "{}", &[("ce_type", "nlj.training.registration.registered.v1")]).await;
        let taking =
            take(&kafka, "numbers", statement_topics(&kafka), Arc::new(Numbers(Arc::new(store.clone()))));
        // One each but for the no-show and the completion, which were taken back, and who attended, who was excused then.
        // The class is a month after it was registered for.
        let expected = [[1, 1, 1, 0, 0, 0, 0, 0], [0, 0, 0, 0, 0, 0, 1, 0]];
        let is_counted = async || counts(&store).await == expected;
        until("counted", is_counted).await;
        publisher.publish(&told).await.expect("published");
        let dlq = kafka.topics.dead(Topic::Registration);
        until("buried", async || !everything(&brokers, &dlq).is_empty()).await;
        until("caught up", async || taking.seen()[0].behind == Some(0)).await;
        taking.stop().await;
        assert_eq!(counts(&store).await, expected);
        let letters = everything(&brokers, &dlq);
        assert_eq!(letters.len(), 1, "a type that nobody knows is left alone: {letters:?}");
        assert_eq!(
            (letters[0].header("dlq.reason"), letters[0].header("dlq.error")),
            ("undecodable", "/timestamp cannot be read")
        );
    }
}
