//! Tells a host of bookings over HTTP, as a Cal.com does: so many clients, each with one connection, one webhook after the other, as fast
//! as they are answered or so many a second. `bench/webhooks` runs it.

#[path = "../crowd/mod.rs"]
mod crowd;
mod letters;

use std::sync::Arc;
use std::time::{Duration, Instant};

use anyhow::Context as _;
use crowd::{Heard, Options, Turns, now};
use http_body_util::{BodyExt as _, Full};
use hyper::body::Bytes;
use hyper::client::conn::http1::{SendRequest, handshake};
use hyper::{Method, Request};
use hyper_util::rt::TokioIo;
use letters::Letter;
use tokio::net::TcpStream;

/// What a host says that has no room.
const FULL: u16 = 503;
/// How long a client waits then; a Cal.com would not come again.
const BREATH: Duration = Duration::from_millis(20);

/// What is told, one letter after the other.
struct Post {
    letters: Vec<Letter>,
    turns: Turns,
}

#[tokio::main]
async fn main() -> anyhow::Result<()> {
    let options = Options::read();
    let (base, clients) = (options.text("--base")?, options.number("--clients")?);
    let (first, sessions) = (options.number("--first")?, options.number("--sessions")?);
    let secret = std::env::var("ILT__CALCOM__WEBHOOK_SECRET")?;
    let numbers = first..first + options.number("--webhooks")?;
    let letters =
        numbers.map(|number| Letter::new(number, sessions, &secret)).collect::<Result<Vec<_>, _>>()?;
    let turns = options.turns(letters.len())?;
    let post = Arc::new(Post { letters, turns });

    let mut connections = Vec::new();
    for _ in 0..clients {
        connections.push(connect(base).await?);
    }
    let begun = now();
    let tasks: Vec<_> =
        connections.into_iter().map(|client| tokio::spawn(drive(client, post.clone(), begun))).collect();
    let mut heard = Heard::default();
    for task in tasks {
        heard.add(task.await??);
    }
    let rate = heard.rate(begun.elapsed());
    heard.sort();
    println!(
        "rate={rate:.0} p50={:.2} p99={:.2} last={:.2} answers={:?}",
        heard.at(500),
        heard.at(990),
        heard.at(1_000),
        heard.answers
    );
    Ok(())
}

/// One connection to `http://host:port`, and what it is called there.
async fn connect(base: &str) -> anyhow::Result<(SendRequest<Full<Bytes>>, String)> {
    let host = base.strip_prefix("http://").context("an address begins with http://")?.to_owned();
    let stream = TcpStream::connect(&host).await?;
    stream.set_nodelay(true)?;
    let (sender, connection) = handshake(TokioIo::new(stream)).await?;
    tokio::spawn(connection);
    Ok((sender, host))
}

async fn drive(
    (mut sender, host): (SendRequest<Full<Bytes>>, String),
    post: Arc<Post>,
    begun: Instant,
) -> anyhow::Result<Vec<(u16, Duration)>> {
    let mut heard = Vec::new();
    while let Some(number) = post.turns.next() {
        let Letter { body, signature } = &post.letters[number];
        let due = post.turns.due(begun, number).await?;
        loop {
            let request = Request::builder()
                .method(Method::POST)
                .uri("/v1/webhooks/calcom/calcom")
                .header("host", &host)
                .header("content-type", "application/json")
                .header("x-cal-signature-256", signature)
                .body(Full::new(body.clone()))?;
            let answer = sender.send_request(request).await?;
            let status = answer.status().as_u16();
            answer.into_body().collect().await?;
            heard.push((status, due.elapsed()));
            if status != FULL {
                break;
            }
            tokio::time::sleep(BREATH).await;
        }
    }
    Ok(heard)
}
