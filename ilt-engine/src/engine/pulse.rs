//! Whether the desks get anything done, looked at from outside the runtime that they run on.
//!
//! A batch has limits in everything it does, so one that never ends is a fault of ours, or of whatever it waits for. Then nobody may
//! be told that this host is ready, and in the end the host is worth less than its restart.
//!
//! # Not here
//! A clock: this counts its own looks, a second apart, so that no clock that jumps makes a host give itself up.

use std::sync::Arc;
use std::sync::atomic::{AtomicBool, AtomicU64, Ordering};
use std::time::Duration;

use futures::FutureExt as _;
use tokio_util::sync::CancellationToken;

/// How often is looked.
const EVERY: Duration = Duration::from_secs(1);

/// What one desk has begun and ended.
#[derive(Debug, Default)]
pub(super) struct Pulse {
    begun: AtomicU64,
    ended: AtomicU64,
}

impl Pulse {
    /// A batch begins; it has ended when what is returned is dropped.
    pub(super) fn begin(self: &Arc<Self>) -> Beat {
        self.begun.fetch_add(1, Ordering::SeqCst);
        Beat(self.clone())
    }

    /// The batch that is on its way.
    fn under_way(&self) -> Option<u64> {
        let (ended, begun) = (self.ended.load(Ordering::SeqCst), self.begun.load(Ordering::SeqCst));
        (begun > ended).then_some(begun)
    }
}

/// A batch on its way.
pub(super) struct Beat(Arc<Pulse>);

impl Drop for Beat {
    fn drop(&mut self) {
        self.0.ended.fetch_add(1, Ordering::SeqCst);
    }
}

/// What was seen of all desks.
#[derive(Debug, Default)]
pub(super) struct Vigil {
    stuck_seconds: AtomicU64,
    broken: AtomicBool,
}

impl Vigil {
    /// For how long the batch that takes longest has been under way; `None` when a part of the engine has died.
    pub(super) fn stuck_for(&self) -> Option<Duration> {
        let is_broken = self.broken.load(Ordering::SeqCst);
        (!is_broken).then(|| Duration::from_secs(self.stuck_seconds.load(Ordering::SeqCst)))
    }

    /// A part of the engine, which nothing works without: when it dies, this is known.
    pub(super) async fn over(self: Arc<Self>, part: &'static str, work: impl Future<Output = ()>) {
        if std::panic::AssertUnwindSafe(work).catch_unwind().await.is_err() {
            tracing::error!(part, "a part of the engine has died: this host must be started again");
            self.broken.store(true, Ordering::SeqCst);
        }
    }

    /// Looks at the desks, on a thread of its own, until the engine has stopped. Once a batch has been under way for `give_up`, or a
    /// part has died, `end` is called.
    pub(super) fn keep(
        self: Arc<Self>,
        desks: Vec<Arc<Pulse>>,
        give_up: Option<Duration>,
        stopped: CancellationToken,
        end: impl Fn(&str) + Send + 'static,
    ) -> std::io::Result<()> {
        let mut seen: Vec<(Option<u64>, u64)> = vec![(None, 0); desks.len()];
        let watch = move || {
            while !stopped.is_cancelled() {
                std::thread::sleep(EVERY);
                for (desk, (batch, looks)) in desks.iter().zip(&mut seen) {
                    let now = desk.under_way();
                    *looks = if now.is_some() && now == *batch { *looks + 1 } else { 0 };
                    *batch = now;
                }
                let longest = seen.iter().map(|(_, looks)| *looks).max().unwrap_or_default();
                self.stuck_seconds.store(longest, Ordering::SeqCst);
                let Some(give_up) = give_up else { continue };
                match self.stuck_for() {
                    None => end("a part of the engine has died"),
                    Some(stuck) if stuck >= give_up => end("a batch never ended"),
                    Some(_) => {}
                }
            }
        };
        std::thread::Builder::new().name("ilt-vigil".to_owned()).spawn(watch).map(drop)
    }
}

#[cfg(test)]
mod tests {
    use std::sync::mpsc;

    use super::*;

    #[test]
    fn a_batch_that_never_ends_is_seen_and_given_up() {
        let (pulse, vigil, stopped) =
            (Arc::<Pulse>::default(), Arc::<Vigil>::default(), CancellationToken::new());
        let (said, heard) = mpsc::channel();
        let end = move |why: &str| drop(said.send(why.to_owned()));
        let two_seconds = Some(Duration::from_secs(2));
        vigil.clone().keep(vec![pulse.clone()], two_seconds, stopped.clone(), end).expect("a thread");
        drop(pulse.begin());
        let _never_ends = pulse.begin();
        assert_eq!(heard.recv().expect("it is given up"), "a batch never ended");
        assert!(vigil.stuck_for() >= two_seconds);
        stopped.cancel();
    }

    #[tokio::test]
    async fn a_part_that_dies_is_known() {
        let vigil = Arc::<Vigil>::default();
        vigil.clone().over("desk", async {}).await;
        assert_eq!(vigil.stuck_for(), Some(Duration::ZERO));
        vigil.clone().over("desk", async { panic!("as it is tested") }).await;
        assert_eq!(vigil.stuck_for(), None);
    }
}
