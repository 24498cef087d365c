//! How far a group is behind.

use std::time::Duration;

use rdkafka::TopicPartitionList;
use rdkafka::consumer::{BaseConsumer, Consumer, ConsumerContext};
use rdkafka::error::{KafkaError, RDKafkaErrorCode};
use rdkafka::metadata::MetadataTopic;
use rdkafka::topic_partition_list::TopicPartitionListElem;

use crate::admin::away;
use crate::ears::Ears;
use crate::publisher::trouble;
use crate::{Settings, Trouble};

/// How often a group that nobody leads yet is asked after, and how long is waited in between.
const LEADERLESS: (u32, Duration) = (20, Duration::from_millis(500));

/// Records in these topics that a group has not taken yet.
///
/// # Errors
/// [`Trouble`] that says what is in the way, when Kafka does not answer within the patience of the settings.
pub async fn lag(settings: &Settings, group: &str, topics: &[String]) -> Result<u64, Trouble> {
    let (asker, group, topics) = (settings.clone(), group.to_owned(), topics.to_owned());
    match tokio::task::spawn_blocking(move || count(&asker, &group, &topics)).await {
        Ok(Err(Trouble::Away(error))) => Err(away(settings, error).await),
        Ok(counted) => counted,
        Err(_) => Err(Trouble::Away(KafkaError::Canceled)),
    }
}

fn count(settings: &Settings, group: &str, topics: &[String]) -> Result<u64, Trouble> {
    let consumer = settings.consumer(group).create_with_context(Ears::default());
    let consumer: BaseConsumer<Ears> = consumer.map_err(Trouble::Settings)?;
    let mut left = 0;
    for topic in topics {
        let stretches = stretches(&consumer, topic, settings.patience)?;
        left += stretches.iter().map(|it| u64::try_from(it.high - it.next).unwrap_or(0)).sum::<u64>();
    }
    Ok(left)
}

/// How far a group is. Whoever asks a new cluster first has to wait until somebody leads its groups.
fn committed<C: ConsumerContext, T: Consumer<C>>(
    consumer: &T,
    partitions: TopicPartitionList,
    patience: Duration,
) -> Result<TopicPartitionList, KafkaError> {
    for _ in 0..LEADERLESS.0 {
        match consumer.committed_offsets(partitions.clone(), patience) {
            Err(error) if is_leaderless(&error) => std::thread::sleep(LEADERLESS.1),
            other => return other,
        }
    }
    consumer.committed_offsets(partitions, patience)
}

fn is_leaderless(error: &KafkaError) -> bool {
    use RDKafkaErrorCode::{CoordinatorLoadInProgress, CoordinatorNotAvailable, NotCoordinator};
    let code = error.rdkafka_error_code();
    matches!(code, Some(CoordinatorLoadInProgress | CoordinatorNotAvailable | NotCoordinator))
}

/// A partition's records: the first there is, the first that a group has not taken, and where they end.
pub struct Stretch {
    pub partition: i32,
    pub low: i64,
    pub next: i64,
    pub high: i64,
}

/// What there is in each partition of a topic, for the group that a consumer belongs to; nothing when there is no such topic.
pub fn stretches<C: ConsumerContext, T: Consumer<C>>(
    consumer: &T,
    topic: &str,
    patience: Duration,
) -> Result<Vec<Stretch>, Trouble> {
    let metadata = consumer.fetch_metadata(Some(topic), patience).map_err(trouble)?;
    let mut known = TopicPartitionList::new();
    for partition in metadata.topics().iter().flat_map(MetadataTopic::partitions) {
        known.add_partition(topic, partition.id());
    }
    if known.count() == 0 {
        return Ok(Vec::new());
    }
    let committed = committed(consumer, known, patience).map_err(trouble)?;
    let stretch = |one: TopicPartitionListElem<'_>| {
        let partition = one.partition();
        let (low, high) = consumer.fetch_watermarks(topic, partition, patience).map_err(trouble)?;
        let next = one.offset().to_raw().filter(|offset| *offset >= 0).unwrap_or(low).max(low);
        Ok(Stretch { partition, low, next, high })
    };
    committed.elements().into_iter().map(stretch).collect()
}
