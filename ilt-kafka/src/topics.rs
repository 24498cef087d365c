//! The names of topics.

use std::collections::BTreeMap;

use ilt_core::statement::Topic;

use crate::booked::Booked;

/// What a dead letter's topic is called: its topic's name, and this.
pub const DEAD: &str = ".dlq";

/// The names of topics.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct Topics {
    /// Stands before every name: `test.`.
    pub prefix: String,
    /// Names that are others here.
    pub names: BTreeMap<Topic, String>,
    /// The same, for what another system tells of bookings.
    pub bookings: BTreeMap<Booked, String>,
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

    /// The name of the topic in which is passed on what another system tells of bookings.
    pub fn booking(&self, booked: Booked) -> String {
        let usual = || booked.event_type().to_owned();
        format!("{}{}", self.prefix, self.bookings.get(&booked).cloned().unwrap_or_else(usual))
    }

    /// The name of its dead letters.
    pub fn dead_booking(&self, booked: Booked) -> String {
        self.booking(booked) + DEAD
    }

    /// The names of all those, dead letters too.
    pub fn of_bookings(&self) -> Vec<String> {
        Booked::ALL.iter().flat_map(|it| [self.booking(*it), self.dead_booking(*it)]).collect()
    }

    /// Every name of statements' topics, dead letters too.
    pub fn all(&self) -> Vec<String> {
        Topic::ALL.iter().flat_map(|topic| [self.name(*topic), self.dead(*topic)]).collect()
    }
}
