//! `events lag`: how far everybody has come.

#[cfg(feature = "kafka")]
use ilt_core::fault::with_causes;
use ilt_core::ports::{Journal as _, Statements as _, TELLER};
use ilt_store::SqlStore;

use super::say;
use ilt_engine::config::{Config, From};
use ilt_engine::followers::forward::FORWARD;
use ilt_engine::followers::numbers::NUMBERS;

pub async fn lag(store: &SqlStore, config: &Config) -> anyhow::Result<()> {
    let (head, told) = (store.head().await?, store.last_number().await?);
    say(format!("the journal has {head} entries, of which {told} statements were told"));
    let mut followers = vec![(TELLER, head, "entries")];
    #[cfg(feature = "kafka")]
    if config.kafka()?.is_some() {
        followers.push((ilt_engine::followers::relay::RELAY, told, "statements"));
    }
    if config.lrs()?.is_some() && config.lrs_from()? == From::Journal {
        followers.push((FORWARD, told, "statements"));
    }
    if config.counted_from()? == Some(From::Journal) {
        followers.push((NUMBERS, told, "statements"));
    }
    for (name, end, what) in followers {
        let at = store.checkpoint(name).await?;
        say(format!("{name}: at {at}, {} {what} behind", end.saturating_sub(at)));
    }
    #[cfg(feature = "kafka")]
    if let Some(settings) = config.kafka()? {
        for (name, topics) in ilt_engine::open::taken(config, &settings)? {
            let group = format!("{}-{name}", config.kafka.group);
            let behind = ilt_kafka::lag(&settings, &group, &topics).await;
            let behind = behind.map_err(|trouble| anyhow::anyhow!("{name}: {}", with_causes(&trouble)))?;
            say(format!("{name}, from Kafka: {behind} records behind"));
        }
    }
    Ok(())
}
