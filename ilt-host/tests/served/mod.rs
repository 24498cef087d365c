//! What tests against a served host share: databases of their own, a little network, hosts, clients.

#![expect(dead_code, reason = "each test binary uses a part of it")]

pub mod process;

use std::sync::Arc;

use ilt_core::catalog::{Place, Role};
use ilt_core::desk::{Command, Order};
use ilt_core::ids::{PersonId, SessionId};
use ilt_core::journal::Actor;
use ilt_core::ports::Clock as _;
use ilt_core::testing::plans::{course, dealer, in_role, location, published};
use ilt_engine::config::Limits;
use ilt_engine::config::{Expected, Keys};
use ilt_engine::open::ports_on;
use ilt_engine::system::SystemClock;
use ilt_engine::{Engine, Ports, Settings, batch};
use ilt_host::http::access::auth::Auth;
use ilt_host::http::{App, router};
use ilt_store::SqlStore;
use jiff::{SignedDuration, ToSpan as _};
use serde_json::Value;
use uuid::Uuid;

pub const SECRET: &str = "a secret for tests that is long enough to be one";

pub fn learner(number: u128) -> PersonId {
    PersonId(Uuid::from_u128(0x1000_0000 + number))
}

pub fn admin() -> PersonId {
    PersonId(Uuid::from_u128(0x2001))
}

pub fn session(number: u128) -> SessionId {
    SessionId(Uuid::from_u128(0x3000 + number))
}

/// A network of one dealer, so many learners, and sessions of these capacities, all in the same hour of another day each;
/// the last two at the same hour.
pub async fn found(ports: &Ports, learners: u128, capacities: &[u32]) {
    let place = Place { lat: 50.94, lon: 6.96 };
    let mut people = vec![in_role(admin(), Role::Admin)];
    people.extend((0..learners).map(|number| in_role(learner(number), Role::Learner)));
    let location = location(1, "Köln", place);
    let today = SystemClock.now().to_zoned(location.zone.rules().clone()).date();
    let last = i32::try_from(capacities.len()).expect("few").max(2) - 2;
    let plan = |(number, capacity): (usize, &u32)| {
        let days = 30 + i32::try_from(number).expect("few").min(last);
        let starts = today.saturating_add(days.days()).at(9, 0, 0, 0);
        published(session(number as u128), starts, *capacity)
    };
    let plans = capacities.iter().enumerate().map(plan).collect();
    for command in [
        Command::SaveDealers(vec![dealer(place)]),
        Command::SaveLocations(vec![location]),
        Command::SaveCourses(vec![course(1, "High voltage", None, &[])]),
        Command::SavePeople(people),
        Command::SaveSessions { plans, historic: false },
    ] {
        let order = Order::new(Actor::system("import"), command, None, Uuid::nil());
        let done = batch::run(ports, &[order]).await.expect("the network is founded");
        assert!(done.answers[0].is_ok(), "{:?}", done.answers[0]);
    }
}

pub fn auth() -> Auth {
    let keys = Keys::Secret(SECRET.to_owned().into());
    let expected = Expected::by(keys);
    Auth::new(expected, Arc::new(SystemClock)).expect("sound settings")
}

/// A host served over TCP from inside this process.
pub struct Served {
    pub base: String,
    pub engine: Engine,
}

pub async fn serve(store: SqlStore, settings: Settings) -> Served {
    let engine = Engine::start(ports_on(store), settings).await.expect("an engine");
    let listener = tokio::net::TcpListener::bind("127.0.0.1:0").await.expect("a port");
    let base = format!("http://{}", listener.local_addr().expect("an address"));
    let app = App::new(engine.clone(), auth(), Limits::default(), None);
    tokio::spawn(async move { axum::serve(listener, router(app)).await });
    Served { base, engine }
}

/// A client with somebody's token.
#[derive(Clone)]
pub struct Client {
    http: reqwest::Client,
    base: String,
    token: String,
}

pub fn client(http: &reqwest::Client, base: &str, who: PersonId) -> Client {
    client_for(http, base, who, SignedDuration::from_hours(1))
}

/// A client whose token lasts so long.
pub fn client_for(http: &reqwest::Client, base: &str, who: PersonId, lasts: SignedDuration) -> Client {
    let token = auth().mint(who, lasts).expect("a token");
    Client { http: http.clone(), base: base.to_owned(), token }
}

impl Client {
    pub async fn get(&self, path: &str) -> (u16, Value) {
        let answer = self.http.get(format!("{}{path}", self.base)).bearer_auth(&self.token).send().await;
        read(answer.expect("an answer")).await
    }

    /// Changes what was last seen in this version; answers the status.
    pub async fn patch(&self, path: &str, version: u64, body: Value) -> u16 {
        let request = self.http.patch(format!("{}{path}", self.base)).bearer_auth(&self.token);
        let answer = request.header("if-match", format!("\"{version}\"")).json(&body).send().await;
        answer.expect("an answer").status().as_u16()
    }

    /// `None` when the host went away.
    pub async fn post(&self, path: &str, key: &str, body: Value) -> Option<(u16, Value)> {
        let request = self.http.post(format!("{}{path}", self.base)).bearer_auth(&self.token);
        let answer = request.header("idempotency-key", key).json(&body).send().await;
        let answer = answer.ok()?;
        let status = answer.status().as_u16();
        let bytes = answer.bytes().await.ok()?;
        Some((status, serde_json::from_slice(&bytes).unwrap_or_default()))
    }
}

impl Client {
    /// Listens to live updates, from the beginning or after an event.
    pub async fn listen(&self, path: &str, after: Option<&str>) -> Listener {
        let mut request = self.http.get(format!("{}{path}", self.base)).bearer_auth(&self.token);
        if let Some(after) = after {
            request = request.header("last-event-id", after);
        }
        let answer = request.send().await.expect("an answer");
        assert_eq!(answer.status(), 200);
        Listener { answer, text: String::new() }
    }
}

/// A stream of Server-Sent Events.
pub struct Listener {
    answer: reqwest::Response,
    text: String,
}

/// An event as it came.
#[derive(Debug, Clone, PartialEq)]
pub struct Told {
    pub id: String,
    pub name: String,
    pub data: Value,
}

impl Listener {
    /// The next event; `None` when the host ended the stream.
    pub async fn next(&mut self) -> Option<Told> {
        loop {
            if let Some((event, rest)) = self.text.split_once("\n\n") {
                let field = |name: &str| {
                    let line = event.lines().find_map(|line| line.strip_prefix(name));
                    line.unwrap_or_default().trim().to_owned()
                };
                let told = Told {
                    id: field("id:"),
                    name: field("event:"),
                    data: serde_json::from_str(&field("data:")).unwrap_or_default(),
                };
                self.text = String::from(rest);
                // A line that only says that somebody is still here.
                if !told.id.is_empty() {
                    return Some(told);
                }
                continue;
            }
            let chunk = self.answer.chunk().await.ok()??;
            self.text += std::str::from_utf8(&chunk).expect("text");
        }
    }
}

async fn read(answer: reqwest::Response) -> (u16, Value) {
    (answer.status().as_u16(), answer.json().await.unwrap_or_default())
}
