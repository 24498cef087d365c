//! Topics that were given more partitions: what comes next of a session may lie in another partition than what came before.

use std::collections::BTreeMap;

use rdkafka::Statistics;

/// How many partitions topics had when they were looked at last.
#[derive(Debug, Default)]
pub struct Sizes(BTreeMap<String, usize>);

/// A topic that has more partitions than it had.
#[derive(Debug, PartialEq, Eq)]
pub struct Grown {
    pub topic: String,
    pub before: usize,
    pub now: usize,
}

impl Sizes {
    /// The topics that have grown since the last time.
    pub fn look(&mut self, statistics: &Statistics) -> Vec<Grown> {
        let mut grown = Vec::new();
        for (topic, seen) in &statistics.topics {
            let now = seen.partitions.keys().filter(|number| **number >= 0).count();
            let before = self.0.get(topic).copied().unwrap_or_default();
            if before > 0 && now > before {
                grown.push(Grown { topic: topic.clone(), before, now });
            }
            self.0.insert(topic.clone(), now.max(before));
        }
        grown
    }
}

#[cfg(test)]
mod tests {
    use rdkafka::statistics::{Partition, Topic};

    use super::*;

    fn statistics(partitions: i32) -> Statistics {
        // Number -1 is librdkafka's own, for what has no partition yet.
        let partitions = (-1..partitions).map(|partition| (partition, Partition::default())).collect();
        let topic = Topic { partitions, ..Topic::default() };
        Statistics { topics: [("topic".to_owned(), topic)].into(), ..Statistics::default() }
    }

    #[test]
    fn a_topic_that_grows_is_told_of_once() {
        let mut sizes = Sizes::default();
        assert_eq!(sizes.look(&statistics(0)), [], "nothing is known yet");
        assert_eq!(sizes.look(&statistics(6)), []);
        assert_eq!(sizes.look(&statistics(6)), []);
        let grown = Grown { topic: "topic".to_owned(), before: 6, now: 8 };
        assert_eq!(sizes.look(&statistics(8)), [grown]);
        assert_eq!(sizes.look(&statistics(8)), []);
        assert_eq!(sizes.look(&statistics(0)), [], "brokers that are away take nothing back");
        assert_eq!(sizes.look(&statistics(8)), []);
    }
}
