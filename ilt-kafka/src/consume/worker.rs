//! One partition's records, settled in their order.

use std::sync::Arc;
use std::sync::atomic::{AtomicUsize, Ordering};
use std::time::Duration;

use ilt_core::ports::Clock;
use jiff::Timestamp;
use tokio::sync::mpsc::{UnboundedReceiver, UnboundedSender, unbounded_channel};
use tokio::task::JoinHandle;

use super::graves::{Death, Graves};
use super::{Handler, Poison, Record, Wait, Watch};

/// Records settled at once.
const MOST: usize = 500;
/// How long a batch may take to be settled.
const PATIENCE: Duration = Duration::from_mins(1);
/// The first pause after a failure; twice as long after each further one.
const PAUSE: Duration = Duration::from_millis(100);
/// The longest.
const LONGEST_PAUSE: Duration = Duration::from_secs(30);

/// What every worker of a consumer works with.
pub struct Tools {
    pub group: String,
    pub handler: Arc<dyn Handler>,
    pub watch: Arc<dyn Watch>,
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
    let mut batch = Vec::with_capacity(MOST);
    while queue.recv_many(&mut batch, MOST).await > 0 {
        tools.settle(&batch).await;
        waiting.fetch_sub(batch.iter().map(Record::size).sum(), Ordering::Relaxed);
        if let Some(last) = batch.last() {
            settled(last.offset + 1);
        }
        batch.clear();
    }
}

impl Tools {
    /// Settles a batch, however long that takes.
    async fn settle(&self, batch: &[Record]) {
        let (mut attempts, mut first_failed_at) = (1, None);
        loop {
            let failed = match self.attempt(batch, attempts, first_failed_at).await {
                Ok(dead) => return self.watch.settled(batch.len() as u64, dead),
                Err(failed) => failed,
            };
            tracing::warn!(
                group = self.group,
                attempts,
                said = failed.said,
                "records cannot be settled just now"
            );
            self.watch.waits(&failed.said);
            let now = self.clock.now();
            first_failed_at.get_or_insert(now);
            let pause = PAUSE * 2_u32.pow(attempts.min(10));
            // Workers that failed together need not try again together.
            let jitter = 0.5 + f64::from(now.subsec_microsecond()) / 2_000_000.0;
            let pause = failed.leave_alone.unwrap_or_else(|| pause.min(LONGEST_PAUSE).mul_f64(jitter));
            tokio::time::sleep(pause.min(LONGEST_PAUSE)).await;
            attempts += 1;
        }
    }

    async fn attempt(&self, batch: &[Record], attempts: u32, first: Option<Timestamp>) -> Result<u64, Wait> {
        let said = || Wait { said: "settling takes too long".to_owned(), leave_alone: None };
        let dead = tokio::time::timeout(PATIENCE, self.handler.settle(batch)).await.map_err(|_| said())??;
        for (place, poison) in &dead {
            let Some(record) = batch.get(*place) else { continue };
            self.bury(record, poison, attempts, first).await?;
        }
        Ok(dead.len() as u64)
    }

    async fn bury(
        &self,
        record: &Record,
        poison: &Poison,
        attempts: u32,
        first: Option<Timestamp>,
    ) -> Result<(), Wait> {
        let first_failed_at = first.unwrap_or_else(|| self.clock.now());
        let death = Death { group: &self.group, attempts, first_failed_at };
        let buried = self.graves.bury(record, poison, &death).await;
        buried.map_err(|trouble| Wait {
            said: format!("a dead letter cannot be kept: {trouble}"),
            leave_alone: None,
        })
    }
}
