//! Topics that are missing, made; and whether anybody is there to make them.

use rdkafka::admin::{AdminClient, AdminOptions, NewTopic, TopicReplication};
use rdkafka::client::DefaultClientContext;
use rdkafka::consumer::{BaseConsumer, Consumer as _};
use rdkafka::error::{KafkaError, RDKafkaErrorCode};

use crate::ears::{Ears, what_is_in_the_way};
use crate::{Settings, Trouble};

/// Makes the topics that are missing, as many partitions and copies as is configured. Where they are made by others, nothing is
/// asked of Kafka.
pub async fn make_topics(settings: &Settings, names: &[String]) -> Result<(), Trouble> {
    if !settings.create_topics {
        return Ok(());
    }
    let admin: AdminClient<DefaultClientContext> = settings.admin().create().map_err(Trouble::Settings)?;
    let new = |name| {
        NewTopic::new(name, settings.partitions, TopicReplication::Fixed(settings.replication))
            .set("message.timestamp.type", "LogAppendTime")
    };
    let topics: Vec<_> = names.iter().map(|name: &String| new(name)).collect();
    let options = AdminOptions::new().request_timeout(Some(settings.patience));
    let made = match admin.create_topics(&topics, &options).await {
        Ok(made) => made,
        Err(error) => return Err(away(settings, error).await),
    };
    for outcome in made {
        match outcome {
            Ok(_) | Err((_, RDKafkaErrorCode::TopicAlreadyExists)) => {}
            Err((topic, why)) => return Err(Trouble::Topic { topic, why: why.to_string() }),
        }
    }
    Ok(())
}

/// How many brokers answer to their names.
///
/// # Errors
/// [`Trouble`] that says what is in the way to them.
pub async fn brokers(settings: &Settings) -> Result<usize, Trouble> {
    let client: BaseConsumer<Ears> =
        settings.admin().create_with_context(Ears::default()).map_err(Trouble::Settings)?;
    let patience = settings.patience;
    let ask = move || client.fetch_metadata(None, patience).map(|it| it.brokers().len());
    match tokio::task::spawn_blocking(ask).await {
        Ok(Ok(brokers)) => Ok(brokers),
        Ok(Err(error)) => Err(away(settings, error).await),
        Err(_) => Err(Trouble::Away(KafkaError::Canceled)),
    }
}

/// Kafka did not answer; with what is in the way, when that can be heard.
pub async fn away(settings: &Settings, source: KafkaError) -> Trouble {
    match what_is_in_the_way(settings).await {
        Some(why) => Trouble::Unreachable { why, source },
        None => Trouble::Away(source),
    }
}
