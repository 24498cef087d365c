//! The commands where there is a Kafka.

use crate::Terminal;

/// Whatever Kafka has of it is sent, buried by hand, and put back.
#[tokio::test]
async fn what_kafka_could_not_hand_on_is_put_back() {
    let Some(brokers) = ilt_kafka::testing::shared() else { return };
    let (terminal, prefix) = (Terminal::new(), format!("terminal-{}.", std::process::id()));
    let settings = format!(
        "[kafka]\nbrokers = \"{brokers}\"\nprefix = \"{prefix}\"\npartitions = 2\npatience = \"30s\"\ngroup = \"{prefix}ilt\"\n[analytics]\nfrom = \"kafka\"\n"
    );
    terminal.write("ilt.toml", "[kafka]\nbrokers = \"127.0.0.1:1\"\npatience = \"1s\"\n");
    assert!(terminal.fails(&["doctor"]).contains("FAIL  Kafka: Kafka cannot be reached"));
    terminal.write("ilt.toml", &settings);
    terminal.lay_out_a_network();
    terminal.ok(&["import", "data"]);
    assert!(terminal.ok(&["doctor"]).contains("ok    Kafka: brokers that answer: 1"));
    terminal.ok(&["events", "tell"]);
    assert!(terminal.fails(&["events", "replay", "--to", "kafka", "--from", "5"]).contains("would overtake"));
    let sent = terminal.ok(&["events", "replay", "--to", "kafka"]);
    let told = sent.split(' ').next().expect("a number");
    let lag = terminal.ok(&["events", "lag"]);
    assert!(lag.contains(&format!("numbers, from Kafka: {told} records behind")), "{lag}");

    let (topic, dlq) =
        (format!("{prefix}nlj.training.completion"), format!("{prefix}nlj.training.completion.dlq"));
    let headers = [("ce_id", "x"), ("dlq.original.topic", topic.as_str()), ("dlq.reason", "invalid")];
    ilt_kafka::testing::send(&brokers, &dlq, "a", "mended", &headers).await;
    assert_eq!(
        terminal.ok(&["events", "redrive", &dlq]).trim(),
        "1 dead letters were put back, 0 were left alone"
    );
    assert_eq!(
        terminal.ok(&["events", "redrive", &dlq]).trim(),
        "0 dead letters were put back, 0 were left alone"
    );
    let records = ilt_kafka::testing::everything(&brokers, &topic);
    let back: Vec<_> = records.iter().filter(|it| it.value == "mended").collect();
    assert_eq!(back.len(), 1);
    assert_eq!(
        (back[0].header("ce_id"), back[0].header("dlq.redriven"), back[0].header("dlq.reason")),
        ("x", "1", "")
    );
    assert!(terminal.fails(&["events", "redrive", &topic]).contains("does not end with .dlq"));
    let nowhere = format!("{prefix}nowhere.dlq");
    let said = terminal.fails(&["events", "redrive", &nowhere]);
    assert!(said.contains(&format!("there is no topic {nowhere}")), "{said}");

    // Letters that cannot be put back are in nobody's way; one that is not as its schema says was never sent at all.
    let faulty = terminal.faulty_statement().await;
    let from = ("dlq.original.topic", topic.as_str());
    let invalid = [from, ("ce_id", faulty.as_str()), ("dlq.reason", "invalid")];
    ilt_kafka::testing::send(&brokers, &dlq, "a", "first", &[from]).await;
    ilt_kafka::testing::send(&brokers, &dlq, "a", "whence", &[]).await;
    ilt_kafka::testing::send(&brokers, &dlq, "a", "faulty", &invalid).await;
    ilt_kafka::testing::send(&brokers, &dlq, "a", "last", &[from]).await;
    let said = terminal.ok(&["events", "redrive", &dlq]);
    for line in [
        "it does not say whence it came",
        "the statement is not as its schema says",
        "2 dead letters were put back, 2 were left alone",
    ] {
        assert!(said.contains(line), "{said}");
    }
    let records = ilt_kafka::testing::everything(&brokers, &topic);
    let back: Vec<_> = records.iter().map(|it| it.value.as_str()).filter(|it| !it.starts_with('{')).collect();
    assert_eq!(back, ["mended", "first", "last"]);
}
