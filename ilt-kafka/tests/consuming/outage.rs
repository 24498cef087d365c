//! Dead letters that find no topic yet, and brokers that are away for a while.

use std::collections::BTreeSet;
use std::sync::Arc;
use std::sync::atomic::Ordering;
use std::time::Duration;

use ilt_core::statement::Topic;
use ilt_kafka::Settings;
use ilt_kafka::testing::{Own, everything, send, settings, shared};
use rdkafka::ClientConfig;
use rdkafka::admin::{AdminClient, AdminOptions, NewTopic, TopicReplication};
use rdkafka::client::DefaultClientContext;

use super::keeper::{Keeper, Onlooker, Running, until};

/// Makes topics of one partition, and none for their dead letters.
async fn make(settings: &Settings, topics: &[Topic]) {
    let admin: AdminClient<DefaultClientContext> =
        ClientConfig::new().set("bootstrap.servers", &settings.brokers).create().expect("a client");
    let names: Vec<_> = topics.iter().map(|topic| settings.topics.name(*topic)).collect();
    let new: Vec<_> = names.iter().map(|name| NewTopic::new(name, 1, TopicReplication::Fixed(1))).collect();
    let made = admin.create_topics(&new, &AdminOptions::new()).await.expect("they answer");
    assert!(made.iter().all(Result::is_ok), "{made:?}");
}

/// Sends a record that is never taken.
async fn send_poison(settings: &Settings, keeper: &Keeper, topic: Topic, id: &str) {
    keeper.poison.lock().expect("unharmed").insert(id.to_owned());
    send(&settings.brokers, &settings.topics.name(topic), "key", "value", &[("ce_id", id)]).await;
}

#[tokio::test(flavor = "multi_thread")]
async fn the_dead_letters_of_each_topic_are_made_when_they_are_needed() {
    let Some(brokers) = shared() else { return };
    let settings = settings(&brokers, "graves");
    let (keeper, watch) = (Arc::<Keeper>::default(), Arc::<Onlooker>::default());
    let topics = [Topic::Registration, Topic::Attendance];
    make(&settings, &topics).await;
    let running = Running::on(&topics, &settings, &keeper, &watch);
    for (dead, topic) in (1..).zip(topics) {
        send_poison(&settings, &keeper, topic, topic.word()).await;
        until("buried", || watch.dead.load(Ordering::SeqCst) == dead).await;
    }
    running.stop().await;
}

#[tokio::test(flavor = "multi_thread")]
async fn a_letter_is_buried_when_the_broker_that_was_killed_since_the_last_one_is_back() {
    if shared().is_none() {
        return;
    }
    let own = Own::start("buried", 1);
    let settings = settings(&own.brokers, "buried");
    let (keeper, watch) = (Arc::<Keeper>::default(), Arc::<Onlooker>::default());
    make(&settings, &[Topic::Registration]).await;
    let running = Running::start(&settings, &keeper, &watch);
    send_poison(&settings, &keeper, Topic::Registration, "before").await;
    until("buried", || watch.dead.load(Ordering::SeqCst) == 1).await;
    keeper.holds.store(true, Ordering::SeqCst);
    send_poison(&settings, &keeper, Topic::Registration, "during").await;
    until("taken", || keeper.is_holding.load(Ordering::SeqCst)).await;
    own.kill(1);
    keeper.holds.store(false, Ordering::SeqCst);
    until("told why it waits", || watch.has_heard("a dead letter cannot be kept")).await;
    own.resume();
    // That the first was settled may not have been said in time: it is buried once more then.
    until("buried after all", || watch.dead.load(Ordering::SeqCst) >= 2).await;
    running.stop().await;
    let dead = everything(&settings.brokers, &(settings.topics.name(Topic::Registration) + ".dlq"));
    let ids: BTreeSet<_> = dead.iter().map(|letter| letter.header("ce_id")).collect();
    assert_eq!(ids, BTreeSet::from(["before", "during"]));
}

#[tokio::test(flavor = "multi_thread")]
async fn a_topic_that_is_missing_beside_others_is_told_of_until_it_is_there() {
    let Some(brokers) = shared() else { return };
    let settings = settings(&brokers, "beside");
    let (keeper, watch) = (Arc::<Keeper>::default(), Arc::<Onlooker>::default());
    make(&settings, &[Topic::Registration]).await;
    let running = Running::on(&[Topic::Registration, Topic::Completion], &settings, &keeper, &watch);
    let name = settings.topics.name(Topic::Registration);
    send(&brokers, &name, "key", "value", &[("ce_id", "one")]).await;
    until("settled", || keeper.ids() == ["one"]).await;
    until("told", || watch.is_in_trouble.load(Ordering::SeqCst)).await;
    send(&brokers, &name, "key", "value", &[("ce_id", "two")]).await;
    until("settled", || keeper.ids() == ["one", "two"]).await;
    assert!(watch.is_in_trouble.load(Ordering::SeqCst), "what flows does not hide it");
    make(&settings, &[Topic::Completion]).await;
    until("told that it is there", || !watch.is_in_trouble.load(Ordering::SeqCst)).await;
    running.stop().await;
}

#[tokio::test(flavor = "multi_thread")]
async fn brokers_that_are_back_are_no_trouble_also_when_there_is_nothing_to_settle() {
    if shared().is_none() {
        return;
    }
    let own = Own::start("idle", 1);
    let settings = settings(&own.brokers, "idle");
    let (keeper, watch) = (Arc::<Keeper>::default(), Arc::<Onlooker>::default());
    make(&settings, &[Topic::Registration]).await;
    let running = Running::start(&settings, &keeper, &watch);
    until("told how much is left", || watch.behind.load(Ordering::SeqCst) == 0).await;
    own.kill(1);
    until("told", || watch.is_in_trouble.load(Ordering::SeqCst)).await;
    own.resume();
    until("told that it is over", || !watch.is_in_trouble.load(Ordering::SeqCst)).await;
    running.stop().await;
}

#[tokio::test(flavor = "multi_thread")]
async fn whoever_stops_does_not_wait_for_brokers_that_hang() {
    if shared().is_none() {
        return;
    }
    let own = Own::start("frozen", 1);
    let settings = settings(&own.brokers, "frozen");
    let (keeper, watch) = (Arc::<Keeper>::default(), Arc::<Onlooker>::default());
    make(&settings, &[Topic::Registration]).await;
    let running = Running::start(&settings, &keeper, &watch);
    send(&own.brokers, &settings.topics.name(Topic::Registration), "key", "value", &[("ce_id", "one")]).await;
    until("settled", || keeper.ids() == ["one"]).await;
    own.freeze(1);
    let patience = Duration::from_secs(20);
    let stopped = tokio::time::timeout(patience, running.stop()).await;
    own.kill(1);
    stopped.expect("it stops before the brokers are given up");
}
