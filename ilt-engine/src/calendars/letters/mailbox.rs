//! The queue between the answer and the store.

use std::collections::VecDeque;
use std::sync::{Arc, Mutex, MutexGuard, PoisonError};

use ilt_core::ports::{About, Clock, Delivery, Letter};
use jiff::Timestamp;
use tokio::sync::Notify;
use tokio_util::sync::CancellationToken;

use super::forgetting::KEPT;
use super::not_taken::NotTaken;

/// What a letter says, as far as it is used.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Read {
    /// By what it is known when it comes again.
    pub digest: String,
    /// When the calendar wrote it.
    pub created_at: Timestamp,
    /// The calendar's word for what happened.
    pub trigger: String,
    /// What it is about.
    pub about: About,
}

/// Whoever can tell whose a letter is, and what it is about.
pub trait Reader: Send + Sync {
    /// Reads a letter, once its signature was found to be right for these very bytes.
    ///
    /// # Errors
    /// [`NotTaken`]: it is too long, not signed, or says nothing.
    fn read(&self, signature: Option<&str>, body: &[u8]) -> Result<Read, NotTaken>;
}

/// How much may wait.
#[derive(Debug, Clone, Copy)]
pub struct Room {
    /// Letters.
    pub letters: usize,
    /// Bytes of them.
    pub bytes: usize,
}

impl Default for Room {
    fn default() -> Self {
        Self { letters: 20_000, bytes: 64 << 20 }
    }
}

/// Where letters are left. Clones are the same.
#[derive(Clone)]
pub struct Mailbox(Arc<Inner>);

struct Inner {
    instance: String,
    reader: Arc<dyn Reader>,
    clock: Arc<dyn Clock>,
    room: Room,
    queue: Mutex<Queue>,
    came: Notify,
}

#[derive(Default)]
struct Queue {
    waiting: VecDeque<Delivery>,
    /// Letters that wait, with those that are being kept just now.
    letters: usize,
    bytes: usize,
    is_closed: bool,
}

impl Queue {
    fn has_changed(&self) {
        #[expect(clippy::cast_precision_loss, reason = "a gauge")]
        metrics::gauge!("ilt_webhooks_waiting").set(self.letters as f64);
    }
}

impl Mailbox {
    /// An empty one, for letters of the calendar that is called `instance` here.
    pub fn new(instance: String, reader: Arc<dyn Reader>, clock: Arc<dyn Clock>, room: Room) -> Self {
        let (queue, came) = (Mutex::default(), Notify::new());
        Self(Arc::new(Inner { instance, reader, clock, room, queue, came }))
    }

    /// Whether letters of this calendar are taken.
    ///
    /// # Errors
    /// [`NotTaken::Unknown`] for any other.
    pub fn is_for(&self, instance: &str) -> Result<(), NotTaken> {
        if instance == self.0.instance { Ok(()) } else { Err(counted(NotTaken::Unknown)) }
    }

    /// Takes a letter, to be kept shortly. It waits for nobody.
    ///
    /// # Errors
    /// [`NotTaken`]: nothing of it is kept.
    pub fn leave(&self, signature: Option<&str>, body: &[u8]) -> Result<(), NotTaken> {
        self.take(signature, body).map_err(counted)
    }

    fn take(&self, signature: Option<&str>, body: &[u8]) -> Result<(), NotTaken> {
        let Inner { instance, reader, clock, .. } = &*self.0;
        let Read { digest, created_at, trigger, about } = reader.read(signature, body)?;
        let now = clock.now();
        // It may have been here before, and nobody would know any more.
        if now.duration_since(created_at) > KEPT {
            metrics::counter!("ilt_webhooks_total", "what" => "old").increment(1);
            return Ok(());
        }
        let body = String::from_utf8(body.to_vec()).map_err(|_| NotTaken::Unreadable {
            why: "not-json",
            said: "the webhook is no text".to_owned(),
        })?;
        let booking = about.bookings.first().cloned();
        let letter = Letter { instance: instance.clone(), digest, received_at: now, trigger, booking, body };
        self.put(Delivery { letter, about })
    }

    fn put(&self, delivery: Delivery) -> Result<(), NotTaken> {
        let (room, size) = (self.0.room, delivery.letter.body.len());
        let mut queue = self.queue();
        if queue.is_closed {
            return Err(NotTaken::Stopping);
        }
        if queue.letters >= room.letters || queue.bytes.saturating_add(size) > room.bytes {
            return Err(NotTaken::Full);
        }
        queue.letters += 1;
        queue.bytes += size;
        queue.waiting.push_back(delivery);
        queue.has_changed();
        drop(queue);
        self.0.came.notify_one();
        Ok(())
    }

    /// Letters that wait, and since when the first of them has.
    pub fn waiting(&self) -> (usize, Option<Timestamp>) {
        let queue = self.queue();
        (queue.letters, queue.waiting.front().map(|it| it.letter.received_at))
    }

    /// What waits, once something does: so many letters and bytes at most, but one at least. They go on counting until they are
    /// [`Mailbox::kept`]. Nothing once this host stops and none is left.
    pub(super) async fn next(
        &self,
        letters: usize,
        bytes: usize,
        stopping: &CancellationToken,
    ) -> Option<Vec<Delivery>> {
        loop {
            let is_stopping = stopping.is_cancelled();
            if let Some(batch) = self.gather(letters, bytes, is_stopping) {
                return Some(batch);
            }
            if is_stopping {
                return None;
            }
            tokio::select! {
                () = self.0.came.notified() => {}
                () = stopping.cancelled() => {}
            }
        }
    }

    fn gather(&self, letters: usize, bytes: usize, is_last: bool) -> Option<Vec<Delivery>> {
        let mut queue = self.queue();
        queue.is_closed |= is_last;
        let (mut batch, mut size) = (Vec::new(), 0_usize);
        while let Some(first) = queue.waiting.front() {
            size = size.saturating_add(first.letter.body.len());
            if batch.len() >= letters || (size > bytes && !batch.is_empty()) {
                break;
            }
            batch.extend(queue.waiting.pop_front());
        }
        drop(queue);
        (!batch.is_empty()).then_some(batch)
    }

    /// These wait no more.
    pub(super) fn kept(&self, batch: &[Delivery]) {
        let mut queue = self.queue();
        queue.letters = queue.letters.saturating_sub(batch.len());
        queue.bytes = queue.bytes.saturating_sub(batch.iter().map(|it| it.letter.body.len()).sum());
        queue.has_changed();
    }

    fn queue(&self) -> MutexGuard<'_, Queue> {
        // Whoever panics in here leaves letters that are still letters.
        self.0.queue.lock().unwrap_or_else(PoisonError::into_inner)
    }
}

fn counted(not_taken: NotTaken) -> NotTaken {
    metrics::counter!("ilt_webhooks_total", "what" => not_taken.word()).increment(1);
    not_taken
}
