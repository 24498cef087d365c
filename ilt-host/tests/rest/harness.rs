//! A host inside the test: the real router on a real engine, without a socket.

use std::sync::Arc;

use axum::Router;
use axum::body::Body;
use axum::extract::ConnectInfo;
use axum::http::{Method, Request};
use ilt_core::ports::{ApiKeys, SignIns};
use ilt_core::testing::{CountingIds, FixedClock, MemoryStore};
use ilt_engine::calendars::Shows;
use ilt_engine::check_in::CheckInSecret;
use ilt_engine::config::Limits;
use ilt_engine::config::{Expected, Keys};
use ilt_engine::open::Numbers;
#[cfg(feature = "plugins")]
use ilt_engine::plugins::PluginHost;
use ilt_engine::{Engine, Ports, Settings};
use ilt_host::http::access::auth::Auth;
use ilt_host::http::connect::Visitor;
use ilt_host::http::inside::Inside;
#[cfg(feature = "dev-login")]
use ilt_host::http::sign_in::ways::Ways;
use ilt_host::http::{App, router};
use ilt_store::testing::Database;
use ilt_store::{Options, SqlStore};
use jiff::SignedDuration;
use secrecy::SecretString;
use serde_json::Value;
use tower::ServiceExt as _;

use crate::held;
use crate::pretended::Pretended;
use crate::reply::Reply;
use crate::town;

/// What signs the tokens of tests.
pub const SECRET: &str = "a secret that is long enough for tests";
/// The id that every request comes with, so that answers can be compared as a whole.
pub const TRACE: &str = "00000000-0000-7000-8000-0000000000ff";

/// What a host keeps its data in.
pub enum Store {
    Memory,
    Sqlite,
}

/// A host with the town in it.
pub struct TestApp {
    pub clock: Arc<FixedClock>,
    pub auth: Auth,
    engine: Engine,
    host: App,
    /// What lets people sign in at a host beside this one.
    doors: Option<Arc<dyn Fn(App) -> App + Send + Sync>>,
    router: Router,
    /// Holds the database's file.
    _folder: Option<tempfile::TempDir>,
    _database: Option<Database>,
}

impl TestApp {
    /// A host on this store.
    pub async fn on(store: Store) -> Self {
        match store {
            Store::Memory => {
                let store = Arc::new(MemoryStore::new());
                let ports = |clock| ports(store.clone(), store.clone(), store.clone(), store.clone(), clock);
                Self::with(ports, Limits::default()).await.with_doors(store.clone())
            }
            Store::Sqlite => {
                let folder = tempfile::tempdir().expect("a folder");
                let url = format!("sqlite:{}", folder.path().join("ilt.db").display());
                let options = Options { careless: true, ..Options::default() };
                let store = Arc::new(SqlStore::connect(&url, &options).await.expect("a file"));
                store.migrate().await.expect("a schema");
                let ports = |clock| ports(store.clone(), store.clone(), store.clone(), store.clone(), clock);
                let app = Self::with(ports, Limits::default()).await.with_doors(store.clone());
                Self { _folder: Some(folder), ..app }
            }
        }
    }

    /// A host on this database.
    pub async fn on_database(database: Database) -> Self {
        let store = Arc::new(database.store(Options { careless: true, ..Options::default() }).await);
        let ports = |clock| ports(store.clone(), store.clone(), store.clone(), store.clone(), clock);
        let app = Self::with(ports, Limits::default()).await.with_doors(store.clone());
        Self { _database: Some(database), ..app }
    }

    /// Another host on the same store, which has just started.
    pub async fn beside(&self) -> Self {
        let engine =
            Engine::start(self.engine.ports().clone(), Settings::default()).await.expect("it starts");
        let beside = Self::of(engine, self.clock.clone(), Limits::default());
        let Some(doors) = &self.doors else { return beside };
        let app = doors(beside.host.clone());
        Self { router: router(app.clone()), host: app, ..beside }
    }

    /// Another host on the same store, which sees nothing of what happens there from now on.
    pub async fn out_of_date(&self) -> Self {
        let assembled = Engine::assemble(self.engine.ports().clone(), Settings::default()).await;
        Self::of(assembled.expect("an engine").0, self.clock.clone(), Limits::default())
    }

    /// A host on these adapters, with these limits.
    pub async fn with(ports: impl FnOnce(Arc<FixedClock>) -> Ports, limits: Limits) -> Self {
        let clock = Arc::new(FixedClock::at(town::now()));
        let engine = Engine::start(ports(clock.clone()), Settings::default()).await.expect("it starts");
        town::found(&engine).await;
        Self::of(engine, clock, limits)
    }

    fn of(engine: Engine, clock: Arc<FixedClock>, limits: Limits) -> Self {
        let keys = Keys::Secret(SecretString::from(SECRET));
        let expected = Expected::by(keys);
        let auth = Auth::new(expected, clock.clone()).expect("a good secret");
        let check_in = Some(CheckInSecret::from_secret(SECRET));
        let app = App::new(engine.clone(), auth.clone(), limits, None).with_check_in(check_in);
        let app = app.with_workshop(Some(Arc::new(Pretended)));
        let router = router(app.clone());
        Self { clock, auth, engine, host: app, doors: None, router, _folder: None, _database: None }
    }

    /// The same host, where people of a demo can sign in, and other systems have keys.
    fn with_doors<S: SignIns + ApiKeys + 'static>(self, store: Arc<S>) -> Self {
        let app = self.host.clone().with_doors(store.clone(), store.clone());
        #[cfg(feature = "dev-login")]
        let app = app.with_ways(Ways::demo_of([
            ("learner", town::id(town::ADA)),
            ("dealer admin", town::id(town::DORA)),
            ("admin", town::id(town::ROOT)),
        ]));
        let doors: Arc<dyn Fn(App) -> App + Send + Sync> =
            Arc::new(move |app: App| app.with_doors(store.clone(), store.clone()));
        Self { router: router(app.clone()), host: app, doors: Some(doors), ..self }
    }

    /// The same host, with plugins.
    #[cfg(feature = "plugins")]
    pub async fn with_plugins(self, host: PluginHost) -> Self {
        host.follow(&self.engine).await;
        let app = self.host.clone().with_workshop(Some(Arc::new(host)));
        Self { router: router(app.clone()), host: app, ..self }
    }

    /// The same host, built without plugins.
    pub fn without_plugins(self) -> Self {
        let app = self.host.clone().with_workshop(None);
        Self { router: router(app.clone()), host: app, ..self }
    }

    /// The same host, with calendars.
    pub fn with_calendars(self, calendars: Shows) -> Self {
        let app = self.host.clone().with_calendars(Some(calendars));
        Self { router: router(app.clone()), host: app, ..self }
    }

    /// The same host, where somebody counts.
    pub fn with_numbers(self, numbers: Numbers) -> Self {
        let router = router(self.host.clone().with_numbers(Some(numbers)));
        Self { router, ..self }
    }

    /// The same host, which listens to a calendar.
    #[cfg(feature = "calcom")]
    pub fn with_mailbox(self, mailbox: ilt_engine::calendars::letters::Mailbox) -> Self {
        let app = self.host.clone().with_mailbox(Some(mailbox));
        Self { router: router(app.clone()), host: app, ..self }
    }

    /// The same host, as the program around it asks it.
    pub fn inside(&self) -> Inside {
        Inside::of(self.host.clone())
    }

    /// Where the same host listens, for whoever wants a connection.
    pub async fn listens(&self) -> std::net::SocketAddr {
        let listener = tokio::net::TcpListener::bind("127.0.0.1:0").await.expect("a port");
        let at = listener.local_addr().expect("an address");
        tokio::spawn(axum::serve(listener, self.router.clone()).into_future());
        at
    }

    /// Has something done behind everybody's back.
    pub async fn ask(&self, actor: ilt_core::journal::Actor, command: ilt_core::desk::Command) {
        self.engine.ask(actor, command, None, uuid::Uuid::nil()).await.expect("it is done");
    }

    /// The seats that the journal told of each session last, as pages show them.
    pub async fn journalled_seats(&self) -> std::collections::BTreeMap<String, serde_json::Value> {
        let entries = self.engine.ports().journal.after(0, 10_000).await.expect("read");
        let told = entries.into_iter().filter_map(|entry| Some((entry.session?.to_string(), entry.seats?)));
        let shown = |seats: ilt_core::session::Seats| {
            let mut shown = serde_json::json!(seats);
            shown["open"] = serde_json::json!(seats.open());
            shown
        };
        told.map(|(session, seats)| (session, shown(seats))).collect()
    }

    /// What it runs on.
    pub fn ports(&self) -> &Ports {
        self.engine.ports()
    }

    /// The journal's last number.
    pub async fn head(&self) -> u64 {
        self.engine.ports().journal.head().await.expect("read")
    }

    /// A session as the store has it.
    pub async fn session(&self, id: ilt_core::ids::SessionId) -> ilt_core::session::Session {
        self.engine.ports().reads.sessions(&[id]).await.expect("read").remove(0)
    }

    /// Waits until searches know what was answered before: the catalogue follows the journal, a moment behind.
    pub async fn settled(&self) {
        self.engine.feed().wait_for(self.engine.feed().committed()).await;
    }

    /// Somebody with a valid token.
    pub fn client(&self, person: &str) -> Client<'_> {
        let id = person.parse().expect("a person's id");
        self.holder(&self.auth.mint(id, SignedDuration::from_hours(1)).expect("a token"))
    }

    /// Whoever holds this token.
    pub fn holder(&self, token: &str) -> Client<'_> {
        Client { app: self, headers: vec![("authorization", format!("Bearer {token}"))] }
    }

    /// Somebody without a token.
    pub fn stranger(&self) -> Client<'_> {
        Client { app: self, headers: Vec::new() }
    }
}

/// The adapters, with counting ids.
pub fn ports(
    store: Arc<dyn ilt_core::ports::Store>,
    journal: Arc<dyn ilt_core::ports::Journal>,
    timers: Arc<dyn ilt_core::ports::Timers>,
    reads: Arc<dyn ilt_core::ports::Reads>,
    clock: Arc<FixedClock>,
) -> Ports {
    Ports {
        store,
        journal,
        timers,
        reads,
        clock,
        ids: Arc::new(CountingIds::default()),
        rules: Arc::new(ilt_core::ports::NoRules),
        evidence: Arc::new(ilt_core::ports::OwnCompletions),
    }
}

/// Somebody who sends requests.
#[derive(Clone)]
pub struct Client<'a> {
    app: &'a TestApp,
    headers: Vec<(&'static str, String)>,
}

impl Client<'_> {
    /// The same with another header.
    #[must_use]
    pub fn with(&self, name: &'static str, value: impl Into<String>) -> Self {
        let mut client = self.clone();
        client.headers.push((name, value.into()));
        client
    }

    pub async fn get(&self, path: impl AsRef<str>) -> Reply {
        self.send(Method::GET, path.as_ref(), None).await
    }

    pub async fn post(&self, path: impl AsRef<str>, body: Value) -> Reply {
        self.send(Method::POST, path.as_ref(), Some(body.to_string())).await
    }

    pub async fn patch(&self, path: impl AsRef<str>, body: Value) -> Reply {
        self.send(Method::PATCH, path.as_ref(), Some(body.to_string())).await
    }

    pub async fn put(&self, path: impl AsRef<str>, body: Value) -> Reply {
        self.send(Method::PUT, path.as_ref(), Some(body.to_string())).await
    }

    pub async fn delete(&self, path: impl AsRef<str>) -> Reply {
        self.send(Method::DELETE, path.as_ref(), None).await
    }

    /// Sends any request; a body is JSON unless a header says otherwise.
    pub async fn send(&self, method: Method, path: &str, body: Option<String>) -> Reply {
        let reply = Reply::read(self.begin(method.clone(), path, body.clone()).await).await;
        held::to_the_document(&method, path, body.as_deref(), &reply);
        reply
    }

    /// The same, of whose answer nothing but the beginning has come.
    pub async fn begin(&self, method: Method, path: &str, body: Option<String>) -> axum::response::Response {
        self.begin_with(method, path, body.map(String::into_bytes)).await
    }

    /// Sends what is no text.
    pub async fn upload(&self, path: &str, bytes: Vec<u8>) -> Reply {
        let client = self.with("content-type", "application/wasm");
        Reply::read(client.begin_with(Method::POST, path, Some(bytes)).await).await
    }

    async fn begin_with(
        &self,
        method: Method,
        path: &str,
        body: Option<Vec<u8>>,
    ) -> axum::response::Response {
        let mut request = Request::builder().method(method).uri(path).header("x-request-id", TRACE);
        let says_type = self.headers.iter().any(|(name, _)| *name == "content-type");
        if body.is_some() && !says_type {
            request = request.header("content-type", "application/json");
        }
        for (name, value) in &self.headers {
            request = request.header(*name, value);
        }
        // As if somebody on this machine had a connection.
        request = request.extension(ConnectInfo(Visitor::at(std::net::Ipv4Addr::LOCALHOST.into())));
        let request = request.body(Body::from(body.unwrap_or_default())).expect("a request");
        self.app.router.clone().oneshot(request).await.expect("the router answers")
    }
}
