//! One who watches: as little as can be, since ten thousand of them share two cores with what they watch.

use std::sync::{Arc, Mutex, PoisonError};
use std::time::Instant;

use anyhow::{Context as _, bail};
use tokio::io::{AsyncReadExt as _, AsyncWriteExt as _};
use tokio::net::TcpStream;

/// When each stream heard of something.
#[derive(Default)]
pub struct Heard(Mutex<Vec<Instant>>);

impl Heard {
    pub fn count(&self) -> usize {
        self.0.lock().unwrap_or_else(PoisonError::into_inner).len()
    }

    pub fn take(&self) -> Vec<Instant> {
        std::mem::take(&mut self.0.lock().unwrap_or_else(PoisonError::into_inner))
    }

    fn now(&self) {
        self.0.lock().unwrap_or_else(PoisonError::into_inner).push(super::now());
    }
}

/// A live stream whose head has come.
pub struct Stream(TcpStream);

impl Stream {
    pub async fn open(base: &str, token: &str) -> anyhow::Result<Self> {
        let host = base.strip_prefix("http://").context("an address begins with http://")?;
        let mut stream = TcpStream::connect(host).await?;
        let request =
            format!("GET /v1/live HTTP/1.1\r\nhost: {host}\r\nauthorization: Bearer {token}\r\n\r\n");
        stream.write_all(request.as_bytes()).await?;
        let (mut head, mut part) = (Vec::new(), [0; 512]);
        while !head.windows(4).any(|it| it == b"\r\n\r\n") {
            match stream.read(&mut part).await? {
                0 => bail!("a stream ended before it began: {}", String::from_utf8_lossy(&head)),
                more => head.extend_from_slice(&part[..more]),
            }
        }
        anyhow::ensure!(head.starts_with(b"HTTP/1.1 200"), "{}", String::from_utf8_lossy(&head));
        Ok(Self(stream))
    }

    /// Tells of each event; one is written whole, so that it comes whole.
    pub async fn listen(mut self, heard: Arc<Heard>) {
        let mut part = [0; 2_048];
        while let Ok(more @ 1..) = self.0.read(&mut part).await {
            let events = part[..more].windows(6).filter(|it| it == b"event:").count();
            (0..events).for_each(|_| heard.now());
        }
    }
}
