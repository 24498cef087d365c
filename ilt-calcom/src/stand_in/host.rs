//! Serving it: a port, a runtime of its own that can be killed with all its connections, and what becomes of each request.

use std::collections::BTreeMap;
use std::net::{Ipv4Addr, SocketAddr, TcpListener};
use std::sync::{Arc, Mutex, MutexGuard, PoisonError};
use std::time::Duration;

use axum::Router;
use axum::body::Bytes;
use axum::extract::State;
use axum::http::{HeaderMap, HeaderValue, Method, Uri};
use axum::response::{IntoResponse as _, Response};
use ilt_core::ports::Clock;
use reqwest::redirect::Policy;
use reqwest::{Client, Url};
use serde_json::Value;
use tokio::runtime::{Builder, Runtime};
use uuid::Uuid;

use super::asked::{Answered, Asked, Asker};
use super::deliver::deliver;
use super::gate::Left;
use super::mishaps::Mishap;
use super::person::Person;
use super::refusal::Refusal;
use super::world::{Host, World};

/// What it is given, since it has none of its own.
pub struct Givens {
    /// What time it is.
    pub clock: Arc<dyn Clock>,
    /// The next id.
    pub ids: Box<dyn FnMut() -> Uuid + Send>,
}

pub(super) struct Shared {
    pub world: Mutex<World>,
    pub client: Client,
}

/// A Cal.com in memory, at an address of its own.
pub struct StandIn {
    pub(super) shared: Arc<Shared>,
    address: SocketAddr,
    runtime: Mutex<Option<Runtime>>,
}

impl StandIn {
    /// Starts one that knows nobody yet.
    ///
    /// # Errors
    /// When there is no port or no thread for it.
    pub fn start(givens: Givens) -> std::io::Result<Self> {
        let client = Client::builder().redirect(Policy::none()).build().map_err(std::io::Error::other)?;
        let world = Mutex::new(World::new(givens.clock, givens.ids));
        let shared = Arc::new(Shared { world, client });
        let listener = TcpListener::bind((Ipv4Addr::LOCALHOST, 0))?;
        let address = listener.local_addr()?;
        let runtime = Mutex::new(Some(serve(listener, shared.clone())?));
        Ok(Self { shared, address, runtime })
    }

    /// Where it is.
    pub fn address(&self) -> String {
        format!("http://{}", self.address)
    }

    /// Adds a user with one key.
    pub fn add_host(&self, username: &str, name: &str, key: &str, is_admin: bool) -> u64 {
        let mut world = self.world();
        let id = u64::try_from(world.hosts.len()).unwrap_or_default() + 1;
        world.hosts.push(Host {
            id,
            username: username.to_owned(),
            name: name.to_owned(),
            email: format!("{username}@example.com"),
            time_zone: "Europe/Berlin".to_owned(),
            is_admin,
            keys: vec![key.to_owned()],
            week_start: "Sunday".to_owned(),
        });
        id
    }

    /// All that it knows, to look at and to change. Nobody is answered meanwhile.
    pub fn world(&self) -> MutexGuard<'_, World> {
        self.shared.world.lock().unwrap_or_else(PoisonError::into_inner)
    }

    /// Somebody at its website, who does as people do.
    pub fn person(&self) -> Person<'_> {
        Person::new(self)
    }

    /// Kills it with all that it is doing; what it knows stays. Nobody is answered, and connections are refused.
    pub fn stop(&self) {
        let runtime = self.runtime.lock().unwrap_or_else(PoisonError::into_inner).take();
        if let Some(runtime) = runtime {
            runtime.shutdown_background();
        }
        self.world().opening.clear();
    }

    /// Starts it again at the same address.
    ///
    /// # Errors
    /// When its port is somebody else's meanwhile.
    pub fn start_again(&self) -> std::io::Result<()> {
        self.stop();
        let mut tries = 0;
        let listener = loop {
            // Whoever served before lets go of it soon.
            match TcpListener::bind(self.address) {
                Err(_) if tries < 200 => std::thread::sleep(Duration::from_millis(10)),
                settled => break settled?,
            }
            tries += 1;
        };
        let runtime = serve(listener, self.shared.clone())?;
        *self.runtime.lock().unwrap_or_else(PoisonError::into_inner) = Some(runtime);
        Ok(())
    }
}

impl Drop for StandIn {
    fn drop(&mut self) {
        self.stop();
    }
}

fn serve(listener: TcpListener, shared: Arc<Shared>) -> std::io::Result<Runtime> {
    listener.set_nonblocking(true)?;
    let runtime = Builder::new_multi_thread().worker_threads(1).enable_all().build()?;
    let router = Router::new().fallback(request).with_state(shared);
    runtime.spawn(async move {
        if let Ok(listener) = tokio::net::TcpListener::from_std(listener) {
            let _until_it_is_killed = axum::serve(listener, router).await;
        }
    });
    Ok(runtime)
}

async fn request(
    State(shared): State<Arc<Shared>>,
    method: Method,
    uri: Uri,
    headers: HeaderMap,
    body: Bytes,
) -> Response {
    let mishap = shared.locked().mishaps.take();
    match mishap {
        Some(Mishap::Dead) => broken(),
        Some(Mishap::Hangs) => std::future::pending::<()>().await,
        Some(Mishap::Fails) => {
            return sent(
                500,
                &Refusal::short(500, "Internal server error").body(shared.locked().now(), ""),
                None,
                "",
            );
        }
        Some(Mishap::AnswerLost | Mishap::AnswerHangs) | None => {}
    }
    // Whoever hangs up does not stop what was begun.
    let done = tokio::spawn(async move { shared.handle(&method, &uri, &headers, &body).await }).await;
    match (mishap, done) {
        (Some(Mishap::AnswerHangs), _) => std::future::pending().await,
        (Some(Mishap::AnswerLost), _) | (_, Err(_)) => broken(),
        (_, Ok(response)) => response,
    }
}

/// Ends the connection without an answer.
fn broken() -> ! {
    std::panic::resume_unwind(Box::new("the connection breaks"))
}

impl Shared {
    fn locked(&self) -> MutexGuard<'_, World> {
        self.world.lock().unwrap_or_else(PoisonError::into_inner)
    }

    async fn handle(&self, method: &Method, uri: &Uri, headers: &HeaderMap, body: &Bytes) -> Response {
        let text = |name: &str| headers.get(name).and_then(|it| it.to_str().ok()).map(str::to_owned);
        let key = text("authorization").and_then(|it| it.strip_prefix("Bearer ").map(str::to_owned));
        let raw = uri.path_and_query().map_or("/", |it| it.as_str()).to_owned();
        let (id, now, asker, counted) = {
            let mut world = self.locked();
            world.asked.push(format!("{method} {}", uri.path()));
            let asker = world.asker(key.as_deref());
            // A key that is not known is not counted (recorded: 004).
            let counted = asker.is_ok().then(|| world.count(key.as_deref()));
            (world.uuid(), world.now(), asker, counted)
        };
        let left = counted.as_ref().map(|(left, _)| *left);
        let let_in = asker.and_then(|asker| counted.map_or(Ok(()), |(_, answer)| answer).map(|()| asker));
        let answered = match let_in {
            Ok(asker) => self.answer(asked(method, &raw, text("cal-api-version"), body, asker)).await,
            Err(refusal) => Err(refusal),
        };
        match answered {
            Ok(done) => sent(done.status, &done.body, left, &id),
            // Where there is no call, nobody counts (recorded: 131–133).
            Err(refusal) if refusal.is_nowhere() => {
                self.locked().uncount(key.as_deref());
                sent(refusal.status(), &refusal.body(now, &raw), None, &id)
            }
            Err(refusal) => sent(refusal.status(), &refusal.body(now, &raw), left, &id),
        }
    }

    /// Does what is asked, tells of it, and only then answers.
    pub(super) async fn answer(&self, asked: Result<Asked, Refusal>) -> Answered {
        let asked = asked?;
        let is_booking = asked.method == "POST" && asked.path.len() == 1 && asked.path[0] == "bookings";
        if is_booking && (asked.version.as_deref() == Some("2024-08-13") || asked.asker == Asker::Website) {
            let (opening, takes) = {
                let mut world = self.locked();
                (world.opening(&asked)?, world.opening_takes)
            };
            if let Some(opening) = opening {
                tokio::time::sleep(takes).await;
                let done = {
                    let mut world = self.locked();
                    let done = world.answer(&asked);
                    world.opening.remove(&opening);
                    done
                };
                return self.told(done).await;
            }
        }
        let done = self.locked().answer(&asked);
        self.told(done).await
    }

    async fn told(&self, done: Answered) -> Answered {
        let done = done?;
        deliver(&self.client, &self.world, &done.tells).await;
        Ok(done)
    }
}

fn asked(
    method: &Method,
    raw: &str,
    version: Option<String>,
    body: &Bytes,
    asker: Asker,
) -> Result<Asked, Refusal> {
    let nowhere = || Refusal::not_found(&format!("Cannot {method} {raw}"));
    let url: Url = format!("http://localhost{raw}").parse().map_err(|_| nowhere())?;
    let mut path: Vec<_> = url.path().split('/').filter(|it| !it.is_empty()).map(str::to_owned).collect();
    if path.first().is_some_and(|it| it == "api") {
        path.remove(0);
    }
    if path.is_empty() || path.remove(0) != "v2" {
        return Err(nowhere());
    }
    let query: BTreeMap<_, _> = url.query_pairs().into_owned().collect();
    let body = if body.is_empty() {
        Value::Null
    } else {
        serde_json::from_slice(body).map_err(|_| Refusal::bad_request("Unexpected token in JSON"))?
    };
    Ok(Asked { method: method.to_string(), raw: raw.to_owned(), path, query, body, version, asker })
}

fn sent(status: u16, body: &Value, left: Option<Left>, id: &str) -> Response {
    let status = axum::http::StatusCode::from_u16(status).unwrap_or_default();
    let mut response = (status, axum::Json(body)).into_response();
    let mut say = |name: &'static str, value: String| {
        if let Ok(value) = HeaderValue::from_str(&value) {
            response.headers_mut().insert(name, value);
        }
    };
    if let Some(left) = left {
        say("x-ratelimit-limit-default", left.limit.to_string());
        say("x-ratelimit-remaining-default", left.remaining.to_string());
        say("x-ratelimit-reset-default", left.reset.to_string());
    }
    say("x-request-id", id.to_owned());
    response
}
