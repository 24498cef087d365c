//! How far a group is behind.

use std::time::Duration;

use rdkafka::TopicPartitionList;
use rdkafka::consumer::{BaseConsumer, Consumer as _};
use rdkafka::metadata::MetadataTopic;

use crate::publisher::trouble;
use crate::{Settings, Trouble};

/// How long Kafka may take for each answer.
const PATIENCE: Duration = Duration::from_secs(10);

/// Records in these topics that a group has not taken yet. Blocks until Kafka has answered.
///
/// # Errors
/// [`Trouble::Away`] when it does not answer.
pub fn lag(settings: &Settings, group: &str, topics: &[String]) -> Result<u64, Trouble> {
    let consumer: BaseConsumer = settings.consumer(group).create().map_err(Trouble::Settings)?;
    let mut left = 0;
    for topic in topics {
        let metadata = consumer.fetch_metadata(Some(topic), PATIENCE).map_err(trouble)?;
        let mut known = TopicPartitionList::new();
        for partition in metadata.topics().iter().flat_map(MetadataTopic::partitions) {
            known.add_partition(topic, partition.id());
        }
        if known.count() == 0 {
            continue;
        }
        for one in consumer.committed_offsets(known, PATIENCE).map_err(trouble)?.elements() {
            let (low, high) = consumer.fetch_watermarks(topic, one.partition(), PATIENCE).map_err(trouble)?;
            let taken = one.offset().to_raw().filter(|offset| *offset >= 0).unwrap_or(low).max(low);
            left += u64::try_from(high - taken).unwrap_or(0);
        }
    }
    Ok(left)
}
