//! A connection that ends when nothing is said on it for too long.

use std::io;
use std::pin::Pin;
use std::task::{Context, Poll};
use std::time::Duration;

use ilt_engine::config::Connections;
use tokio::io::{AsyncRead, AsyncWrite, ReadBuf};
use tokio::time::{Instant, Sleep, sleep_until};

use super::Place;

/// A connection on which somebody must begin soon, finish what they began, and ask again before long.
///
/// What is asked is answered in time (a request has a limit of its own), and live updates say something every few seconds: so it
/// is enough to look at how long nothing was written.
pub struct Attentive<S> {
    stream: S,
    /// How long a request may take to come and be answered.
    asking: Duration,
    /// How long nothing need be asked after an answer.
    idle: Duration,
    /// Whether something came since the last answer, or nothing was answered yet.
    is_asking: bool,
    until: Instant,
    alarm: Option<Pin<Box<Sleep>>>,
    _place: Place,
}

impl<S> Attentive<S> {
    pub(super) fn new(stream: S, limits: &Connections, place: Place) -> Self {
        let (asking, idle) = (limits.asking, limits.idle);
        let until = after(asking);
        Self { stream, asking, idle, is_asking: true, until, alarm: None, _place: place }
    }

    /// Somebody said something.
    fn was_asked(&mut self) {
        if !self.is_asking {
            (self.is_asking, self.until) = (true, after(self.asking));
        }
    }

    /// Something was answered, if it was written.
    fn answered_by(&mut self, written: Poll<io::Result<usize>>) -> Poll<io::Result<usize>> {
        if written.is_ready() {
            (self.is_asking, self.until) = (false, after(self.idle));
        }
        written
    }

    /// Whether it has been silent for too long; wakes whoever reads when it has.
    fn is_over(&mut self, context: &mut Context<'_>) -> bool {
        let until = self.until;
        let alarm = self.alarm.get_or_insert_with(|| Box::pin(sleep_until(until)));
        if alarm.deadline() != until {
            alarm.as_mut().reset(until);
        }
        alarm.as_mut().poll(context).is_ready()
    }
}

#[expect(
    clippy::disallowed_methods,
    reason = "how long a connection is silent is no business of the clock on the wall"
)]
fn after(time: Duration) -> Instant {
    Instant::now() + time
}

impl<S: AsyncRead + Unpin> AsyncRead for Attentive<S> {
    fn poll_read(
        mut self: Pin<&mut Self>,
        context: &mut Context<'_>,
        buffer: &mut ReadBuf<'_>,
    ) -> Poll<io::Result<()>> {
        match Pin::new(&mut self.stream).poll_read(context, buffer) {
            Poll::Ready(read) => {
                self.was_asked();
                Poll::Ready(read)
            }
            // As if the other side had gone.
            Poll::Pending if self.is_over(context) => Poll::Ready(Ok(())),
            Poll::Pending => Poll::Pending,
        }
    }
}

impl<S: AsyncWrite + Unpin> AsyncWrite for Attentive<S> {
    fn poll_write(
        mut self: Pin<&mut Self>,
        context: &mut Context<'_>,
        bytes: &[u8],
    ) -> Poll<io::Result<usize>> {
        let written = Pin::new(&mut self.stream).poll_write(context, bytes);
        self.answered_by(written)
    }

    fn poll_write_vectored(
        mut self: Pin<&mut Self>,
        context: &mut Context<'_>,
        parts: &[io::IoSlice<'_>],
    ) -> Poll<io::Result<usize>> {
        let written = Pin::new(&mut self.stream).poll_write_vectored(context, parts);
        self.answered_by(written)
    }

    fn is_write_vectored(&self) -> bool {
        self.stream.is_write_vectored()
    }

    fn poll_flush(mut self: Pin<&mut Self>, context: &mut Context<'_>) -> Poll<io::Result<()>> {
        Pin::new(&mut self.stream).poll_flush(context)
    }

    fn poll_shutdown(mut self: Pin<&mut Self>, context: &mut Context<'_>) -> Poll<io::Result<()>> {
        Pin::new(&mut self.stream).poll_shutdown(context)
    }
}
