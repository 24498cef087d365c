//! One connection that sends one request at a time, as light as can be: it shares two cores with what it measures.

use anyhow::Context as _;
use http_body_util::{BodyExt as _, Full};
use hyper::body::Bytes;
use hyper::client::conn::http1::{SendRequest, handshake};
use hyper::{Method, Request};
use hyper_util::rt::TokioIo;
use tokio::net::TcpStream;
use uuid::Uuid;

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
        let request = Request::builder()
            .method(Method::POST)
            .uri(format!("/v1/sessions/{session}/registrations"))
            .header("host", &self.host)
            .header("authorization", format!("Bearer {token}"))
            .header("content-type", "application/json")
            .header("idempotency-key", "bench")
            .body(Full::new(Bytes::from_static(b"{}")))?;
        let answer = self.sender.send_request(request).await?;
        let status = answer.status().as_u16();
        answer.into_body().collect().await?;
        Ok(status)
    }
}
