//! `health`: whether the host that this configuration describes lives, for whoever watches over it.

use std::time::Duration;

use anyhow::{Context as _, ensure};

use super::say;
use ilt_engine::config::Config;

/// How long it may take to answer.
const PATIENCE: Duration = Duration::from_secs(4);

pub async fn run(config: &Config) -> anyhow::Result<()> {
    // Whoever listens on every network listens on this machine's own.
    let address = if config.http.address.is_unspecified() { "127.0.0.1".to_owned() } else { host(config) };
    let is_private = config.http.tls()?.is_some();
    let scheme = if is_private { "https" } else { "http" };
    let url = format!("{scheme}://{address}:{}/health/live", config.http.port);
    // The certificate is for the name that the outside calls this machine by; nothing secret is said here.
    let client =
        reqwest::Client::builder().timeout(PATIENCE).tls_danger_accept_invalid_certs(is_private).build()?;
    let answer = client.get(&url).send().await.with_context(|| format!("nobody answers at {url}"))?;
    ensure!(answer.status().is_success(), "{url} answers {}", answer.status());
    say("it lives");
    Ok(())
}

fn host(config: &Config) -> String {
    match config.http.address {
        std::net::IpAddr::V4(address) => address.to_string(),
        std::net::IpAddr::V6(address) => format!("[{address}]"),
    }
}
