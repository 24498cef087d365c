//! `docker-compose.yml` and `Dockerfile`, held against the host's own configuration: they cannot rot where no engine runs.

use std::collections::BTreeSet;
use std::path::Path;
use std::process::Command;

use ilt_engine::config::{Config, layers};
use serde_norway::Value;

const COMPOSE: &str = include_str!("../../../docker-compose.yml");
const DOCKERFILE: &str = include_str!("../../../Dockerfile");

fn compose() -> Value {
    serde_norway::from_str(COMPOSE).expect("YAML")
}

fn names(value: &Value) -> BTreeSet<String> {
    let mapping = value.as_mapping().expect("a mapping");
    mapping.keys().map(|key| key.as_str().expect("a name").to_owned()).collect()
}

/// What stands for a variable of whoever starts it, when that is not set.
fn default_of(value: &str) -> &str {
    let inside = value.strip_prefix("${").and_then(|it| it.strip_suffix('}'));
    inside.map_or(value, |it| it.split_once(":-").expect("a default").1)
}

/// The variables that begin with `ILT__`, without that.
fn settings(value: &Value) -> Vec<(String, String)> {
    let pairs = value.as_mapping().expect("a mapping").iter().filter_map(|(name, value)| {
        let name = name.as_str()?.strip_prefix("ILT__")?.to_owned();
        Some((name, default_of(value.as_str().expect("text")).to_owned()))
    });
    pairs.collect()
}

/// What is shipped lets nobody in who has proven nothing: the feature for that is neither named where the image is built nor on by itself.
#[test]
fn an_image_signs_nobody_in_without_a_proof() {
    let metadata = cargo_metadata::MetadataCommand::new().no_deps().exec().expect("metadata");
    let host = metadata.packages.iter().find(|it| it.name.as_str() == "ilt-host").expect("the host");
    let wanted = DOCKERFILE.split("--features").skip(1).filter_map(|it| it.split_whitespace().next());
    let mut on: BTreeSet<String> = wanted.flat_map(|it| it.split(',')).map(str::to_owned).collect();
    on.insert("default".to_owned());
    loop {
        let more: Vec<_> = on
            .iter()
            .filter_map(|it| host.features.get(it))
            .flatten()
            .filter(|it| !on.contains(*it))
            .cloned()
            .collect();
        if more.is_empty() {
            break;
        }
        on.extend(more);
    }
    assert!(on.contains("kafka-tls") && on.contains("plugins"), "{on:?}");
    assert!(host.features.contains_key("dev-login") && !on.contains("dev-login"), "{on:?}");
}

#[test]
fn every_variable_of_the_host_is_a_setting_that_makes_sense() {
    let compose = compose();
    let mut set = settings(&compose["services"]["host"]["environment"]);
    let in_file = DOCKERFILE.split(|it: char| it.is_whitespace()).filter_map(|word| {
        let (name, value) = word.strip_prefix("ILT__")?.split_once('=')?;
        Some((name.to_owned(), value.to_owned()))
    });
    set.extend(in_file);
    assert!(set.len() >= 9, "{set:?}");
    // The secrets are where the files are mounted, and are not looked for here.
    let folder = tempfile::tempdir().expect("a folder");
    let file = folder.path().join("secret");
    std::fs::write(&file, "a secret that is long enough for every use of it").expect("written");
    for (name, value) in &mut set {
        if name.ends_with("_FILE") {
            let secret = value.strip_prefix("/run/secrets/").expect("a mounted secret");
            assert!(names(&compose["secrets"]).contains(secret), "{secret}");
            *value = file.display().to_string();
        }
    }
    let config = Config::of(&layers(None, set.clone()).expect("layers")).expect("settings that make sense");
    config.auth().expect("tokens can be checked");
    config.http.is_private().expect("a proxy before it ends TLS");
    config.store_url().expect("a database");
    assert!(config.lrs().expect("sound").is_some());
    #[cfg(feature = "kafka")]
    assert!(config.kafka().expect("sound").is_some());
    #[cfg(feature = "calcom")]
    {
        assert!(config.calcom().expect("sound").is_none(), "who does not start it has none");
        set.push(("CALCOM__URL".to_owned(), "http://cal-api:5555".to_owned()));
        let config = Config::of(&layers(None, set).expect("layers")).expect("settings that make sense");
        assert!(config.calcom().expect("sound").is_some());
    }
}

/// Whoever does not ask for Cal.com starts nothing of it, and what it needs is its own.
#[test]
fn cal_com_is_a_profile() {
    let compose = compose();
    let services = compose["services"].as_mapping().expect("services");
    let is_of_it = |name: &str| compose["services"][name]["profiles"][0] == "calcom";
    let of_it: Vec<_> = services.keys().filter_map(Value::as_str).filter(|it| is_of_it(it)).collect();
    assert_eq!(of_it, ["cal-web", "cal-api", "cal-postgres", "cal-redis"]);
    for (name, service) in services {
        let name = name.as_str().expect("a name");
        for needed in service.get("depends_on").map(names).unwrap_or_default() {
            assert_eq!(is_of_it(name), is_of_it(&needed), "{name} needs {needed}");
        }
    }
    let usage = COMPOSE.lines().find(|it| it.contains("--profile calcom")).expect("how it is started");
    assert!(usage.contains("ILT_CALCOM_URL=http://cal-api:5555"), "{usage}");
    assert_eq!(compose["services"]["cal-api"]["environment"]["API_PORT"], "5555");
}

#[test]
fn what_a_service_needs_is_there_and_is_watched_over() {
    let compose = compose();
    let services = names(&compose["services"]);
    assert!(["host", "postgres", "kafka", "lrs"].iter().all(|name| services.contains(*name)), "{services:?}");
    for (name, service) in compose["services"].as_mapping().expect("services") {
        let name = name.as_str().expect("a name");
        assert!(service.get("healthcheck").is_some(), "{name} is watched over");
        assert!(
            service.get("image").is_some() || service.get("build").is_some(),
            "{name} comes from somewhere"
        );
        for needed in service.get("depends_on").map(names).unwrap_or_default() {
            assert!(services.contains(&needed), "{name} needs {needed}");
        }
        for secret in service.get("secrets").and_then(Value::as_sequence).into_iter().flatten() {
            assert!(
                names(&compose["secrets"]).contains(secret.as_str().expect("a name")),
                "{name}: {secret:?}"
            );
        }
        for volume in service.get("volumes").and_then(Value::as_sequence).into_iter().flatten() {
            let volume = volume.as_str().and_then(|it| it.split(':').next()).expect("a volume");
            assert!(names(&compose["volumes"]).contains(volume), "{name}: {volume}");
        }
        if let Some(image) = service.get("image").and_then(Value::as_str) {
            let image = default_of(image);
            assert!(image.rsplit_once(':').is_some_and(|(_, tag)| tag != "latest"), "{image} is pinned");
        }
    }
}

#[test]
fn registration_waits_for_its_database_and_for_nobody_else() {
    let needed = names(&compose()["services"]["host"]["depends_on"]);
    assert_eq!(needed.into_iter().collect::<Vec<_>>(), ["postgres"]);
}

/// Megabytes of a size as it is written there.
fn megabytes(size: &str) -> u64 {
    let (number, unit) = size.split_at(size.len() - 1);
    number.parse::<u64>().expect("a number") * if unit == "g" { 1_024 } else { 1 }
}

#[test]
fn no_service_takes_all_the_memory_or_fills_the_disk_with_its_log() {
    let compose = compose();
    for (name, service) in compose["services"].as_mapping().expect("services") {
        let name = name.as_str().expect("a name");
        let limit = service["mem_limit"].as_str().map(megabytes).unwrap_or_default();
        assert!((256..=2_048).contains(&limit), "{name}: {limit} MB");
        let options = &service["logging"]["options"];
        assert!(
            options["max-size"].is_string() && options["max-file"].is_string(),
            "{name}'s log is rotated"
        );
        // Java takes what it is given beforehand, and as much again.
        let heap = ["KAFKA_HEAP_OPTS", "ES_JAVA_OPTS"].map(|it| service["environment"][it].as_str());
        for options in heap.into_iter().flatten() {
            let most = options.split("-Xmx").nth(1).map(megabytes).expect("a limit");
            assert!(2 * most <= limit, "{name}: {most} MB of {limit}");
        }
    }
}

#[test]
fn hosts_and_ports_that_are_named_are_those_of_services() {
    let compose = compose();
    let services = names(&compose["services"]);
    for (name, value) in settings(&compose["services"]["host"]["environment"]) {
        let host = match name.as_str() {
            "KAFKA__BROKERS" => value.split(':').next(),
            "STORE__URL" => value.split('@').nth(1).and_then(|it| it.split('/').next()),
            "LRS__URL" => value.split("://").nth(1).and_then(|it| it.split(':').next()),
            _ => continue,
        };
        assert!(host.is_some_and(|host| services.contains(host)), "{name}={value}");
    }
    assert!(DOCKERFILE.contains("USER 10001") && DOCKERFILE.contains("EXPOSE 8090"));
}

#[test]
fn what_is_stored_outlives_its_container() {
    let compose = compose();
    for name in ["postgres", "kafka", "elasticsearch", "cal-postgres"] {
        let volumes = compose["services"][name]["volumes"].as_sequence();
        assert!(volumes.is_some_and(|volumes| !volumes.is_empty()), "{name}");
    }
    assert!(compose["services"]["lrs"].get("volumes").is_none(), "its user may not write into a new volume");
}

/// Stands for the programs of the record store's image: `ralph` refuses a second credential, as the real one does.
const PROGRAMS: &str = r#"
ralph() { [ ! -e "$RALPH_APP_DIR/auth.json" ] && mkdir -p "$RALPH_APP_DIR" && echo "$*" >"$RALPH_APP_DIR/auth.json"; }
python() { echo index >>"$RALPH_APP_DIR/done"; }
uvicorn() { echo served >>"$RALPH_APP_DIR/done"; }
"#;

/// Whether the record store serves when it starts with this secret; without one, its file is missing.
fn starts(folder: &Path, secret: Option<&str>) -> bool {
    let compose = compose();
    let service = &compose["services"]["lrs"];
    let (command, file) = (service["command"][0].as_str().expect("a script"), folder.join("secret"));
    let _missing = std::fs::remove_file(&file);
    if let Some(secret) = secret {
        std::fs::write(&file, secret).expect("written");
    }
    let command = command.replace("$$", "$").replace("/run/secrets/lrs", &file.display().to_string());
    let script = format!("{PROGRAMS}{}", command.replace("exec ", ""));
    let mut shell = service["entrypoint"].as_sequence().expect("a shell").iter().filter_map(Value::as_str);
    let mut process = Command::new(shell.next().expect("its name"));
    process.args(shell).arg(script).env("RALPH_APP_DIR", folder.join("app"));
    process.status().expect("a shell").success()
}

#[test]
fn the_record_store_starts_again_and_with_another_secret() {
    let folder = tempfile::tempdir().expect("a folder");
    let read = |name: &str| std::fs::read_to_string(folder.path().join("app").join(name)).expect("written");
    for secret in ["first", "first", "second"] {
        assert!(starts(folder.path(), Some(secret)), "{secret}");
        assert!(read("auth.json").contains(&format!("-p {secret} ")), "{secret}");
    }
    assert_eq!(read("done"), "index\nserved\n".repeat(3));
    assert!(!starts(folder.path(), None), "nobody may come in without a secret");
    assert_eq!(read("done"), "index\nserved\n".repeat(3));
}
