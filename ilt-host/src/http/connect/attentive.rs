//! A connection that ends when nothing is said on it for too long.

use std::io;
use std::pin::Pin;
use std::task::{Context, Poll};
use std::time::Duration;

use ilt_engine::config::Connections;
use tokio::io::{AsyncRead, AsyncWrite, ReadBuf};
use tokio::time::{Instant, Sleep, sleep_until};

use super::Place;

/// A connection on which somebody must begin soon, finish what they began, read what they are answered, and ask again before long.
///
/// What is asked is answered in time (a request has a limit of its own), and live updates say something every few seconds: so it
/// is enough to look at how long nothing was written.
pub struct Attentive<S> {
    stream: S,
    limits: Connections,
    at: At,
    until: Instant,
    alarm: Option<Pin<Box<Sleep>>>,
    _place: Place,
}

/// How far a connection has come.
#[derive(Clone, Copy, PartialEq, Eq)]
enum At {
    /// Everything that was asked is answered.
    Rest,
    /// The head of a request is coming, of which the last bytes were so many ends of lines.
    Head(u8),
    /// A head has come, and perhaps more of it; nothing is answered yet.
    Asked,
}

impl<S> Attentive<S> {
    pub(super) fn new(stream: S, limits: &Connections, place: Place) -> Self {
        let until = after(limits.head);
        Self { stream, limits: *limits, at: At::Head(0), until, alarm: None, _place: place }
    }

    /// What it goes over.
    pub(super) fn stream(&self) -> &S {
        &self.stream
    }

    /// Somebody said something.
    fn was_told(&mut self, bytes: &[u8]) {
        if self.at == At::Rest {
            // After `100 Continue` it is the rest of what was asked, and of HTTP/2 anything: a head begins with the name of a method.
            let is_head = bytes.first().is_some_and(u8::is_ascii_uppercase);
            let (at, time) =
                if is_head { (At::Head(0), self.limits.head) } else { (At::Asked, self.limits.asking) };
            (self.at, self.until) = (at, after(time));
        }
        for byte in bytes {
            let At::Head(ends) = self.at else { return };
            self.at = match byte {
                // An empty line is the end of it; also of what begins a connection of HTTP/2.
                b'\n' if ends > 0 => {
                    self.until = after(self.limits.asking);
                    At::Asked
                }
                b'\n' => At::Head(1),
                b'\r' => At::Head(ends),
                _ => At::Head(0),
            };
        }
    }

    /// Something was answered, if it was written. What nobody reads for too long is not waited for.
    fn written<T>(&mut self, context: &mut Context<'_>, written: Poll<io::Result<T>>) -> Poll<io::Result<T>> {
        match written {
            Poll::Ready(Ok(_)) => {
                (self.at, self.until) = (At::Rest, after(self.limits.idle));
                written
            }
            Poll::Pending if self.is_over(context) => Poll::Ready(Err(io::ErrorKind::TimedOut.into())),
            _ => written,
        }
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
        let before = buffer.filled().len();
        match Pin::new(&mut self.stream).poll_read(context, buffer) {
            Poll::Ready(read) => {
                self.was_told(&buffer.filled()[before..]);
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
        self.written(context, written)
    }

    fn poll_write_vectored(
        mut self: Pin<&mut Self>,
        context: &mut Context<'_>,
        parts: &[io::IoSlice<'_>],
    ) -> Poll<io::Result<usize>> {
        let written = Pin::new(&mut self.stream).poll_write_vectored(context, parts);
        self.written(context, written)
    }

    fn is_write_vectored(&self) -> bool {
        self.stream.is_write_vectored()
    }

    fn poll_flush(mut self: Pin<&mut Self>, context: &mut Context<'_>) -> Poll<io::Result<()>> {
        match Pin::new(&mut self.stream).poll_flush(context) {
            Poll::Pending if self.is_over(context) => Poll::Ready(Err(io::ErrorKind::TimedOut.into())),
            flushed => flushed,
        }
    }

    fn poll_shutdown(mut self: Pin<&mut Self>, context: &mut Context<'_>) -> Poll<io::Result<()>> {
        match Pin::new(&mut self.stream).poll_shutdown(context) {
            Poll::Pending if self.is_over(context) => Poll::Ready(Err(io::ErrorKind::TimedOut.into())),
            closed => closed,
        }
    }
}
