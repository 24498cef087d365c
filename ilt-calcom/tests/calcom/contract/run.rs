//! Asking the stand-in what was recorded, and hearing what it tells.

use std::collections::BTreeMap;
use std::sync::Arc;
use std::sync::atomic::{AtomicI64, Ordering};

use ilt_calcom::stand_in::{Givens, StandIn};
use ilt_calcom::webhook::{Delivery, WebhookLimits, receive};
use ilt_core::ports::Clock;
use jiff::Timestamp;
use reqwest::{Client, Method};
use serde_json::Value;
use uuid::Uuid;
use wiremock::matchers::any;
use wiremock::{Mock, MockServer, ResponseTemplate};

use super::compare::{Names, differences};
use crate::support::{Recorded, folder};

/// Where the recorded webhooks went.
const RECORDED_SINK: &str = "http://127.0.0.1:58080";

/// A clock that is moved by hand, in seconds since the recordings began.
#[derive(Default)]
pub struct Watch(AtomicI64);

impl Watch {
    pub fn pass(&self, seconds: i64) {
        self.0.fetch_add(seconds, Ordering::SeqCst);
    }

    pub fn set(&self, at: &str) {
        let at: Timestamp = at.parse().expect("a time");
        self.0.store(at.as_second() - START, Ordering::SeqCst);
    }
}

/// 2026-11-23T19:08:00Z.
const START: i64 = 1_795_460_880;

impl Clock for Watch {
    fn now(&self) -> Timestamp {
        Timestamp::from_second(START + self.0.load(Ordering::SeqCst)).expect("a time")
    }
}

/// A stand-in with two users: an instructor, and an administrator.
pub fn stand_in(watch: &Arc<Watch>) -> StandIn {
    let mut last = 0_u128;
    let ids = Box::new(move || {
        last = last.wrapping_add(0x9e37_79b9_7f4a_7c15_f39c_c060_5ced_c835);
        Uuid::from_u128(last)
    });
    let stand_in = StandIn::start(Givens { clock: watch.clone(), ids }).expect("a port");
    stand_in.add_host("ines.instructor", "Ines Instructor", key("0001"), false);
    stand_in.add_host("ada.admin", "Ada Admin", key("0002"), true);
    stand_in
}

/// The whole key, by its last four letters.
pub fn key(last: &str) -> &'static str {
    match last {
        "0001" => "cal_fixture0000000000000000000000001",
        "0002" => "cal_fixture0000000000000000000000002",
        "xist" => "cal_doesnotexist",
        other => panic!("whose key is {other}?"),
    }
}

/// What came.
pub struct Came {
    pub status: u16,
    pub headers: BTreeMap<String, String>,
    pub body: Value,
}

impl Came {
    pub fn header(&self, name: &str) -> Option<String> {
        self.headers.get(name).cloned()
    }
}

pub struct Run {
    pub stand_in: StandIn,
    pub watch: Arc<Watch>,
    client: Client,
    names: Names,
    sink: MockServer,
    heard: usize,
}

impl Run {
    pub async fn start() -> Self {
        let watch = Arc::new(Watch::default());
        let sink = MockServer::start().await;
        Mock::given(any()).respond_with(ResponseTemplate::new(200)).mount(&sink).await;
        let names = Names::from([(RECORDED_SINK.to_owned(), sink.uri())]);
        let stand_in = stand_in(&watch);
        Self { stand_in, watch, client: Client::new(), names, sink, heard: 0 }
    }

    pub fn names(&self) -> Names {
        self.names.clone()
    }

    pub async fn ask(
        &self,
        method: &Method,
        path: &str,
        version: Option<&str>,
        key: Option<&str>,
        body: &Value,
    ) -> Came {
        let mut request = self.client.request(method.clone(), format!("{}{path}", self.stand_in.address()));
        if let Some(version) = version {
            request = request.header("cal-api-version", version);
        }
        if let Some(key) = key {
            request = request.bearer_auth(key);
        }
        if !body.is_null() {
            request = request.json(body);
        }
        let answer = request.send().await.expect("an answer");
        let text = |value: &reqwest::header::HeaderValue| value.to_str().expect("a text").to_owned();
        let headers = answer.headers().iter().map(|(name, value)| (name.to_string(), text(value))).collect();
        let status = answer.status().as_u16();
        Came { status, headers, body: answer.json().await.unwrap_or_default() }
    }

    /// Asks what was recorded, by the names that things have here.
    async fn repeat(&self, recorded: &Recorded, event_type: Option<u64>) -> Came {
        let mut body: Value = serde_json::from_str(&self.told(&recorded.body.to_string())).expect("JSON");
        if let Some(event_type) = event_type {
            body["eventTypeId"] = event_type.into();
        }
        let method = recorded.method.parse().expect("a method");
        let key = recorded.key.as_deref().map(key);
        self.ask(&method, &self.told(&recorded.path), recorded.version.as_deref(), key, &body).await
    }

    fn told(&self, text: &str) -> String {
        self.names.iter().fold(text.to_owned(), |text, (recorded, ours)| text.replace(recorded, ours))
    }

    /// Asks what was recorded; answers all that differs.
    pub async fn step(&mut self, recorded: &Recorded) -> Vec<String> {
        self.watch.pass(1);
        let came = self.repeat(recorded, None).await;
        let mut found = Vec::new();
        if came.status != recorded.status {
            found.push(format!("status {} and not {}", came.status, recorded.status));
        }
        for (name, _) in &recorded.headers {
            if !came.headers.contains_key(&name.to_lowercase()) {
                found.push(format!("no header {name}"));
            }
        }
        let said = |name: &str| recorded.headers.iter().any(|(it, _)| it.eq_ignore_ascii_case(name));
        if !said("x-ratelimit-limit-default") && came.headers.contains_key("x-ratelimit-limit-default") {
            found.push("it was counted, and was not when it was recorded".to_owned());
        }
        found.extend(differences(&recorded.answer, &came.body, &mut self.names));
        found.extend(self.hear(&recorded.webhooks).await);
        found
    }

    /// What it told since, held to what was told then.
    async fn hear(&mut self, webhooks: &[u32]) -> Vec<String> {
        let all = self.sink.received_requests().await.expect("requests are kept");
        let new = &all[self.heard..];
        self.heard = all.len();
        let mut found = Vec::new();
        let expected: Vec<_> = webhooks.iter().filter_map(|number| recorded_webhook(*number)).collect();
        if new.len() != expected.len() {
            found.push(format!("{} and not {} webhooks", new.len(), expected.len()));
        }
        for (recorded, (path, signature, body)) in new.iter().zip(&expected) {
            let ours: Value = serde_json::from_slice(&recorded.body).unwrap_or_default();
            found.extend(
                differences(body, &ours, &mut self.names).into_iter().map(|it| format!("webhook{it}")),
            );
            let said = recorded.headers.get("x-cal-signature-256").and_then(|it| it.to_str().ok());
            if recorded.url.path() != path {
                found.push(format!("webhook to {} and not to {path}", recorded.url.path()));
            }
            if signature == "no-secret-provided" {
                if said != Some(signature) {
                    found.push(format!("webhook signed {said:?}"));
                }
            } else {
                let delivery = Delivery { signature: said, body: &recorded.body };
                let secret = "fixture-webhook-secret".to_owned().into();
                if let Err(refused) = receive(delivery, &[secret], WebhookLimits::default()) {
                    found.push(format!("webhook refused: {refused}"));
                }
            }
        }
        found
    }

    /// What was told since is not held to anything.
    pub async fn forget(&mut self) {
        self.heard = self.sink.received_requests().await.expect("requests are kept").len();
    }

    /// Asks all of these at once, of another event type than was recorded.
    pub async fn race(&self, recorded: &[Recorded], event_type: u64) -> Vec<(u16, Value)> {
        let mut tasks = Vec::new();
        for one in recorded {
            tasks.push(async {
                let came = self.repeat(one, Some(event_type)).await;
                (came.status, came.body)
            });
        }
        together(tasks).await
    }
}

/// Waits for all of them at once.
async fn together<T>(tasks: Vec<impl Future<Output = T>>) -> Vec<T> {
    let mut tasks: Vec<_> = tasks.into_iter().map(|task| (Box::pin(task), None)).collect();
    std::future::poll_fn(|context| {
        for (task, done) in tasks.iter_mut().filter(|(_, done)| done.is_none()) {
            if let std::task::Poll::Ready(value) = task.as_mut().poll(context) {
                *done = Some(value);
            }
        }
        if tasks.iter().all(|(_, done)| done.is_some()) {
            std::task::Poll::Ready(())
        } else {
            std::task::Poll::Pending
        }
    })
    .await;
    tasks.into_iter().filter_map(|(_, done)| done).collect()
}

/// Where a recorded webhook went, how it was signed and what it said; nothing for those that went to receivers that failed.
fn recorded_webhook(number: u32) -> Option<(String, String, Value)> {
    let file = crate::support::files(&folder().join("webhooks"));
    let file = file.into_iter().find(|it| crate::support::number_of(it) == number).expect("a webhook");
    let all: Value = serde_json::from_str(&std::fs::read_to_string(file).expect("a text")).expect("JSON");
    let text = |value: &Value| value.as_str().expect("a text").to_owned();
    let path = text(&all["request"]["path"]);
    let is_failing = ["/fail", "/redirect", "/slow"].contains(&path.as_str());
    let signature = text(&all["request"]["headers"]["X-Cal-Signature-256"]);
    let body = serde_json::from_str(&text(&all["request"]["raw_body"])).expect("JSON");
    (!is_failing).then_some((path, signature, body))
}
