//! A Kafka that wants TLS and to know who comes: whoever is right gets in, and whoever is wrong is told what is.
#![cfg(feature = "tls")]

use std::path::PathBuf;
use std::time::Duration;

use ilt_core::statement::Topic;
use ilt_kafka::testing::{Own, settings, shared, told};
use ilt_kafka::{Login, Publisher, Security, Settings, Tls, lag};

fn secured(kafka: &Own, ca: Option<PathBuf>, password: &str) -> Settings {
    let login = Login {
        mechanism: "SCRAM-SHA-512".to_owned(),
        user: "ilt".to_owned(),
        secret: password.to_owned().into(),
    };
    let security = Security { tls: Some(Tls { ca, own: None }), login: Some(login) };
    Settings { security, patience: Duration::from_secs(4), ..settings(&kafka.brokers, "secure") }
}

/// What is in the way, as somebody reads it who has to mend it.
async fn in_the_way(settings: Settings) -> String {
    Publisher::new(settings).publish(&[told(1)]).await.expect_err("there is no way in").to_string()
}

#[tokio::test]
async fn whoever_is_right_gets_in_and_whoever_is_wrong_is_told_what_is() {
    if shared().is_none() {
        return;
    }
    let kafka = Own::secure("secure");
    let ca = kafka.folder().join("ca.pem");
    let said = in_the_way(secured(&kafka, Some(ca.clone()), "a wrong one")).await;
    assert!(said.contains("Authentication failed") && !said.contains("a wrong one"), "{said}");
    let another = kafka.folder().join("server.crt");
    let said = in_the_way(secured(&kafka, Some(another), "secret")).await;
    assert!(said.contains("certificate"), "{said}");
    // Whoever does not speak TLS hears little.
    let open = Settings { security: Security::default(), ..secured(&kafka, None, "secret") };
    assert!(in_the_way(open).await.starts_with("Kafka cannot be reached"));

    let settings = secured(&kafka, Some(ca), "secret");
    let batch: Vec<_> = (1..101).map(told).collect();
    let published = Publisher::new(settings.clone()).publish(&batch).await.expect("published");
    assert_eq!((published.sent, published.dead), (100, 0));
    let topics = vec![settings.topics.name(Topic::Attendance)];
    let left = lag(&settings, "anybody", &topics).await;
    assert_eq!(left.expect("an answer"), 20, "and can be taken the same way");
}

#[test]
fn a_password_is_printed_nowhere() {
    let login =
        Login { mechanism: "PLAIN".to_owned(), user: "ilt".to_owned(), secret: "hush".to_owned().into() };
    let settings = Settings { security: Security { tls: None, login: Some(login) }, ..Settings::default() };
    assert!(!format!("{settings:?}").contains("hush"));
}
