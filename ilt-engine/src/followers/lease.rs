//! Holding the lease of a follower's name.

use std::sync::Arc;
use std::time::Duration;

use ilt_core::ports::{Clock, Leases, StoreError};
use jiff::{SignedDuration, Timestamp};
use uuid::Uuid;

/// How long a lease lasts. Within ten seconds of the death of a host another has asked, and takes over.
const LEASE: SignedDuration = SignedDuration::from_secs(9);
/// For how long it is good for another turn without asking: each time is a transaction that waits for the disk, and those who
/// wait for what follows wait with it.
const GOOD: SignedDuration = SignedDuration::from_secs(2);
/// Renewed as often during a turn, and given up when that takes as long again: with [`GOOD`] two seconds before it ends, for
/// clocks that differ.
const RENEW_EVERY: Duration = Duration::from_millis(2_500);
/// How often a host looks whether it may take over.
pub(super) const ASK_EVERY: Duration = Duration::from_millis(500);

/// The lease of a follower's name, as one host knows it.
pub(super) struct Lease {
    leases: Arc<dyn Leases>,
    clock: Arc<dyn Clock>,
    name: &'static str,
    holder: Uuid,
    /// How often it is renewed during a turn, and how long that may take.
    renew_every: Duration,
    /// Since when it is held, as far as is known.
    since: Option<Timestamp>,
}

impl Lease {
    /// One that is not held yet.
    pub fn new(leases: Arc<dyn Leases>, clock: Arc<dyn Clock>, name: &'static str, holder: Uuid) -> Self {
        Self { leases, clock, name, holder, renew_every: RENEW_EVERY, since: None }
    }

    /// Whether the lease is this host's, for long enough to begin something.
    pub async fn holds(&mut self) -> Result<bool, StoreError> {
        let now = self.clock.now();
        // A clock that was put back tells nothing of how long it has been held.
        let is_good = self.since.is_some_and(|since| since <= now && now.duration_since(since) < GOOD);
        if is_good { Ok(true) } else { self.renew().await }
    }

    /// Does something that takes its time while the lease is renewed. None when it was lost meanwhile: then it is given up.
    pub async fn during<T>(&mut self, work: impl Future<Output = T>) -> Option<T> {
        let pause = self.renew_every;
        let lost = async {
            loop {
                tokio::time::sleep(pause).await;
                let renewed = tokio::time::timeout(pause, self.renew()).await;
                if !matches!(renewed, Ok(Ok(true))) {
                    break;
                }
            }
        };
        tokio::select! {
            done = work => Some(done),
            () = lost => {
                self.since = None;
                None
            }
        }
    }

    /// Gives it back, so that another host need not wait for its end.
    pub async fn let_go(&self) {
        let _unreachable = self.leases.let_go(self.name, self.holder).await;
    }

    async fn renew(&mut self) -> Result<bool, StoreError> {
        self.since = None;
        let now = self.clock.now();
        let until = now.saturating_add(LEASE).unwrap_or(now);
        let holds = self.leases.hold(self.name, self.holder, now, until).await?;
        self.since = holds.then_some(now);
        Ok(holds)
    }
}

#[cfg(test)]
mod tests {
    use std::sync::atomic::{AtomicUsize, Ordering};

    use async_trait::async_trait;
    use ilt_core::testing::FixedClock;
    use ilt_core::testing::plans::{id, now};

    use super::*;

    /// Grants a lease so many times; afterwards it says no, or nothing at all.
    struct Book {
        grants: usize,
        is_silent: bool,
        asked: AtomicUsize,
    }

    #[async_trait]
    impl Leases for Book {
        async fn hold(&self, _: &str, _: Uuid, _: Timestamp, _: Timestamp) -> Result<bool, StoreError> {
            let is_granted = self.asked.fetch_add(1, Ordering::SeqCst) < self.grants;
            if !is_granted && self.is_silent {
                std::future::pending::<()>().await;
            }
            Ok(is_granted)
        }

        async fn let_go(&self, _: &str, _: Uuid) -> Result<(), StoreError> {
            Ok(())
        }
    }

    /// Works for so long under a lease: whether that came to an end, and how often the lease was asked for.
    async fn works(time: Duration, grants: usize, is_silent: bool) -> (bool, usize) {
        let book = Arc::new(Book { grants, is_silent, asked: AtomicUsize::new(0) });
        let clock = Arc::new(FixedClock::at(now()));
        let mut lease = Lease::new(book.clone(), clock, "work", id(1));
        lease.renew_every = Duration::from_millis(10);
        assert!(lease.holds().await.expect("asked"));
        let done = lease.during(tokio::time::sleep(time)).await.is_some();
        (done, book.asked.load(Ordering::SeqCst))
    }

    /// A host that is frozen, and not dead, lets go of nothing.
    #[test]
    fn another_host_takes_over_within_ten_seconds_and_never_before_the_work_was_given_up() {
        let whole = Duration::try_from(LEASE).expect("a length") + ASK_EVERY;
        assert!(whole < Duration::from_secs(10), "with half a second for asking: {whole:?}");
        let given_up = Duration::try_from(GOOD).expect("a length") + 2 * RENEW_EVERY;
        let lasts = Duration::try_from(LEASE).expect("a length");
        assert!(lasts >= given_up + Duration::from_secs(2), "two seconds for clocks: {lasts:?}");
    }

    #[tokio::test]
    async fn work_goes_on_while_the_lease_is_renewed_and_is_given_up_when_it_is_lost() {
        let (long, for_ever) = (Duration::from_millis(500), Duration::from_hours(1));
        assert_eq!(works(Duration::ZERO, 1, false).await, (true, 1), "short work needs no second time");
        let (is_done, asked) = works(long, usize::MAX, false).await;
        assert!(is_done && asked > 2, "{asked}");
        assert_eq!(works(for_ever, 3, false).await, (false, 4), "another has it");
        assert_eq!(works(for_ever, 3, true).await, (false, 4), "nobody answers in time");
    }
}
