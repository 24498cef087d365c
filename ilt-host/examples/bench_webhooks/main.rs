//! Tells a host of bookings over HTTP, as a Cal.com does: so many clients, each with one connection, one webhook after the other, as fast
//! as they are answered or so many a second. `bench/webhooks` runs it.

mod letters;

use std::collections::BTreeMap;
use std::sync::Arc;
use std::sync::atomic::{AtomicUsize, Ordering};
use std::time::{Duration, Instant};

use anyhow::Context as _;
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
    next: AtomicUsize,
    /// Between two of them, when they come at a pace of their own.
    pause: Option<Duration>,
}

impl Post {
    /// The next letter's number, while there is one.
    fn next(&self) -> Option<usize> {
        let number = self.next.fetch_add(1, Ordering::Relaxed);
        (number < self.letters.len()).then_some(number)
    }

    /// Waits until it is this one's turn, and answers when that was: whoever waits for a connection waits already.
    async fn due(&self, begun: Instant, number: usize) -> anyhow::Result<Instant> {
        let Some(pause) = self.pause else { return Ok(now()) };
        let due = begun + pause * u32::try_from(number)?;
        tokio::time::sleep_until(due.into()).await;
        Ok(due)
    }
}

#[tokio::main]
async fn main() -> anyhow::Result<()> {
    let options: Vec<String> = std::env::args().skip(1).collect();
    let option = |name: &str| {
        let at = options.iter().position(|option| option == name);
        at.and_then(|at| options.get(at + 1)).with_context(|| format!("{name} is missing"))
    };
    let number = |name: &str| anyhow::Ok(option(name)?.parse::<usize>()?);
    let (base, clients, first) = (option("--base")?, number("--clients")?, number("--first")?);
    let secret = std::env::var("ILT__CALCOM__WEBHOOK_SECRET")?;
    let sessions = number("--sessions")?;
    let letters = (first..first + number("--webhooks")?).map(|number| Letter::new(number, sessions, &secret));
    let pause =
        option("--rate").ok().map(|rate| rate.parse().map(|rate: f64| Duration::from_secs_f64(1.0 / rate)));
    let post = Post {
        letters: letters.collect::<Result<_, _>>()?,
        next: AtomicUsize::new(0),
        pause: pause.transpose()?,
    };
    let post = Arc::new(post);

    let mut connections = Vec::new();
    for _ in 0..clients {
        connections.push(connect(base).await?);
    }
    let begun = now();
    let tasks: Vec<_> =
        connections.into_iter().map(|client| tokio::spawn(drive(client, post.clone(), begun))).collect();
    let (mut times, mut answers) = (Vec::new(), BTreeMap::new());
    for task in tasks {
        for (status, took) in task.await?? {
            *answers.entry(status).or_insert(0_usize) += 1;
            times.push(took);
        }
    }
    report(&mut times, begun.elapsed(), &answers);
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
    while let Some(number) = post.next() {
        let Letter { body, signature } = &post.letters[number];
        let due = post.due(begun, number).await?;
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

fn report(times: &mut [Duration], took: Duration, answers: &BTreeMap<u16, usize>) {
    times.sort_unstable();
    let at =
        |permille: usize| times[(times.len() * permille / 1_000).min(times.len() - 1)].as_secs_f64() * 1e3;
    #[expect(clippy::cast_precision_loss, reason = "a count of requests")]
    let rate = times.len() as f64 / took.as_secs_f64();
    println!(
        "rate={rate:.0} p50={:.2} p99={:.2} last={:.2} answers={answers:?}",
        at(500),
        at(990),
        at(1_000)
    );
}

#[expect(clippy::disallowed_methods, reason = "this is the stopwatch")]
fn now() -> Instant {
    Instant::now()
}
