//! One connection that sends one request at a time, as light as can be: it shares two cores with what it measures.

use std::sync::Arc;

use anyhow::Context as _;
use http_body_util::{BodyExt as _, Full};
use hyper::body::Bytes;
use hyper::client::conn::http1::{SendRequest, handshake};
use hyper::{Method, Request};
use hyper_util::rt::TokioIo;
use ilt_core::ids::PersonId;
use ilt_engine::config::{Expected, Keys};
use ilt_engine::system::SystemClock;
use ilt_host::http::access::auth::Auth;
use jiff::SignedDuration;
use tokio::net::TcpStream;
use uuid::Uuid;

/// Who signs the tokens of the bench's learners, with the host's own secret.
pub struct Signer(Auth);

impl Signer {
    /// With the secret in `ILT__AUTH__SECRET`.
    pub fn open() -> anyhow::Result<Self> {
        let keys = Keys::Secret(std::env::var("ILT__AUTH__SECRET")?.into());
        let expected = Expected::by(keys);
        Ok(Self(Auth::new(expected, Arc::new(SystemClock))?))
    }

    /// A token of the learner with this number.
    pub fn token(&self, number: usize) -> anyhow::Result<String> {
        let person = PersonId(Uuid::from_u128((1 << 64) + number as u128 + 1));
        self.0.mint(person, SignedDuration::from_hours(4)).context("tokens cannot be signed")
    }
}

/// One connection.
pub struct Client {
    sender: SendRequest<Full<Bytes>>,
    host: String,
}

impl Client {
    /// Connects to `http://host:port`.
    pub async fn connect(base: &str) -> anyhow::Result<Self> {
        let host = base.strip_prefix("http://").context("an address begins with http://")?.to_owned();
        let stream = TcpStream::connect(&host).await?;
        stream.set_nodelay(true)?;
        let (sender, connection) = handshake(TokioIo::new(stream)).await?;
        tokio::spawn(connection);
        Ok(Self { sender, host })
    }

    /// Asks for a seat as whoever holds the token, and answers the status once the whole answer is there.
    pub async fn register(&mut self, session: Uuid, token: &str) -> anyhow::Result<u16> {
        self.register_under("bench", session, token).await
    }

    /// The same under a key of its own: one that was used before is answered as then.
    pub async fn register_under(&mut self, key: &str, session: Uuid, token: &str) -> anyhow::Result<u16> {
        let request = Request::builder()
            .method(Method::POST)
            .uri(format!("/v1/sessions/{session}/registrations"))
            .header("host", &self.host)
            .header("authorization", format!("Bearer {token}"))
            .header("content-type", "application/json")
            .header("idempotency-key", key)
            .body(Full::new(Bytes::from_static(b"{}")))?;
        let answer = self.sender.send_request(request).await?;
        let status = answer.status().as_u16();
        answer.into_body().collect().await?;
        Ok(status)
    }
}
