//! One partition's records, settled in their order.

use std::sync::Arc;
use std::sync::atomic::{AtomicUsize, Ordering};
use std::time::Duration;

use ilt_core::fault::with_causes;
use ilt_core::ports::Clock;
use ilt_core::retry::{Backoff, Pace};
use jiff::Timestamp;
use tokio::sync::mpsc::{UnboundedReceiver, UnboundedSender, unbounded_channel};
use tokio::task::{AbortHandle, JoinHandle};

use super::graves::{Death, Graves};
use super::outlook::{Outlook, Post};
use super::{Handler, Poison, Record, Wait};

/// Records settled at once when all goes well.
const MOST: usize = 500;
/// How long a batch may take to be settled.
const PATIENCE: Duration = Duration::from_mins(1);

/// What every worker of a consumer works with.
pub struct Tools {
    pub group: String,
    pub handler: Arc<dyn Handler>,
    pub outlook: Arc<Outlook>,
    pub clock: Arc<dyn Clock>,
    pub graves: Graves,
}

/// A worker, as whoever hands it records sees it.
pub struct Worker {
    records: UnboundedSender<Record>,
    /// Bytes that wait.
    waiting: Arc<AtomicUsize>,
    /// Whether Kafka was asked to send it nothing for a while.
    pub is_paused: bool,
    task: JoinHandle<()>,
}

impl Worker {
    /// Starts one; `settled` hears how far it is.
    pub fn start(tools: Arc<Tools>, settled: impl Fn(i64) + Send + 'static) -> Self {
        let (records, queue) = unbounded_channel();
        let waiting = Arc::<AtomicUsize>::default();
        let task = tokio::spawn(work(tools, queue, waiting.clone(), settled));
        Self { records, waiting, is_paused: false, task }
    }

    /// Hands it a record.
    pub fn give(&self, record: Record) {
        self.waiting.fetch_add(record.size(), Ordering::Relaxed);
        // A worker ends when it is told to, and gets nothing afterwards.
        let _ended = self.records.send(record);
    }

    /// Bytes that wait for it.
    pub fn waiting(&self) -> usize {
        self.waiting.load(Ordering::Relaxed)
    }

    /// What it does, to be ended when it takes too long.
    pub fn task(&self) -> AbortHandle {
        self.task.abort_handle()
    }

    /// Lets it finish what it has.
    pub async fn finish(self) {
        drop(self.records);
        let _ended = self.task.await;
    }

    /// Ends it where it stands: somebody else takes what it has not settled.
    pub fn end(self) {
        self.task.abort();
    }
}

async fn work(
    tools: Arc<Tools>,
    mut queue: UnboundedReceiver<Record>,
    waiting: Arc<AtomicUsize>,
    settled: impl Fn(i64) + Send,
) {
    let (post, pace, mut backoff) = (tools.outlook.post(), Pace::new(MOST, MOST), Backoff::default());
    let mut taken = Vec::with_capacity(MOST);
    while queue.recv_many(&mut taken, MOST).await > 0 {
        let mut trials = Trials::default();
        while let Some(first) = taken.first() {
            post.has_since(first.at);
            let count = tools.settle(&taken, &post, &pace, (&mut backoff, &mut trials)).await;
            let done = &taken[..count];
            waiting.fetch_sub(done.iter().map(Record::size).sum(), Ordering::Relaxed);
            if let Some(last) = done.last() {
                settled(last.offset + 1);
                trials.are_over_after(last.offset);
            }
            taken.drain(..count);
            // Others tell from one that is at fault whoever was to settle it.
            while taken.len() < MOST
                && let Ok(record) = queue.try_recv()
            {
                taken.push(record);
            }
        }
        post.has_since(None);
    }
}

/// What became of records that failed together, until all of them are settled.
#[derive(Default)]
struct Trials {
    failed: u32,
    first_failed_at: Option<Timestamp>,
    /// The offset of the last of them.
    last: i64,
}

impl Trials {
    fn failed(&mut self, batch: &[Record], now: Timestamp) {
        self.failed += 1;
        self.first_failed_at.get_or_insert(now);
        self.last = batch.last().map_or(0, |it| it.offset).max(self.last);
    }

    fn are_over_after(&mut self, offset: i64) {
        if offset >= self.last {
            *self = Self::default();
        }
    }
}

impl Tools {
    /// Tries to settle the first of these, as many as the pace says, and rests when that fails. Answers how many are settled.
    async fn settle(
        &self,
        left: &[Record],
        post: &Post,
        pace: &Pace,
        (backoff, trials): (&mut Backoff, &mut Trials),
    ) -> usize {
        let step = pace.step(left.len());
        let batch = &left[..step.count()];
        let failed = match self.attempt(batch, trials).await {
            Ok(dead) => {
                step.went_well();
                backoff.went_well();
                post.settled(batch.len() as u64, dead);
                return batch.len();
            }
            Err(failed) => failed,
        };
        step.failed(failed.wants_more);
        let now = self.clock.now();
        trials.failed(batch, now);
        let (group, attempts, said) = (&self.group, trials.failed, failed.said.as_str());
        tracing::warn!(group, attempts, records = batch.len(), said, "records cannot be settled just now");
        post.waits(said);
        tokio::time::sleep(backoff.failed(failed.leave_alone, now)).await;
        0
    }

    async fn attempt(&self, batch: &[Record], trials: &Trials) -> Result<u64, Wait> {
        let late = |_| Wait::because("settling takes too long");
        let dead = tokio::time::timeout(PATIENCE, self.handler.settle(batch)).await.map_err(late)??;
        for (place, poison) in &dead {
            let Some(record) = batch.get(*place) else { continue };
            self.bury(record, poison, trials).await?;
        }
        Ok(dead.len() as u64)
    }

    async fn bury(&self, record: &Record, poison: &Poison, trials: &Trials) -> Result<(), Wait> {
        let first_failed_at = trials.first_failed_at.unwrap_or_else(|| self.clock.now());
        let death = Death { group: &self.group, attempts: trials.failed + 1, first_failed_at };
        let buried = self.graves.bury(record, poison, &death).await;
        buried.map_err(|trouble| {
            Wait::because(format!("a dead letter cannot be kept: {}", with_causes(&trouble)))
        })
    }
}

#[cfg(test)]
mod tests {
    use std::sync::Mutex;

    use async_trait::async_trait;
    use ilt_core::testing::FixedClock;
    use ilt_core::testing::plans::now;

    use super::super::Watch;
    use super::*;
    use crate::Settings;

    /// Settles up to so many records at once; writes down how many it was given.
    struct Narrow(usize, Mutex<Vec<usize>>);

    #[async_trait]
    impl Handler for Narrow {
        async fn settle(&self, records: &[Record]) -> Result<Vec<(usize, Poison)>, Wait> {
            self.1.lock().expect("unharmed").push(records.len());
            let said = || Wait { leave_alone: Some(Duration::ZERO), ..Wait::because("too many") };
            if records.len() > self.0 { Err(said()) } else { Ok(Vec::new()) }
        }
    }

    /// Cannot tell whose fault it is that a record alone is not settled.
    struct Lonely(AtomicUsize);

    #[async_trait]
    impl Handler for Lonely {
        async fn settle(&self, records: &[Record]) -> Result<Vec<(usize, Poison)>, Wait> {
            self.0.fetch_add(1, Ordering::Relaxed);
            let wait = Wait { leave_alone: Some(Duration::ZERO), ..Wait::because("whose fault?") };
            if records.len() > 1 { Ok(Vec::new()) } else { Err(Wait { wants_more: true, ..wait }) }
        }
    }

    struct Nobody;

    impl Watch for Nobody {
        fn settled(&self, _records: u64, _dead: u64) {}
        fn waits(&self, _said: &str) {}
        fn flows(&self) {}
        fn behind(&self, _records: u64, _oldest: Option<Timestamp>) {}
    }

    fn record(offset: i64) -> Record {
        let topic = "topic".to_owned();
        Record { topic, partition: 0, offset, at: None, key: None, value: None, headers: Vec::new() }
    }

    fn tools(handler: Arc<dyn Handler>) -> Arc<Tools> {
        Arc::new(Tools {
            group: "group".to_owned(),
            handler,
            outlook: Arc::new(Outlook::new(Arc::new(Nobody))),
            clock: Arc::new(FixedClock::at(now())),
            graves: Graves::new(Settings::default()),
        })
    }

    #[tokio::test]
    async fn what_is_too_much_at_once_is_settled_in_parts() {
        let handler = Arc::new(Narrow(150, Mutex::default()));
        let told = Arc::<Mutex<Vec<i64>>>::default();
        let far = told.clone();
        let worker =
            Worker::start(tools(handler.clone()), move |next| far.lock().expect("unharmed").push(next));
        (0..500).for_each(|offset| worker.give(record(offset)));
        worker.finish().await;
        assert_eq!(*handler.1.lock().expect("unharmed"), [500, 250, 125, 250, 125, 250, 125, 125]);
        assert_eq!(*told.lock().expect("unharmed"), [125, 250, 375, 500]);
    }

    #[tokio::test]
    async fn what_comes_later_tells_whose_fault_it_is() {
        let handler = Arc::new(Lonely(AtomicUsize::new(0)));
        let worker = Worker::start(tools(handler.clone()), |_| {});
        worker.give(record(0));
        while handler.0.load(Ordering::Relaxed) < 2 {
            tokio::task::yield_now().await;
        }
        worker.give(record(1));
        tokio::time::timeout(Duration::from_secs(20), worker.finish()).await.expect("it is settled");
    }
}
