//! A host in memory: the real router on a real engine, with the town in it. It is used until something has changed.

use std::cell::{Cell, RefCell};
use std::future::Future;
use std::mem::ManuallyDrop;
use std::sync::{Arc, OnceLock};

use axum::Router;
use axum::body::{Body, Bytes};
use axum::http::{HeaderMap, Request, header};
use http_body_util::BodyExt as _;
use ilt_core::ids::{PersonId, RegistrationId};
use ilt_core::ports::{Analytics, Journal, Reads, Statements, Store, Timers};
use ilt_core::testing::{CountingIds, FixedClock, MemoryStore};
use ilt_engine::check_in::CheckInSecret;
use ilt_engine::config::{Expected, Keys, Limits};
use ilt_engine::open::Numbers;
use ilt_engine::{Engine, Ports, Settings, feed};
use ilt_host::http::access::auth::Auth;
use ilt_host::http::{App, router};
use jiff::SignedDuration;
use secrecy::SecretString;
use tokio::runtime::{Builder, Runtime};
use tower::ServiceExt as _;

use crate::town;

/// What signs tokens here.
pub const SECRET: &str = "a secret that is long enough for tests";
/// With these nobody has asked the desk.
const REFUSED_AT_THE_DOOR: [u16; 5] = [400, 401, 405, 413, 415];
/// How often a stream that never ends is asked for more.
const PATIENCE: usize = 32;

/// A store with all that a host wants of it.
pub trait Below: Store + Journal + Timers + Reads + Analytics + Statements + Clone + 'static {}

impl<T: Store + Journal + Timers + Reads + Analytics + Statements + Clone + 'static> Below for T {}

/// What came back.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Answer {
    /// The status.
    pub status: u16,
    /// The headers.
    pub headers: HeaderMap,
    /// The body; of a stream, what it said at once.
    pub body: Bytes,
}

/// A host with the town in it; Ada is registered for the session.
pub struct Host {
    /// What it runs on.
    pub engine: Engine,
    /// Checks tokens, and makes them.
    pub auth: Auth,
    /// Behind the codes by which people check themselves in.
    pub check_in: CheckInSecret,
    /// Ada's registration.
    pub registration: RegistrationId,
    /// What is counted.
    pub analytics: Arc<dyn Analytics>,
    /// What was told.
    pub told: Arc<dyn Statements>,
    router: Router,
    head: u64,
    is_spent: Cell<bool>,
    /// Dropped last, with everything that runs on it.
    runtime: Runtime,
}

/// The town, before anybody has asked anything; and Ada's registration.
static FOUNDED: OnceLock<(MemoryStore, RegistrationId)> = OnceLock::new();

thread_local! {
    /// Never dropped with its thread: a runtime cannot end while a thread does.
    static KEPT: RefCell<Option<ManuallyDrop<Host>>> = const { RefCell::new(None) };
    /// Whether it is kept although something has changed.
    static STAYS: Cell<bool> = const { Cell::new(false) };
}

/// Has this host be the one of this thread for whatever is tried, however it changes.
pub fn staying_on(host: Host, trying: impl FnOnce()) {
    KEPT.set(Some(ManuallyDrop::new(host)));
    STAYS.set(true);
    trying();
    STAYS.set(false);
    drop(KEPT.take().map(ManuallyDrop::into_inner));
}

/// Uses the host of this thread, a new one if the last one is not as it was.
pub fn on_host<T>(using: impl FnOnce(&Host) -> T) -> T {
    let kept = KEPT.take().map(ManuallyDrop::into_inner);
    let host = kept.unwrap_or_default();
    let done = using(&host);
    if STAYS.get() || host.is_as_it_was() {
        KEPT.set(Some(ManuallyDrop::new(host)));
    }
    done
}

impl Host {
    /// A new one, on a store in memory.
    pub fn new() -> Self {
        let runtime = Builder::new_current_thread().enable_all().build().expect("a runtime");
        let (founded, registration) = FOUNDED.get_or_init(|| {
            let store = MemoryStore::new();
            let registration = runtime.block_on(found(&store));
            (store, registration)
        });
        Self::in_town(runtime, founded.copy(), *registration)
    }

    /// A new one, on an empty store that lives on this runtime.
    pub fn on(runtime: Runtime, store: impl Below) -> Self {
        let registration = runtime.block_on(found(&store));
        Self::in_town(runtime, store, registration)
    }

    fn in_town(runtime: Runtime, store: impl Below, registration: RegistrationId) -> Self {
        let clock = Arc::new(FixedClock::at(town::now()));
        let engine = runtime.block_on(start(&store, clock.clone()));
        let keys = Keys::Secret(SecretString::from(SECRET));
        let expected = Expected::by(keys);
        let auth = Auth::new(expected, clock).expect("a good secret");
        let check_in = CheckInSecret::from_secret(SECRET);
        let told: Arc<dyn Statements> = Arc::new(store.clone());
        let analytics: Arc<dyn Analytics> = Arc::new(store);
        let numbers = Numbers { analytics: analytics.clone(), from: ilt_engine::config::From::Journal };
        let app = App::new(engine.clone(), auth.clone(), Limits::default(), None);
        let app = app.with_check_in(Some(check_in.clone())).with_numbers(Some(numbers));
        let router = router(app);
        let head = runtime.block_on(engine.ports().journal.head()).expect("a number");
        let is_spent = Cell::new(false);
        Self { engine, auth, check_in, registration, analytics, told, router, head, is_spent, runtime }
    }

    /// Waits for something.
    pub fn wait<T>(&self, until: impl Future<Output = T>) -> T {
        self.runtime.block_on(until)
    }

    /// A token of somebody.
    ///
    /// # Panics
    /// When it cannot be signed.
    pub fn token(&self, person: PersonId) -> String {
        self.auth.mint(person, SignedDuration::from_hours(1)).expect("a token")
    }

    /// Asks, and hears the answer.
    ///
    /// # Panics
    /// When there is none.
    pub fn ask(&self, request: Request<Vec<u8>>) -> Answer {
        let has_key = request.headers().contains_key("idempotency-key");
        let answer = self.wait(async {
            let answer = self.router.clone().oneshot(request.map(Body::from)).await.expect("an answer");
            let (parts, body) = answer.into_parts();
            let kind = parts.headers.get(header::CONTENT_TYPE).map_or(&b""[..], |it| it.as_bytes());
            let is_endless = kind == b"text/event-stream";
            let body = if is_endless { at_once(body).await } else { whole(body).await };
            Answer { status: parts.status.as_u16(), headers: parts.headers, body }
        });
        // What comes to the desk is remembered under its key, without anything else having changed.
        if has_key && !REFUSED_AT_THE_DOOR.contains(&answer.status) {
            self.spend();
        }
        answer
    }

    /// The journal's last number.
    ///
    /// # Panics
    /// When it cannot be read.
    pub fn head(&self) -> u64 {
        self.wait(self.engine.ports().journal.head()).expect("a number")
    }

    /// From now on it is not the host that others expect.
    pub fn spend(&self) {
        self.is_spent.set(true);
    }

    fn is_as_it_was(&self) -> bool {
        !self.is_spent.get() && self.head() == self.head
    }
}

impl Default for Host {
    fn default() -> Self {
        Self::new()
    }
}

/// An engine on a store that does what it is asked, and nothing by itself: no timers, and nobody who ends it when it stands still.
async fn start(store: &impl Below, clock: Arc<FixedClock>) -> Engine {
    let shared = Arc::new(store.clone());
    let ports = Ports {
        store: shared.clone(),
        journal: shared.clone(),
        timers: shared.clone(),
        reads: shared,
        clock,
        ids: Arc::new(CountingIds::default()),
        rules: Arc::new(ilt_core::ports::NoRules),
        evidence: Arc::new(ilt_core::ports::OwnCompletions),
    };
    let (engine, desks) = Engine::assemble(ports, Settings::default()).await.expect("it starts");
    for desk in desks {
        tokio::spawn(desk.run());
    }
    let (follower, mut bell) = (engine.clone(), engine.feed().bell().subscribe());
    tokio::spawn(async move {
        while bell.changed().await.is_ok() {
            feed::catch_up(&follower).await.expect("a journal");
        }
    });
    engine
}

/// Founds the town, and answers Ada's registration.
async fn found(store: &impl Below) -> RegistrationId {
    let engine = start(store, Arc::new(FixedClock::at(town::now()))).await;
    town::found(&engine).await;
    register(&engine).await
}

async fn register(engine: &Engine) -> RegistrationId {
    use ilt_core::desk::{Command, OnFull, Reply};
    let (session, learner): (_, PersonId) = (town::id(town::SESSION), town::id(town::ADA));
    let on_full = OnFull::Alternatives;
    let command = Command::Register { session, learner, on_full, automatic: false, reason: None };
    let asked = engine.ask(ilt_core::journal::Actor::Person(learner), command, None, uuid::Uuid::nil());
    let reply = asked.await.expect("a seat");
    engine.feed().wait_for(engine.feed().committed()).await;
    match reply {
        Reply::Registration { registration, .. } => registration.id,
        _ => unreachable!("a registration was asked for"),
    }
}

async fn whole(body: Body) -> Bytes {
    body.collect().await.expect("a whole body").to_bytes()
}

/// What a stream says without being waited for.
async fn at_once(mut body: Body) -> Bytes {
    let mut said = Vec::new();
    for _ in 0..PATIENCE {
        match futures::poll!(body.frame()) {
            std::task::Poll::Ready(Some(frame)) => {
                said.extend(frame.expect("a frame").into_data().unwrap_or_default());
            }
            std::task::Poll::Ready(None) => break,
            std::task::Poll::Pending => tokio::task::yield_now().await,
        }
    }
    said.into()
}
