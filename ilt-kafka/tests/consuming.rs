//! Taking records from a real Kafka: each settled, in the order of its partition, whatever is in the way; poison is buried, and
//! put back when somebody has mended what was wrong.

#[path = "consuming/keeper.rs"]
mod keeper;
#[path = "consuming/members.rs"]
mod members;
#[path = "consuming/outage.rs"]
mod outage;

use std::sync::Arc;
use std::sync::atomic::Ordering;

use ilt_core::statement::Topic;
use ilt_core::testing::plans::now;
use ilt_kafka::testing::{everything, send, settings, shared, told};
use ilt_kafka::{Redrive, Settings};
use keeper::{Keeper, Onlooker, Running, count, published, until};
use rdkafka::admin::{AdminClient, AdminOptions, NewTopic, TopicReplication};
use rdkafka::client::DefaultClientContext;
use rdkafka::config::ClientConfig;

#[tokio::test(flavor = "multi_thread")]
async fn every_record_is_settled_once_in_order_and_a_restart_goes_on() {
    let Some(brokers) = shared() else { return };
    let settings = settings(&brokers, "settled");
    let (keeper, watch) = (Arc::<Keeper>::default(), Arc::<Onlooker>::default());
    let order = published(&settings, 1..2_001).await;
    let running = Running::start(&settings, &keeper, &watch);
    until("settled", || keeper.ids().len() >= count(&order)).await;
    until("told that nothing is left", || watch.behind.load(Ordering::SeqCst) == 0).await;
    running.stop().await;
    let order = published(&settings, 2_001..3_001).await;
    let running = Running::start(&settings, &keeper, &watch);
    until("settled", || keeper.ids().len() >= count(&order)).await;
    running.stop().await;
    assert_eq!(keeper.ids().len(), count(&order), "once each: the restart began where the first run ended");
    assert_eq!(keeper.order(), order);
    assert_eq!(watch.settled.load(Ordering::SeqCst), count(&order) as u64);
}

#[tokio::test(flavor = "multi_thread")]
async fn a_poison_record_among_500_is_buried_as_it_was_and_put_back_when_asked() {
    let Some(brokers) = shared() else { return };
    let settings = settings(&brokers, "poison");
    let (keeper, watch) = (Arc::<Keeper>::default(), Arc::<Onlooker>::default());
    let id = told(252).told.id.to_string();
    keeper.poison.lock().expect("unharmed").insert(id.clone());
    let order = published(&settings, 1..501).await;
    let running = Running::start(&settings, &keeper, &watch);
    until("settled", || watch.settled.load(Ordering::SeqCst) >= count(&order) as u64).await;
    assert_eq!((keeper.ids().len(), watch.dead.load(Ordering::SeqCst)), (count(&order) - 1, 1));
    let dlq = settings.topics.dead(Topic::Registration);
    let dead = everything(&brokers, &dlq);
    let [letter] = dead.as_slice() else { panic!("{dead:?}") };
    assert_eq!(
        (letter.value.as_str(), letter.key.as_str()),
        (told(252).told.body.as_str(), told(252).told.key.to_string().as_str())
    );
    for (name, value) in [
        ("ce_id", id.as_str()),
        ("dlq.original.topic", &settings.topics.name(Topic::Registration)),
        ("dlq.reason", "invalid"),
        ("dlq.http_status", "400"),
        ("dlq.error", "/actor is wrong"),
        ("dlq.attempts", "1"),
        ("dlq.first_failed_at", &now().to_string()),
        ("dlq.consumer_group", &format!("{}keepers", settings.topics.prefix)),
    ] {
        assert_eq!(letter.header(name), value, "{name}");
    }
    let offset: usize = letter.header("dlq.original.offset").parse().expect("a number");
    let partition: i32 = letter.header("dlq.original.partition").parse().expect("a number");
    assert_eq!(order[&partition][offset], id);

    let group = format!("{}redrive", settings.topics.prefix);
    let mut redrive = Redrive::open(&settings, &group, &dlq, false).expect("it opens");
    assert_eq!(redrive.left(), 1);
    let letters = redrive.take().await.expect("taken");
    assert_eq!(redrive.put_back(&letters).await.expect("put back"), []);
    assert!(redrive.take().await.expect("nothing is left").is_empty());
    until("settled after all", || keeper.ids().contains(&id)).await;
    running.stop().await;
    let again: Vec<_> = everything(&brokers, &settings.topics.name(Topic::Registration))
        .into_iter()
        .filter(|it| it.header("ce_id") == id)
        .collect();
    assert_eq!(again.len(), 2);
    assert_eq!((again[1].header("dlq.redriven"), again[1].header("dlq.reason")), ("1", ""));
    assert_eq!(again[1].header("redriven_for"), format!("{}keepers", settings.topics.prefix));
    assert_eq!(Redrive::open(&settings, &group, &dlq, false).expect("it opens").left(), 0, "once is enough");
    assert_eq!(Redrive::open(&settings, &group, &dlq, true).expect("it opens").left(), 1);
}

#[tokio::test(flavor = "multi_thread")]
async fn a_partition_that_is_stuck_waits_and_the_others_flow_on() {
    let Some(brokers) = shared() else { return };
    let settings = settings(&brokers, "stuck");
    let (keeper, watch) = (Arc::<Keeper>::default(), Arc::<Onlooker>::default());
    let order = published(&settings, 1..1_001).await;
    let stuck = *order.keys().next().expect("a partition");
    keeper.stuck.lock().expect("unharmed").insert(stuck);
    let running = Running::start(&settings, &keeper, &watch);
    let others = count(&order) - order[&stuck].len();
    assert!(others > 0, "the keys are in several partitions");
    until("settled but for one partition", || keeper.ids().len() == others).await;
    until("told why", || watch.has_heard("the ground is frozen")).await;
    assert!(!keeper.order().contains_key(&stuck));
    let left = order[&stuck].len() as u64;
    until("told how much waits", || watch.behind.load(Ordering::SeqCst) == left).await;
    until("told since when", || watch.oldest.lock().expect("unharmed").is_some()).await;
    assert!(watch.is_in_trouble.load(Ordering::SeqCst), "what flows does not hide what waits");
    keeper.stuck.lock().expect("unharmed").clear();
    until("settled", || keeper.ids().len() == count(&order)).await;
    until("told that it flows", || !watch.is_in_trouble.load(Ordering::SeqCst)).await;
    until("told that nothing waits", || watch.oldest.lock().expect("unharmed").is_none()).await;
    running.stop().await;
    assert_eq!(keeper.order(), order);
}

/// A topic that takes so many bytes at once.
async fn make_narrow(settings: &Settings, name: &str, bytes: &str) {
    let mut config = ClientConfig::new();
    let admin: AdminClient<DefaultClientContext> =
        config.set("bootstrap.servers", &settings.brokers).create().expect("a client");
    let topic = NewTopic::new(name, 1, TopicReplication::Fixed(1)).set("max.message.bytes", bytes);
    for made in admin.create_topics([&topic], &AdminOptions::new()).await.expect("an answer") {
        made.expect("a topic");
    }
}

#[tokio::test]
async fn a_letter_that_cannot_be_put_back_is_in_nobodys_way() {
    let Some(brokers) = shared() else { return };
    let settings = settings(&brokers, "narrow");
    let (topic, dlq) =
        (settings.topics.prefix.clone() + "narrow", settings.topics.prefix.clone() + "narrow.dlq");
    make_narrow(&settings, &topic, "1000").await;
    make_narrow(&settings, &dlq, "1000000").await;
    let scattered: Vec<_> = (1..3_000_u32).map(|it| it.wrapping_mul(2_654_435_761).to_string()).collect();
    let large = scattered.concat();
    let from = [("dlq.original.topic", topic.as_str())];
    for (value, headers) in
        [("first", &from[..]), ("nowhere", &[]), (large.as_str(), &from[..]), ("last", &from[..])]
    {
        send(&brokers, &dlq, "a", value, headers).await;
    }
    let mut redrive = Redrive::open(&settings, "narrow-redrive", &dlq, false).expect("it opens");
    let letters = redrive.take().await.expect("taken");
    let left = redrive.put_back(&letters).await.expect("put back");
    let left: Vec<_> = left.iter().map(|it| (it.offset, it.why)).collect();
    assert_eq!(left, [(1, "it does not say whence it came"), (2, "it is too large for its topic")]);
    let back: Vec<_> = everything(&brokers, &topic).into_iter().map(|it| it.value).collect();
    assert_eq!(back, ["first", "last"]);
    assert_eq!(Redrive::open(&settings, "narrow-redrive", &dlq, false).expect("it opens").left(), 0);
}

#[test]
fn only_dead_letters_are_put_back() {
    let settings = Settings { brokers: "127.0.0.1:1".to_owned(), ..Settings::default() };
    let refused =
        Redrive::open(&settings, "nobody", "nlj.training.registration", false).err().expect("refused");
    assert_eq!(
        refused.to_string(),
        "nlj.training.registration is no topic of dead letters: its name does not end with .dlq"
    );
}
