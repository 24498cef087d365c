//! How the layers lie on each other, and what is refused.

use figment::providers::{Format as _, Toml};

use ilt_core::statement::Style;
use ilt_core::testing::statements;

use super::layers::Environment;
use super::*;

fn config(environment: &[(&str, &str)]) -> Result<Config, BadConfig> {
    let pairs = environment.iter().map(|(name, value)| ((*name).to_owned(), (*value).to_owned())).collect();
    Config::of(&Figment::from(Toml::string(DEFAULT)).merge(Environment(pairs)))
}

#[test]
fn the_default_file_alone_is_a_configuration() {
    let config = config(&[]).expect("the default file is sound");
    assert_eq!(config.limits().body, 1 << 20);
    assert_eq!(config.engine().patience, std::time::Duration::from_secs(2));
}

#[test]
fn where_other_machines_come_in_somebody_ends_tls() {
    let everywhere = ("HTTP__ADDRESS", "0.0.0.0");
    let tls = [("HTTP__TLS__CERTIFICATE", "cert.pem"), ("HTTP__TLS__KEY", "key.pem")];
    for (set, is_private) in [
        (&[][..], true),
        (&[("HTTP__ADDRESS", "::1")], true),
        (&[everywhere], false),
        (&[("HTTP__ADDRESS", "10.1.2.3")], false),
        (&[everywhere, tls[0], tls[1]], true),
        (&[everywhere, ("HTTP__TRUSTED_PROXIES", r#"["10.0.0.5", "fd00::/8"]"#)], true),
    ] {
        let said = config(set).expect("sound").http.is_private();
        assert_eq!(said.is_ok(), is_private, "{set:?}: {said:?}");
    }
    assert!(config(&tls[..1]).expect_err("half").to_string().starts_with("http.tls:"));
    let said =
        config(&[("HTTP__TRUSTED_PROXIES", r#"["10.0.0.0/33"]"#)]).expect_err("no network").to_string();
    assert!(said.contains("`10.0.0.0/33` is no address") && said.contains("trusted_proxies"), "{said}");
}

#[test]
fn statements_are_named_as_the_code_names_them() {
    let (said, coded) = (config(&[]).expect("sound").names().expect("sound"), Names::default());
    assert_eq!((said.style, said.schema_base), (coded.style, coded.schema_base));
}

#[test]
fn a_dialect_brings_names_that_the_file_and_the_environment_may_change() {
    let set = |pairs: &[(&str, &str)]| {
        let pairs = pairs.iter().map(|(name, value)| ((*name).to_owned(), (*value).to_owned()));
        Config::of(&layers(None, pairs.collect()).expect("layers")).expect("sound")
    };
    let nlj = ("STATEMENTS__DIALECT", "nlj");
    let said = set(&[nlj]).names().expect("sound").style;
    assert_eq!(said, Style { namespace: said.namespace, ..statements::nlj(0) });
    let said = set(&[nlj, ("STATEMENTS__PLATFORM", "Ours")]).names().expect("sound").style;
    assert_eq!((said.platform.as_str(), said.language.as_str()), ("Ours", "en-US"));
}

#[cfg(feature = "kafka")]
#[test]
fn a_dialect_brings_topics() {
    let set = [("STATEMENTS__DIALECT", "nlj"), ("KAFKA__TOPICS__COMPLETION", "done")];
    let set = set.map(|(name, value)| (name.to_owned(), value.to_owned())).to_vec();
    let topics = Config::of(&layers(None, set).expect("layers")).expect("sound").kafka.topics;
    assert_eq!(
        (topics["registration"].as_str(), topics["completion"].as_str()),
        ("nlj.training.bookings", "done")
    );
}

#[test]
fn variables_change_what_they_name_and_nothing_else() {
    let config =
        config(&[("HTTP__PORT", "9"), ("DESK__PATIENCE", "250ms"), ("DESK__BATCH", "7")]).expect("sound");
    assert_eq!((config.http.port, config.desk.batch, config.desk.queue), (9, 7, 4_096));
    assert_eq!(config.desk.patience.0, std::time::Duration::from_millis(250));
}

#[test]
fn what_makes_no_sense_is_refused_by_name() {
    for (name, value, said) in [
        ("HTTP__PROT", "9", "unknown field: found `prot`, expected"),
        ("HTTP__BODY_LIMIT", "big", "`big` is no size such as 64KiB or 1MiB"),
        ("DESK__PATIENCE", "soon", "`soon` is no duration such as 200ms, 2s, 5m or 1h"),
        ("DESK__BATCH", "0", "desk: desks, queue and batch must be at least 1"),
        ("LOG__FORMAT", "xml", "log.format: must be text or json"),
        #[cfg(feature = "kafka")]
        (
            "KAFKA",
            "{brokers=\"a:1\",security={ca_file=\"/nowhere\"}}",
            "kafka.security.ca_file: needs kafka.security.tls = true",
        ),
        #[cfg(feature = "kafka-tls")]
        (
            "KAFKA",
            "{brokers=\"a:1\",security={tls=true,ca_file=\"/nowhere\"}}",
            "kafka.security.ca_file: there is no file /nowhere",
        ),
        #[cfg(all(feature = "kafka", not(feature = "kafka-tls")))]
        ("KAFKA", "{brokers=\"a:1\",security={tls=true}}", "build it with the feature `kafka-tls`"),
        #[cfg(feature = "kafka")]
        (
            "KAFKA",
            "{brokers=\"a:1\",security={user=\"ilt\"}}",
            "kafka.security: user and secret belong together",
        ),
        #[cfg(feature = "kafka")]
        (
            "KAFKA",
            "{brokers=\"a:1\",security={mechanism=\"GUESS\"}}",
            "kafka.security.mechanism: must be one of PLAIN, SCRAM-SHA-256, SCRAM-SHA-512",
        ),
        ("ANALYTICS__FROM", "yes", "analytics.from: must be off, journal or kafka"),
        ("ANALYTICS__FROM", "kafka", "analytics.from: is kafka, but no kafka.brokers are configured"),
        ("LRS__FROM", "off", "lrs.from: must be journal or kafka"),
        #[cfg(feature = "kafka")]
        ("KAFKA", "{brokers=\"a:1\",patience=\"1m\"}", "kafka.patience: must be less than 60 s"),
        #[cfg(feature = "kafka")]
        ("KAFKA", "{brokers=\"a:1\",linger=\"5s\"}", "kafka.linger: must be less than kafka.patience"),
        #[cfg(not(feature = "kafka"))]
        ("KAFKA__BROKERS", "a:1", "kafka.brokers: this host was built without Kafka"),
        ("LRS", "{url=\"http://a.example\",version=\"2\"}", "lrs.version: must be one of 1.0.0, 1.0.1, "),
        ("LRS", "{url=\"http://a.example\",ca_file=\"/nowhere\"}", "lrs.ca_file: /nowhere: No such file"),
        ("LRS", "{url=\"http://a.example\",patience=\"13s\"}", "lrs.patience: must be at most 12 s"),
        ("STATEMENTS__LANGUAGE", "de_DE", "statements.language: must be a language such as en or de-CH"),
        ("STATEMENTS__LANGUAGE", "", "statements.language: must be a language"),
        ("STATEMENTS__PLATFORM", "", "statements.platform: must be a name"),
        ("STATEMENTS__VERBS__VOIDED", "http://a.example", "statements.verbs: `voided` has one name"),
        ("STATEMENTS__ACTORS", "names", "statements.actors: must be mbox or account"),
        ("STATEMENTS__ACTIVITY_BASE", "nlj", "statements.activity_base: `nlj` is no address such as"),
        ("STATEMENTS__VERBS__RUN", "http://a.example", "statements.verbs: `run` is none of scheduled"),
        ("ALTERNATIVES__PROXIMITY", "-1", "alternatives: weights must not be negative, and not all nought"),
    ] {
        let error = config(&[(name, value)]).expect_err(name).to_string();
        assert!(error.contains(said), "{name}={value}: {error}");
    }
}

#[test]
fn there_is_exactly_one_way_to_check_tokens() {
    let none = config(&[]).expect("sound").auth().map(drop).expect_err("no way");
    assert!(none.to_string().starts_with("auth: set one of"), "{none}");
    let two = config(&[("AUTH__SECRET", "x"), ("AUTH__JWKS_URL", "http://127.0.0.1/keys")]).expect("sound");
    assert!(two.auth().map(drop).expect_err("two ways").to_string().contains("only one"));
    let shared =
        config(&[("AUTH__JWKS_URL", "http://127.0.0.1/keys"), ("AUTH__ALGORITHM", "HS256")]).expect("sound");
    let said = shared.auth().map(drop).expect_err("a published key that also signs").to_string();
    assert_eq!(said, "auth.algorithm: must be RS256, ES256 or EdDSA");
}

#[test]
fn secrets_are_never_printed() {
    let config = config(&[("AUTH__SECRET", "very-secret-indeed"), ("STORE__URL", "postgres://u:pass@h/n")])
        .expect("sound");
    let printed = format!("{config:?}");
    assert!(!printed.contains("very-secret-indeed") && !printed.contains("pass@"), "{printed}");
}

#[test]
fn a_secret_of_digits_is_a_secret() {
    let config = config(&[("AUTH__SECRET", "1234567890"), ("LRS__SECRET", "true")]).expect("sound");
    assert_eq!(config.auth.secret.expose_secret(), "1234567890");
    assert_eq!(config.lrs.secret.expose_secret(), "true");
}

#[test]
fn a_password_comes_from_its_file() {
    let folder = tempfile::tempdir().expect("a folder");
    let file = folder.path().join("password");
    std::fs::write(&file, "p@ss/word\n").expect("written");
    let file = file.display().to_string();
    let with =
        |url| config(&[("STORE__URL", url), ("STORE__PASSWORD_FILE", &file)]).expect("sound").store_url();
    let url = with("postgres://ilt@db:5432/ilt").expect("a url");
    assert_eq!(url.expose_secret(), "postgres://ilt:p%40ss%2Fword@db:5432/ilt");
    for url in ["sqlite:ilt.db", "postgres://db/ilt", "postgres://ilt:known@db/ilt"] {
        assert!(
            with(url).expect_err("no place for it").to_string().starts_with("store.password_file: needs")
        );
    }
}

#[cfg(feature = "calcom")]
const CALCOM: [(&str, &str); 2] =
    [("CALCOM__URL", "https://cal.example/v2"), ("CALCOM__SECRET", "0123456789abcdef0123456789abcdef")];

#[cfg(feature = "calcom")]
#[test]
fn a_calendar_is_none_until_it_has_an_address() {
    assert!(config(&[]).expect("sound").calcom().expect("sound").is_none());
    let found = config(&CALCOM).expect("sound").calcom().expect("sound").expect("a calendar");
    assert_eq!((found.habits.at_once, found.habits.compare_every), (4, jiff::SignedDuration::from_hours(1)));
    let shown = format!("{found:?} {:?}", config(&CALCOM).expect("sound"));
    assert!(!shown.contains("0123456789abcdef"), "nobody reads the secret in a log");
}

#[cfg(feature = "calcom")]
#[test]
fn a_calendar_that_makes_no_sense_is_refused_and_it_is_said_where() {
    let alias = ("CALCOM__ATTENDEES", "alias");
    let listens = ("CALCOM__WEBHOOKS_AT", "https://training.example");
    let signed = ("CALCOM__WEBHOOK_SECRET", "fedcba9876543210fedcba9876543210");
    for (set, key) in [
        (&[("CALCOM__URL", "cal.example")][..], "calcom.url"),
        (&[("CALCOM__SECRET", "")], "calcom.secret"),
        (&[("CALCOM__SECRET", "0123456789")], "calcom.secret"),
        (&[("CALCOM__ATTENDEES", "both")], "calcom.attendees"),
        (&[alias], "calcom.aliases_at"),
        (&[alias, ("CALCOM__ALIASES_AT", "@training")], "calcom.aliases_at"),
        (&[("CALCOM__ALIASES_AT", "training.example")], "calcom.aliases_at"),
        (&[("CALCOM__PATIENCE", "5m")], "calcom.patience"),
        (&[("CALCOM__PATIENCE", "0s")], "calcom.patience"),
        (&[("CALCOM__AT_ONCE", "0")], "calcom.at_once"),
        (&[("CALCOM__AT_ONCE", "65")], "calcom.at_once"),
        (&[("CALCOM__COMPARE_EVERY", "30s")], "calcom.compare_every"),
        (&[("CALCOM__REQUESTS_PER_MINUTE", "0")], "calcom.requests_per_minute"),
        (&[("CALCOM__CA_FILE", "/nowhere/at/all.pem")], "calcom.ca_file"),
        (&[("CALCOM__INSTANCE", "a/b")], "calcom.instance"),
        (&[("CALCOM__WEBHOOKS_AT", "http://training.example"), signed], "calcom.webhooks_at"),
        (&[("CALCOM__WEBHOOKS_AT", "training"), signed], "calcom.webhooks_at"),
        (&[listens], "calcom.webhook_secret"),
        (&[listens, ("CALCOM__WEBHOOK_SECRET", "short")], "calcom.webhook_secret"),
        (&[listens, ("CALCOM__WEBHOOK_SECRET_FILE", "/nowhere/at/all")], "calcom.webhook_secret_file"),
    ] {
        let known = CALCOM.iter().filter(|(name, _)| set.iter().all(|(other, _)| other != name));
        let all: Vec<_> = known.chain(set).copied().collect();
        let said = config(&all).expect_err("no sense").to_string();
        assert!(said.starts_with(&format!("{key}:")), "{set:?}: {said}");
    }
    let sound: Vec<_> = CALCOM
        .into_iter()
        .chain([alias, ("CALCOM__ALIASES_AT", "training.example"), listens, signed])
        .collect();
    let found = config(&sound).expect("sound").calcom().expect("sound").expect("a calendar").subscription;
    let address = "https://training.example/v1/webhooks/calcom/calcom";
    assert_eq!(found.as_ref().map(ilt_calcom::subscription::Subscription::address), Some(address));
    assert!(
        !format!("{found:?} {:?}", config(&sound)).contains("fedcba"),
        "nobody reads the secret in a log"
    );
}
