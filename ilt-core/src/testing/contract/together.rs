//! Several things at once on one thread, interleaved wherever one of them waits: no runtime is named here.

use std::future::{Future, poll_fn};
use std::pin::Pin;
use std::task::Poll;

/// One of several.
pub type Task<'a> = Pin<Box<dyn Future<Output = ()> + 'a>>;

/// Ends when all have ended.
pub async fn together(mut tasks: Vec<Task<'_>>) {
    poll_fn(|context| {
        tasks.retain_mut(|task| task.as_mut().poll(context).is_pending());
        if tasks.is_empty() { Poll::Ready(()) } else { Poll::Pending }
    })
    .await;
}

/// Lets everybody else go on, so many times.
pub async fn pause(turns: u32) {
    let mut left = turns;
    poll_fn(|context| {
        if left == 0 {
            return Poll::Ready(());
        }
        left -= 1;
        context.waker().wake_by_ref();
        Poll::Pending
    })
    .await;
}
