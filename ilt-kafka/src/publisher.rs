//! Sending batches of statements, each record acknowledged before the batch counts.

use std::collections::BTreeMap;

use ilt_core::ports::Numbered;
use ilt_core::statement::{Told, Topic};
use rdkafka::error::{KafkaError, RDKafkaErrorCode};
use rdkafka::producer::BaseRecord;
use tokio::sync::Mutex;
use uuid::Uuid;

use crate::line::Line;
use crate::{Settings, admin, headers};

/// Records that travel by themselves are remembered after so many.
const FEW: usize = 100;

/// What came of a batch.
#[derive(Debug, Clone, Copy, Default, PartialEq, Eq)]
pub struct Published {
    /// Records that are where they belong.
    pub sent: u64,
    /// Records that Kafka never takes; they are among the dead letters.
    pub dead: u64,
}

/// Why a batch could not be sent; it is to be sent again as a whole.
#[derive(Debug, thiserror::Error)]
pub enum Trouble {
    /// The brokers do not answer, or not in time.
    #[error("Kafka cannot be reached")]
    Away(#[source] KafkaError),
    /// There is no way to them: nobody is there, a certificate is not trusted, a password is wrong.
    #[error("Kafka cannot be reached: {why}")]
    Unreachable {
        /// What is in the way.
        why: String,
        /// What became of the call.
        #[source]
        source: KafkaError,
    },
    /// A topic is missing and cannot be made.
    #[error("the topic {topic} is missing and cannot be made: {why}")]
    Topic {
        /// Which one.
        topic: String,
        /// What Kafka says.
        why: String,
    },
    /// The settings make no sense to the client.
    #[error("Kafka's settings cannot be used")]
    Settings(#[source] KafkaError),
    /// Kafka answered no.
    #[error("Kafka does not take it")]
    Refused(#[source] KafkaError),
}

/// Sends statements to Kafka.
pub struct Publisher {
    settings: Settings,
    topics: BTreeMap<Topic, String>,
    kept: Mutex<Kept>,
}

/// What is kept from one batch to the next.
#[derive(Default)]
struct Kept {
    /// Thrown away after a failure, so that nothing it still holds can overtake what is sent again.
    line: Option<Line>,
    /// What became of records of a batch in which the brokers found something too large. They refuse what travels with it
    /// as well, so each record travels by itself until that batch is through.
    weighed: Option<BTreeMap<Uuid, Fate>>,
}

#[derive(Clone, Copy, PartialEq, Eq)]
enum Fate {
    There,
    TooLarge,
}

impl Publisher {
    /// One with these settings. Nothing is asked of Kafka yet.
    pub fn new(settings: Settings) -> Self {
        let topics = Topic::ALL.iter().map(|topic| (*topic, settings.topics.name(*topic))).collect();
        Self { settings, topics, kept: Mutex::default() }
    }

    /// Sends a batch, and waits until the brokers have acknowledged every record.
    ///
    /// # Errors
    /// [`Trouble`] when a record was not acknowledged; those before it may have arrived, and it is safe to send all again.
    pub async fn publish(&self, batch: &[Numbered]) -> Result<Published, Trouble> {
        let mut kept = self.kept.lock().await;
        let Kept { line: kept, weighed } = &mut *kept;
        loop {
            // Whoever gives up while this waits leaves no producer behind, and the next batch begins with a new one.
            let line = match kept.take() {
                Some(line) => line,
                None => self.connect(weighed.is_some()).await?,
            };
            if let Some(published) = self.send(&line, batch, weighed).await? {
                if weighed.take().is_none() {
                    *kept = Some(line);
                }
                return Ok(published);
            }
        }
    }

    async fn connect(&self, each_by_itself: bool) -> Result<Line, Trouble> {
        admin::make_topics(&self.settings, &self.settings.topics.all()).await?;
        // A record that times out by itself is overtaken by those that did not yet. So none does: when nothing arrives any more,
        // the line is thrown away with everything on it.
        let mut config = self.settings.producer();
        if each_by_itself {
            config.set("batch.num.messages", "1");
        }
        Line::open(&config).map_err(Trouble::Settings)
    }

    /// Sends a batch. None when the brokers found something too large: it is to be sent again, with what is known now.
    async fn send(
        &self,
        line: &Line,
        batch: &[Numbered],
        weighed: &mut Option<BTreeMap<Uuid, Fate>>,
    ) -> Result<Option<Published>, Trouble> {
        let fate = |one: &&Numbered| weighed.as_ref().and_then(|known| known.get(&one.told.id));
        let is_faulty = |one: &&Numbered| one.told.fault.is_some();
        let is_dead = |one: &&Numbered| is_faulty(one) || fate(one) == Some(&Fate::TooLarge);
        let mut dead: Vec<_> = batch.iter().filter(is_dead).collect();
        let rest: Vec<_> = batch.iter().filter(|one| !is_faulty(one) && fate(one).is_none()).collect();
        let together = if weighed.is_some() { FEW } else { rest.len().max(1) };
        for part in rest.chunks(together) {
            let sent = tokio::time::timeout(self.settings.patience, async {
                for (place, one) in part.iter().enumerate() {
                    match self.put(line, place, &one.told).await {
                        Err(error) if is_too_large(&error) => dead.push(one),
                        Err(error) if is_the_end(&error) => return Ok(Some(error)),
                        taken => taken.map_err(trouble)?,
                    }
                }
                Ok(None)
            });
            let ended = sent.await.map_err(|_| too_late())??;
            let failed = line.landed(self.settings.patience).await.ok_or_else(too_late)?;
            let too_large = failed.iter().filter(|(_, error)| is_too_large(error));
            let mut too_large = too_large.filter_map(|(place, _)| part.get(*place)).peekable();
            // Brokers that have refused what is too large find what comes behind it out of order, and the client gives up, sometimes before
            // it has said which one it was.
            let has_given_up = ended.is_some() || failed.iter().any(|(_, error)| is_the_end(error));
            if too_large.peek().is_some() || has_given_up && weighed.is_none() {
                let found = too_large.map(|one| (one.told.id, Fate::TooLarge));
                match weighed {
                    Some(known) => known.extend(found),
                    None => *weighed = Some(BTreeMap::new()),
                }
                return Ok(None);
            }
            if let Some(error) = ended.or_else(|| failed.into_iter().next().map(|(_, error)| error)) {
                return Err(trouble(error));
            }
            if let Some(known) = weighed {
                known.extend(part.iter().map(|one| (one.told.id, Fate::There)));
                known.extend(dead.iter().map(|one| (one.told.id, Fate::TooLarge)));
            }
        }
        for one in &dead {
            let fate = weighed.as_ref().and_then(|known| known.get(&one.told.id));
            let is_whole = one.told.fault.is_some() && fate != Some(&Fate::TooLarge);
            match self.bury(line, &one.told, is_whole).await {
                Err(error) if is_whole && is_too_large(&error) => {
                    weighed.get_or_insert_default().insert(one.told.id, Fate::TooLarge);
                    return Ok(None);
                }
                buried => buried.map_err(trouble)?,
            }
        }
        let dead = dead.len() as u64;
        Ok(Some(Published { sent: batch.len() as u64 - dead, dead }))
    }

    /// Stamped by Kafka's clock and not by ours: brokers refuse what seems to come from the future. When it happened is in the
    /// headers.
    async fn put(&self, line: &Line, place: usize, told: &Told) -> Result<(), KafkaError> {
        let mut key = Uuid::encode_buffer();
        let key: &str = told.key.as_hyphenated().encode_lower(&mut key);
        let record = BaseRecord::with_opaque_to(&self.topics[&told.topic], place).key(key);
        line.put(record.payload(told.body.as_str()).headers(headers::of(told, &self.settings))).await
    }

    /// A statement that is not as its schema says is buried as it is, whole. One that is too large for its topic is too large for
    /// the dead letters as well: they get everything but its value, which the store still has under its id.
    async fn bury(&self, line: &Line, told: &Told, is_whole: bool) -> Result<(), KafkaError> {
        let (topic, key) = (self.settings.topics.dead(told.topic), told.key.to_string());
        let (reason, said) = match &told.fault {
            Some(fault) => ("invalid", fault.as_str()),
            None => ("too_large", "the record is too large"),
        };
        tracing::error!(statement = %told.id, size = told.body.len(), reason, "a statement is not sent to Kafka");
        let headers = headers::of_dead(told, &self.settings, reason, said);
        let mut record = BaseRecord::with_opaque_to(&topic, 0).key(key.as_str()).headers(headers);
        if is_whole {
            record = record.payload(told.body.as_str());
        }
        line.put(record).await?;
        let failed = line.landed(self.settings.patience).await.ok_or_else(timed_out)?;
        failed.into_iter().next().map_or(Ok(()), |(_, error)| Err(error))
    }
}

const fn timed_out() -> KafkaError {
    KafkaError::MessageProduction(RDKafkaErrorCode::MessageTimedOut)
}

const fn too_late() -> Trouble {
    Trouble::Away(timed_out())
}

/// Whether the client takes nothing any more.
const fn is_the_end(error: &KafkaError) -> bool {
    matches!(error, KafkaError::MessageProduction(RDKafkaErrorCode::Fatal))
}

pub(crate) fn is_too_large(error: &KafkaError) -> bool {
    error.rdkafka_error_code() == Some(RDKafkaErrorCode::MessageSizeTooLarge)
}

pub(crate) fn trouble(error: KafkaError) -> Trouble {
    use RDKafkaErrorCode::{
        ClusterAuthorizationFailed, InvalidTopic, TopicAuthorizationFailed, UnknownTopic,
        UnknownTopicOrPartition,
    };
    match error.rdkafka_error_code() {
        Some(
            ClusterAuthorizationFailed
            | InvalidTopic
            | TopicAuthorizationFailed
            | UnknownTopic
            | UnknownTopicOrPartition,
        ) => Trouble::Refused(error),
        _ => Trouble::Away(error),
    }
}
