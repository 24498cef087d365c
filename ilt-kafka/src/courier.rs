//! Sending what another system tells of bookings: as it came, in order, each record acknowledged before the batch counts.

use std::collections::BTreeSet;

use rdkafka::error::{KafkaError, RDKafkaErrorCode};
use rdkafka::producer::BaseRecord;
use tokio::sync::Mutex;

use crate::booked::Parcel;
use crate::line::Line;
use crate::publisher::{is_too_large, trouble};
use crate::{Settings, Trouble, admin, headers};

/// Sends what another system tells of bookings.
pub struct Courier {
    settings: Settings,
    /// Thrown away after a failure, so that nothing it still holds can overtake what is sent again.
    line: Mutex<Option<Line>>,
}

impl Courier {
    /// One with these settings. Nothing is asked of Kafka yet.
    pub fn new(settings: Settings) -> Self {
        Self { settings, line: Mutex::default() }
    }

    /// Sends these, and waits until the brokers have acknowledged every record. Answers how many are too large for their topic: those
    /// are among the dead letters, without what they say.
    ///
    /// # Errors
    /// [`Trouble`] when a record was not acknowledged; those before it may have arrived, and it is safe to send all again.
    pub async fn send(&self, parcels: &[Parcel<'_>]) -> Result<u64, Trouble> {
        if parcels.is_empty() {
            return Ok(0);
        }
        let mut kept = self.line.lock().await;
        let mut dead = BTreeSet::new();
        loop {
            // Whoever gives up while this waits leaves no producer behind, and the next batch begins with a new one.
            let line = match kept.take() {
                Some(line) => line,
                None => self.connect().await?,
            };
            let failed = self.put(&line, parcels, &dead).await?;
            let too_large: Vec<_> =
                failed.iter().filter(|(_, error)| is_too_large(error)).map(|(place, _)| *place).collect();
            if let (true, Some((_, error))) = (too_large.is_empty(), failed.into_iter().next()) {
                return Err(trouble(error));
            }
            if too_large.is_empty() {
                *kept = Some(line);
                return Ok(dead.len() as u64);
            }
            let known = dead.len();
            dead.extend(too_large);
            if dead.len() == known {
                return Err(Trouble::Refused(KafkaError::MessageProduction(
                    RDKafkaErrorCode::MessageSizeTooLarge,
                )));
            }
        }
    }

    async fn connect(&self) -> Result<Line, Trouble> {
        admin::make_topics(&self.settings, &self.settings.topics.of_bookings()).await?;
        let mut config = self.settings.producer();
        // Brokers refuse what travels with something too large as well, so each record travels by itself.
        config.set("batch.num.messages", "1");
        Line::open(&config).map_err(Trouble::Settings)
    }

    /// Puts all on their way, the `dead` without what they say, and waits until they are there. Answers which were not taken.
    async fn put(
        &self,
        line: &Line,
        parcels: &[Parcel<'_>],
        dead: &BTreeSet<usize>,
    ) -> Result<Vec<(usize, KafkaError)>, Trouble> {
        let (patience, topics) = (self.settings.patience, &self.settings.topics);
        let mut refused = Vec::new();
        let putting = tokio::time::timeout(patience, async {
            for (place, parcel) in parcels.iter().enumerate() {
                let is_dead = dead.contains(&place);
                let topic =
                    if is_dead { topics.dead_booking(parcel.booked) } else { topics.booking(parcel.booked) };
                let record = BaseRecord::with_opaque_to(&topic, place).key(parcel.booking);
                let record = if is_dead {
                    tracing::error!(
                        digest = parcel.digest,
                        size = parcel.body.len(),
                        "a webhook is too large for Kafka"
                    );
                    record.headers(headers::of_dead_booking(parcel, &self.settings))
                } else {
                    record.payload(parcel.body).headers(headers::of_booking(parcel, &self.settings))
                };
                match line.put(record).await {
                    Err(error) if is_too_large(&error) => refused.push((place, error)),
                    taken => taken.map_err(trouble)?,
                }
            }
            Ok::<_, Trouble>(())
        });
        putting.await.map_err(|_| too_late())??;
        let failed = line.landed(patience).await.ok_or_else(too_late)?;
        refused.extend(failed);
        Ok(refused)
    }
}

const fn too_late() -> Trouble {
    Trouble::Away(KafkaError::MessageProduction(RDKafkaErrorCode::MessageTimedOut))
}
