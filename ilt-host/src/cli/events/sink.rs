//! Where statements are sent by hand.

use anyhow::{Context as _, bail};
use ilt_core::ports::{Clock as _, Numbered};
use ilt_core::retry::Backoff;
use ilt_lrs::{Dead, Forwarder};
use indicatif::ProgressBar;
use jiff::SignedDuration;

use super::To;
use ilt_engine::config::Config;
use ilt_engine::followers::TurnFailed;
use ilt_engine::followers::forward::forward;
use ilt_engine::system::SystemClock;

/// How often a batch is sent before the command gives up.
const TRIES: u32 = 10;

/// Where statements are sent, and for how long that is tried before the command gives up, unless whoever refuses asks for more time.
pub struct Sink {
    way: Way,
    patience: SignedDuration,
}

enum Way {
    Lrs(Box<Forwarder>),
    #[cfg(feature = "kafka")]
    Kafka(Box<ilt_kafka::Publisher>),
}

/// What is never taken.
pub struct Refused {
    /// How many.
    pub count: u64,
    /// Which, and why, of a record store; Kafka keeps its own.
    pub letters: Vec<Dead>,
}

impl Sink {
    pub fn open(to: To, config: &Config, patience: SignedDuration) -> anyhow::Result<Self> {
        let way = match to {
            To::Lrs => {
                let settings = config.lrs()?.context("no record store is configured: set lrs.url")?;
                Way::Lrs(Box::new(Forwarder::new(settings)?))
            }
            #[cfg(feature = "kafka")]
            To::Kafka => {
                let settings = config.kafka()?.context("no Kafka is configured: set kafka.brokers")?;
                Way::Kafka(Box::new(ilt_kafka::Publisher::new(settings)))
            }
            #[cfg(not(feature = "kafka"))]
            To::Kafka => bail!("this host was built without Kafka (feature `kafka`)"),
        };
        Ok(Self { way, patience })
    }

    /// Whether what is sent too early overtakes something there.
    #[cfg(feature = "kafka")]
    pub const fn keeps_order(&self) -> bool {
        matches!(self.way, Way::Kafka(_))
    }

    /// Sends a batch, and answers what of it is never taken.
    async fn send(&self, batch: &[Numbered]) -> Result<Refused, TurnFailed> {
        match &self.way {
            Way::Lrs(forwarder) => {
                let letters = forward(forwarder, batch).await?;
                Ok(Refused { count: letters.len() as u64, letters })
            }
            #[cfg(feature = "kafka")]
            Way::Kafka(publisher) => {
                let sent = publisher.publish(batch).await;
                let count = sent.map_err(|trouble| TurnFailed::because(&trouble))?.dead;
                Ok(Refused { count, letters: Vec::new() })
            }
        }
    }

    /// The same, again and later each time it fails; as late as whoever refuses wants it.
    pub async fn send_patiently(&self, batch: &[Numbered], bar: &ProgressBar) -> anyhow::Result<Refused> {
        let (mut backoff, begun) = (Backoff::default(), SystemClock.now());
        loop {
            let failed = match self.send(batch).await {
                Ok(dead) => return Ok(dead),
                Err(failed) => failed,
            };
            let pause = backoff.failed(failed.leave_alone, SystemClock.now());
            let is_late =
                failed.leave_alone.is_none() && SystemClock.now().duration_since(begun) > self.patience;
            if is_late || backoff.failures() == TRIES {
                bail!(failed.said);
            }
            bar.set_message(format!("{}; again in {} s", failed.said, pause.as_secs_f32().ceil()));
            tokio::time::sleep(pause).await;
        }
    }
}
