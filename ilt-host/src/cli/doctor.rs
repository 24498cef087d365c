//! `doctor`: is everything there, and what to do when it is not.

use std::sync::Arc;

use ilt_core::fault::with_causes;
use ilt_core::ports::{Clock as _, Journal as _, Reads as _};
use ilt_core::schedule::Zone;
use ilt_lrs::Forwarder;

use super::say;
use crate::http::access::auth::Auth;
use ilt_engine::config::Config;
use ilt_engine::open;
use ilt_engine::system::SystemClock;
use uuid::Uuid;

/// Whether tokens can be checked, and by what they say.
fn tokens(config: &Config) -> Result<String, String> {
    let expected = config.auth().map_err(|error| error.to_string())?;
    let are_untyped = expected.untyped;
    Auth::new(expected, Arc::new(SystemClock)).map_err(|error| error.to_string())?;
    if are_untyped {
        return Err("those that do not say what they are for are taken, such as one to reset a password; have their issuer \
                    say `type` or `typ`, and set auth.accept_untyped = false"
            .to_owned());
    }
    Ok("can be checked".to_owned())
}

/// Whether this machine and the database's agree on the time: who of several hosts does something is told by their clocks.
async fn clocks(store: &ilt_store::SqlStore) -> Result<String, String> {
    match open::clock_is_off(store).await.map_err(|error| error.to_string())? {
        None => Ok("this machine and the database agree".to_owned()),
        Some(apart) => Err(format!("this machine's is {apart:#} apart from the database's; set both by NTP")),
    }
}

/// Whether the seats of every session are those that its people have.
async fn ledgers(store: &ilt_store::SqlStore) -> Result<String, String> {
    match store.differing_ledgers(1_000).await {
        Err(error) => Err(error.to_string()),
        Ok(differing) if differing.is_empty() => {
            Ok("every session's seats are those of its people".to_owned())
        }
        Ok(differing) => Err(format!("{} differ from their people; run `ilt-host ledgers`", differing.len())),
    }
}

/// Whether there is an answer from where people complete what this ledger does not see; nothing where there is no such place.
async fn elsewhere(config: &Config) -> Option<Result<String, String>> {
    let evidence = match open::evidence(config) {
        Ok(evidence) if evidence.is_nowhere() => return None,
        Ok(evidence) => evidence,
        Err(error) => return Some(Err(with_causes(&*error))),
    };
    let nobodys = [(Uuid::nil().into(), Uuid::nil().into())].into();
    let is_known = evidence.about(&nobodys).await.unknown.is_empty();
    Some(if is_known {
        Ok("answers".to_owned())
    } else {
        Err("does not say what somebody completed (the log says why); check [evidence]".to_owned())
    })
}

/// Whether every calendar that is linked can be kept; nothing where there are none.
#[cfg(feature = "calcom")]
async fn calendars(config: &Config, store: &ilt_store::SqlStore) -> Option<Result<String, String>> {
    let linking = match open::calcom(config, &Arc::new(store.clone())) {
        Ok(found) => found?.1,
        Err(error) => return Some(Err(with_causes(&*error))),
    };
    Some(match linking.check(|_| {}).await {
        Err(error) => Err(error.to_string()),
        Ok(linked) => match linked.iter().filter(|it| !it.missing.is_empty()).count() {
            0 => Ok(format!("calendars that are linked and can be kept: {}", linked.len())),
            bad => Err(format!("{bad} of {} cannot be kept; run `ilt-host calcom check`", linked.len())),
        },
    })
}

pub async fn run(config: &Config) -> anyhow::Result<()> {
    let mut failures = 0;
    let mut line = |what: &str, found: Result<String, String>| match found {
        Ok(detail) => say(format!("ok    {what}: {detail}")),
        Err(advice) => {
            failures += 1;
            say(format!("FAIL  {what}: {advice}"));
        }
    };
    line("configuration", Ok("every key is known".to_owned()));
    line("tokens", tokens(config));
    let zone = "Europe/Berlin".parse::<Zone>().map(|_| "known".to_owned());
    line("time zones", zone.map_err(|error| format!("{error}; install tzdata")));
    let year = SystemClock.now().to_zoned(jiff::tz::TimeZone::UTC).year();
    let clock = if year >= 2025 {
        Ok(format!("it is {}", SystemClock.now()))
    } else {
        Err(format!("it cannot be {year}; set the clock"))
    };
    line("clock", clock);
    match open::store(config).await {
        Err(error) => line("store", Err(format!("{}; check store.url", with_causes(&*error)))),
        Ok(store) => {
            let pending = store.pending().await;
            line("store", pending.as_ref().map(|_| "answers".to_owned()).map_err(ToString::to_string));
            if let Ok(pending) = pending {
                let schema = if pending.is_empty() {
                    let head = store.head().await.map_err(|error| error.to_string());
                    head.map(|head| format!("up to date, {head} entries in the journal"))
                } else {
                    Err(format!("{} migrations behind; run `ilt-host migrate`", pending.len()))
                };
                line("schema", schema);
                if pending.is_empty() {
                    line("ledgers", ledgers(&store).await);
                    line("clocks", clocks(&store).await);
                    #[cfg(feature = "calcom")]
                    if let Some(found) = calendars(config, &store).await {
                        line("Cal.com", found);
                    }
                }
            }
        }
    }
    if let Some(found) = elsewhere(config).await {
        line("evidence", found);
    }
    #[cfg(feature = "kafka")]
    if let Some(settings) = config.kafka()? {
        let brokers = ilt_kafka::brokers(&settings).await;
        let found = brokers.map(|brokers| format!("brokers that answer: {brokers}"));
        line("Kafka", found.map_err(|trouble| format!("{}; check [kafka]", with_causes(&trouble))));
    }
    if let Some(settings) = config.lrs()? {
        let answer = Forwarder::new(settings)?.greet().await;
        let found = answer.map(|()| "answers".to_owned());
        line("record store", found.map_err(|trouble| format!("{}; check [lrs]", with_causes(&trouble))));
    }
    anyhow::ensure!(failures == 0, "{failures} of these need attention");
    Ok(())
}
