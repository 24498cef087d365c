//! The names of topics.

use std::collections::BTreeMap;

use ilt_core::statement::Topic;

/// What a dead letter's topic is called: its topic's name, and this.
pub const DEAD: &str = ".dlq";

/// The names of topics.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct Topics {
    /// Stands before every name: `test.`.
    pub prefix: String,
    /// Names that are others here.
    pub names: BTreeMap<Topic, String>,
}

impl Topics {
    /// The name of a topic.
    pub fn name(&self, topic: Topic) -> String {
        let usual = || format!("nlj.training.{}", topic.word());
        format!("{}{}", self.prefix, self.names.get(&topic).cloned().unwrap_or_else(usual))
    }

    /// The name of its dead letters.
    pub fn dead(&self, topic: Topic) -> String {
        self.name(topic) + DEAD
    }

    /// Every name there is, dead letters too.
    pub fn all(&self) -> Vec<String> {
        Topic::ALL.iter().flat_map(|topic| [self.name(*topic), self.dead(*topic)]).collect()
    }
}
