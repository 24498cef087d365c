//! Topics that are missing, made.

use rdkafka::admin::{AdminClient, AdminOptions, NewTopic, TopicReplication};
use rdkafka::client::DefaultClientContext;
use rdkafka::error::RDKafkaErrorCode;

use crate::{Settings, Trouble};

/// Makes the topics that are missing, as many partitions and copies as is configured.
pub async fn make_topics(settings: &Settings, names: &[String]) -> Result<(), Trouble> {
    let admin: AdminClient<DefaultClientContext> = settings.admin().create().map_err(Trouble::Settings)?;
    let new = |name| {
        NewTopic::new(name, settings.partitions, TopicReplication::Fixed(settings.replication))
            .set("message.timestamp.type", "LogAppendTime")
    };
    let topics: Vec<_> = names.iter().map(|name: &String| new(name)).collect();
    let options = AdminOptions::new().request_timeout(Some(settings.patience));
    let made = admin.create_topics(&topics, &options).await.map_err(Trouble::Away)?;
    for outcome in made {
        match outcome {
            Ok(_) | Err((_, RDKafkaErrorCode::TopicAlreadyExists)) => {}
            Err((topic, why)) => return Err(Trouble::Topic { topic, why: why.to_string() }),
        }
    }
    Ok(())
}
