//! What tests share: recorded exchanges, a server that replays them, and an account that speaks to it.

use std::path::{Path, PathBuf};
use std::sync::Arc;
use std::time::Duration;

use ilt_calcom::api::{Base, Dice};
use ilt_calcom::{Account, Instance, Limits, Settings};
use ilt_core::ports::Clock;
use jiff::Timestamp;
use serde_json::Value;
use wiremock::matchers::any;
use wiremock::{Mock, MockServer, ResponseTemplate};

/// A clock that stands still when the recordings were made.
pub struct Still;

impl Clock for Still {
    fn now(&self) -> Timestamp {
        "2026-11-23T19:08:00Z".parse().expect("a time")
    }
}

/// One exchange with a real Cal.com.
#[derive(Debug, Clone)]
pub struct Recorded {
    /// Its number; those of the seat race are out of order in time.
    pub number: u32,
    pub method: String,
    /// With its query.
    pub path: String,
    pub version: Option<String>,
    /// Who asked: the last digits of the key, or nothing.
    pub key: Option<String>,
    pub body: Value,
    pub status: u16,
    pub headers: Vec<(String, String)>,
    pub answer: Value,
    /// What was answered, to the byte where it was no JSON.
    pub raw: Vec<u8>,
    /// Numbers of the webhooks that came before the answer.
    pub webhooks: Vec<u32>,
}

/// The recordings that the tests bring along.
pub fn folder() -> PathBuf {
    Path::new(env!("CARGO_MANIFEST_DIR")).join("tests/recorded")
}

/// All recordings of a folder, in the order of their numbers.
pub fn recordings(folder: &Path) -> Vec<Recorded> {
    let mut all: Vec<_> = files(folder).iter().map(|file| read(file)).collect();
    all.sort_by_key(|it| it.number);
    all
}

/// The one of this number.
pub fn recording(number: u32) -> Recorded {
    let is_it = |file: &PathBuf| number_of(file) == number;
    read(&files(&folder()).into_iter().find(is_it).unwrap_or_else(|| panic!("recording {number}")))
}

/// The JSON files of a folder.
pub fn files(folder: &Path) -> Vec<PathBuf> {
    let entries = std::fs::read_dir(folder).unwrap_or_else(|error| panic!("{}: {error}", folder.display()));
    let paths = entries.map(|entry| entry.expect("an entry").path());
    let mut files: Vec<_> = paths.filter(|path| path.extension().is_some_and(|it| it == "json")).collect();
    files.sort();
    files
}

/// A recording's number, by its name (`021-booking-create.json`).
pub fn number_of(file: &Path) -> u32 {
    let name = file.file_name().and_then(|it| it.to_str()).expect("a name");
    name.split('-').next().and_then(|it| it.parse().ok()).unwrap_or_else(|| panic!("{name} has no number"))
}

fn read(file: &Path) -> Recorded {
    let text = std::fs::read_to_string(file).expect("a recording");
    let all: Value =
        serde_json::from_str(&text).unwrap_or_else(|error| panic!("{}: {error}", file.display()));
    let (request, response) = (&all["request"], &all["response"]);
    let text = |value: &Value| value.as_str().map(str::to_owned);
    let key = text(&request["headers"]["Authorization"]);
    let pairs = response["headers"].as_array().expect("headers").iter();
    let headers = pairs.map(|it| (text(&it[0]).expect("a name"), text(&it[1]).expect("a value"))).collect();
    let answer = response["body"].clone();
    let raw = answer.as_str().map_or_else(|| answer.to_string(), str::to_owned).into_bytes();
    let webhooks = all["webhooks_delivered_during_call"].as_array().into_iter().flatten();
    Recorded {
        number: number_of(file),
        method: text(&request["method"]).expect("a method"),
        path: text(&request["path"]).expect("a path"),
        version: text(&request["headers"]["cal-api-version"]),
        key: key.map(|it| it.chars().rev().take(4).collect::<Vec<_>>().into_iter().rev().collect()),
        body: request["body"].clone(),
        status: u16::try_from(response["status"].as_u64().expect("a status")).expect("a status"),
        headers,
        answer,
        raw,
        webhooks: webhooks.filter_map(Value::as_str).map(|it| number_of(Path::new(it))).collect(),
    }
}

impl Recorded {
    /// It as an answer.
    pub fn template(&self) -> ResponseTemplate {
        let kind =
            self.headers.iter().find(|(name, _)| name == "Content-Type").map_or("", |(_, value)| value);
        let answer = ResponseTemplate::new(self.status).set_body_raw(self.raw.clone(), kind);
        self.headers.iter().fold(answer, |answer, (name, value)| {
            if name == "Content-Type" { answer } else { answer.insert_header(name.as_str(), value.as_str()) }
        })
    }
}

/// A server that answers everything with this.
pub async fn answering(answer: ResponseTemplate) -> MockServer {
    let server = MockServer::start().await;
    Mock::given(any()).respond_with(answer).mount(&server).await;
    server
}

/// Limits under which tests do not wait.
pub fn impatient() -> Limits {
    Limits {
        connect: Duration::from_secs(2),
        patience: Duration::from_secs(5),
        turn: Duration::ZERO,
        pause: Duration::from_millis(1),
        ..Limits::default()
    }
}

/// An account at this address.
pub fn account(address: &str, limits: Limits) -> Account {
    let base = Base::new(address).expect("an address");
    let instance = Instance::new(Settings { limits, ..Settings::at(base) }, Arc::new(Still), Dice::seeded(1));
    instance.expect("a client").account(&"cal_fixture0000000000000000000000001".into())
}
