//! What is in the way to Kafka, and how it is seen that it is not any more.

use rdkafka::Statistics;
use rdkafka::error::{KafkaError, RDKafkaErrorCode};
use rdkafka::statistics::{Broker, Partition};

/// What is in the way to Kafka. What comes later here is harder to get over.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord)]
pub enum Hindrance {
    /// Brokers that do not answer. It is over when they do.
    Brokers,
    /// A topic that we may not read, or a group that we may not belong to. It is over when the group shares anew.
    Group,
    /// Topics that are missing; the group shares the others meanwhile. It is over when all are there.
    Topics,
}

impl From<&KafkaError> for Hindrance {
    fn from(error: &KafkaError) -> Self {
        use RDKafkaErrorCode::{
            GroupAuthorizationFailed, InvalidTopic, TopicAuthorizationFailed, UnknownTopic,
            UnknownTopicOrPartition,
        };
        match error.rdkafka_error_code() {
            Some(GroupAuthorizationFailed | TopicAuthorizationFailed) => Self::Group,
            Some(InvalidTopic | UnknownTopic | UnknownTopicOrPartition) => Self::Topics,
            _ => Self::Brokers,
        }
    }
}

/// Whether those answer who are needed: who keeps the group together, and who has our partitions. Another broker may be away for
/// ever.
pub fn is_open(statistics: &Statistics) -> bool {
    let partitions = statistics.topics.values().flat_map(|topic| topic.partitions.values());
    let mut ours = partitions.filter(|it| it.desired && it.partition >= 0);
    let answers = |is_meant: &dyn Fn(&Broker) -> bool| {
        statistics.brokers.values().any(|broker| broker.state == "UP" && is_meant(broker))
    };
    let leads = |partition: &Partition| {
        answers(&|broker| broker.source == "learned" && broker.nodeid == partition.broker)
    };
    answers(&|broker| broker.source == "logical") && ours.all(leads)
}

#[cfg(test)]
mod tests {
    use super::*;

    fn broker(source: &str, nodeid: i32, state: &str) -> (String, Broker) {
        let broker =
            Broker { source: source.to_owned(), nodeid, state: state.to_owned(), ..Broker::default() };
        (format!("{source}/{nodeid}"), broker)
    }

    fn statistics(brokers: &[(&str, i32, &str)], partitions: &[(i32, bool)]) -> Statistics {
        let mut topic = rdkafka::statistics::Topic::default();
        for (partition, (broker, desired)) in (0..).zip(partitions) {
            let one = Partition { partition, broker: *broker, desired: *desired, ..Partition::default() };
            topic.partitions.insert(partition, one);
        }
        let brokers = brokers.iter().map(|(source, id, state)| broker(source, *id, state)).collect();
        Statistics { brokers, topics: [("topic".to_owned(), topic)].into(), ..Statistics::default() }
    }

    #[test]
    fn those_who_are_needed_must_answer_and_nobody_else() {
        let brokers = [("learned", 1, "UP"), ("learned", 2, "CONNECT"), ("logical", 1, "UP")];
        assert!(is_open(&statistics(&brokers, &[(1, true), (2, false)])));
        assert!(is_open(&statistics(&brokers, &[])), "others may have all the partitions");
        assert!(!is_open(&statistics(&brokers, &[(1, true), (2, true)])));
        assert!(!is_open(&statistics(&brokers, &[(-1, true)])), "nobody leads it");
        let brokers = [("learned", 1, "UP"), ("configured", -1, "UP"), ("logical", 1, "DOWN")];
        assert!(!is_open(&statistics(&brokers, &[])), "nobody keeps the group together");
    }
}
