//! Being a member of a group, until nobody needs it any more.

use std::ops::Deref;
use std::thread;

use rdkafka::consumer::{CommitMode, Consumer as _, ConsumerContext, StreamConsumer};
use tokio::sync::oneshot;

/// A consumer that says how far it is and leaves its group when it is dropped, on a thread of its own: librdkafka waits for
/// brokers and for what the group decides, at times for ever (its issue 4884), and whoever drops it may be a runtime's thread.
pub struct Member<C: ConsumerContext + 'static> {
    consumer: Option<StreamConsumer<C>>,
    has_left: Option<oneshot::Sender<()>>,
}

impl<C: ConsumerContext + 'static> Member<C> {
    /// A member, and who hears that it has left.
    pub fn new(consumer: StreamConsumer<C>) -> (Self, oneshot::Receiver<()>) {
        let (has_left, left) = oneshot::channel();
        (Self { consumer: Some(consumer), has_left: Some(has_left) }, left)
    }
}

impl<C: ConsumerContext + 'static> Deref for Member<C> {
    type Target = StreamConsumer<C>;

    fn deref(&self) -> &Self::Target {
        self.consumer.as_ref().expect("it is there until it is dropped")
    }
}

impl<C: ConsumerContext + 'static> Drop for Member<C> {
    fn drop(&mut self) {
        let (consumer, has_left) = (self.consumer.take(), self.has_left.take());
        let leave = move || {
            if let Some(consumer) = &consumer {
                // There may be nothing to say.
                let _nothing = consumer.commit_consumer_state(CommitMode::Sync);
                consumer.unsubscribe();
            }
            drop(consumer);
            has_left.map(|it| it.send(()));
        };
        if let Err(error) = thread::Builder::new().name("leaving-group".to_owned()).spawn(leave) {
            tracing::error!("no thread could be started to leave a group of consumers: {error}");
        }
    }
}
