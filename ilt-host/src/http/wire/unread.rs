//! What nobody has read of a body when its answer is there: a refusal may know enough after the headers.
//!
//! The rest would be taken for the next request on the connection, or the connection be cut while the client is still sending. So a
//! little is read and thrown away, and where it is more, or slow, the answer says that the connection ends.

use std::pin::Pin;
use std::sync::{Arc, Mutex, MutexGuard, PoisonError};
use std::task::{Context, Poll};
use std::time::Duration;

use axum::body::{Body, Bytes, HttpBody};
use axum::extract::Request;
use axum::http::header::{CONNECTION, EXPECT};
use axum::http::{HeaderValue, Version};
use axum::response::Response;
use http_body_util::BodyExt as _;
use hyper::body::{Frame, SizeHint};

/// So much is read to keep a connection.
const MOST: u64 = 256 * 1024;
/// So long.
const PATIENCE: Duration = Duration::from_millis(500);

/// What is left of a body after the answer to it.
pub struct Rest {
    body: Arc<Mutex<Body>>,
    /// Nothing is sent before we ask for it: whoever waits like this must not be asked for what nobody wants.
    waits: bool,
}

impl Rest {
    /// Keeps an eye on a request's body; nothing where it has none, and where no connection can be lost with it.
    pub fn of(request: Request) -> (Request, Option<Self>) {
        if request.body().is_end_stream() || request.version() >= Version::HTTP_2 {
            return (request, None);
        }
        let waits = request.headers().contains_key(EXPECT);
        let (parts, body) = request.into_parts();
        let body = Arc::new(Mutex::new(body));
        let seen = Body::new(Shared(body.clone()));
        (Request::from_parts(parts, seen), Some(Self { body, waits }))
    }

    /// Sees to it that the next request on the connection is read as one.
    pub async fn settle(self, response: &mut Response) {
        if lock(&self.body).is_end_stream() {
            return;
        }
        let is_read = !self.waits && tokio::time::timeout(PATIENCE, self.drain()).await.unwrap_or(false);
        if !is_read {
            response.headers_mut().insert(CONNECTION, HeaderValue::from_static("close"));
        }
    }

    /// Reads what is left, if it is little.
    async fn drain(&self) -> bool {
        let mut left = MOST;
        let mut rest = Shared(self.body.clone());
        if rest.size_hint().lower() > left {
            return false;
        }
        while let Some(frame) = rest.frame().await {
            let Ok(frame) = frame else { return false };
            let size = frame.data_ref().map_or(0, |data| data.len() as u64);
            match left.checked_sub(size) {
                Some(fewer) => left = fewer,
                None => return false,
            }
        }
        true
    }
}

struct Shared(Arc<Mutex<Body>>);

fn lock(body: &Mutex<Body>) -> MutexGuard<'_, Body> {
    body.lock().unwrap_or_else(PoisonError::into_inner)
}

impl HttpBody for Shared {
    type Data = Bytes;
    type Error = axum::Error;

    fn poll_frame(
        self: Pin<&mut Self>,
        context: &mut Context<'_>,
    ) -> Poll<Option<Result<Frame<Bytes>, axum::Error>>> {
        Pin::new(&mut *lock(&self.0)).poll_frame(context)
    }

    fn is_end_stream(&self) -> bool {
        lock(&self.0).is_end_stream()
    }

    fn size_hint(&self) -> SizeHint {
        lock(&self.0).size_hint()
    }
}
