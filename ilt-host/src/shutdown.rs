//! When to stop.

use tokio::signal::unix::{Signal, SignalKind, signal};

/// SIGINT and SIGTERM, watched for from when this is made: whoever is told that a host listens may stop it at once.
pub struct StopSignals([Option<Signal>; 2]);

impl StopSignals {
    /// Begins to watch.
    pub fn watch() -> Self {
        let watched = |kind, name| match signal(kind) {
            Ok(signal) => Some(signal),
            Err(error) => {
                tracing::warn!(error = &error as &dyn std::error::Error, "{name} cannot be watched for");
                None
            }
        };
        Self([watched(SignalKind::interrupt(), "SIGINT"), watched(SignalKind::terminate(), "SIGTERM")])
    }

    /// Waits for one of them.
    pub async fn come(self) {
        let one = |signal: Option<Signal>| async {
            match signal {
                Some(mut signal) => drop(signal.recv().await),
                None => std::future::pending().await,
            }
        };
        let [interrupt, terminate] = self.0.map(one);
        tokio::select! {
            () = interrupt => {}
            () = terminate => {}
        }
    }
}
