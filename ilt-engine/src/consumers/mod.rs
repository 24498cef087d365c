//! What comes in from Kafka, and what becomes of it here.
//!
//! # Flow
//! Records are taken by a consumer of `ilt_kafka`, whose group shares the work among hosts → a handler of ours settles them:
//! [`lrs`] forwards statements to a record store, [`numbers`] counts them, [`sessions`] plans what other systems schedule.
//!
//! # Invariants
//! * Each handler is a pure function from a record to what is to be done, and a way to do that which may be repeated.
//! * What a record store or a count would do straight from the journal, it does from Kafka to the same end.
//!
//! # Not here
//! Partitions, pauses, dead letters: `ilt_kafka::consume`.

mod envelope;
pub mod failures;
pub mod lrs;
pub mod numbers;
pub mod others;
pub mod plan;
mod request;
pub mod sessions;

use std::sync::Arc;

use ilt_core::ports::Clock;
use ilt_core::statement::{Topic, Verb, sort_of};
use ilt_kafka::consume::{Consumer, Handler, Record, Subscription, Wait, Watch};
use ilt_kafka::{Settings, Trouble};
use jiff::Timestamp;

use crate::followers::{Followers, Standing, TurnFailed};

/// Somebody who takes records: under which name, from which topics, and what for.
pub struct Taker {
    /// The name under which `/health/ready` tells of it; its group is named after it.
    pub name: &'static str,
    /// The topics.
    pub topics: Vec<String>,
    /// What becomes of records.
    pub handler: Arc<dyn Handler>,
}

/// The same followers, and these takers beside them, in groups whose names begin with `group`.
///
/// # Errors
/// [`Trouble::Settings`] when no client can be made of the settings.
pub fn start(
    followers: Followers,
    takers: Vec<Taker>,
    settings: &Settings,
    group: &str,
    clock: &Arc<dyn Clock>,
) -> Result<Followers, Trouble> {
    takers.into_iter().try_fold(followers, |followers, taker| {
        let Taker { name, topics, handler } = taker;
        let subscription = Subscription { group: format!("{group}-{name}"), topics };
        let standing = Standing::new(name);
        let watch = Arc::new(Watcher { standing: standing.clone(), clock: clock.clone() });
        let consumer = Consumer::new(settings, &subscription, handler, watch, clock.clone())?;
        Ok(followers.beside(standing, |stopping| consumer.run(async move { stopping.cancelled().await })))
    })
}

/// Writes down how a consumer stands.
struct Watcher {
    standing: Standing,
    clock: Arc<dyn Clock>,
}

impl Watch for Watcher {
    fn settled(&self, records: u64, dead: u64) {
        self.standing.settled(records);
        metrics::counter!("ilt_kafka_dead_letters_total").increment(dead);
    }

    fn waits(&self, said: &str) {
        self.standing.failed(said, self.clock.now());
    }

    fn flows(&self) {
        self.standing.flows();
    }

    fn behind(&self, records: u64, oldest: Option<Timestamp>) {
        self.standing.is_behind(records);
        self.standing.has_since(oldest);
    }
}

/// The names of the topics that statements are in.
pub fn statement_topics(settings: &Settings) -> Vec<String> {
    Topic::ALL.into_iter().map(|topic| settings.topics.name(topic)).collect()
}

/// What is told, when it is a type of event that we know. Others are counted and left alone: somebody may have added them.
fn verb(record: &Record) -> Option<Verb> {
    let known = record.header("ce_type").and_then(sort_of).map(|(_, verb)| verb);
    if known.is_none() {
        metrics::counter!("ilt_kafka_unknown_types_total").increment(1);
    }
    known
}

/// Whatever keeps a follower from its turn keeps records waiting.
fn wait(failed: impl Into<TurnFailed>) -> Wait {
    let TurnFailed { said, leave_alone, wants_more } = failed.into();
    Wait { said, leave_alone, wants_more }
}
