//! What record stores do, one fact a test, against one that does exactly that.

#[path = "facts/believing.rs"]
mod believing;
#[path = "facts/sickness.rs"]
mod sickness;

use std::collections::BTreeMap;
use std::sync::atomic::{AtomicUsize, Ordering};
use std::sync::{Arc, Mutex};
use std::time::Duration;

use ilt_core::testing::plans::id;
use ilt_lrs::{Dead, Forwarder, Settings, Trouble};
use serde_json::{Value, json};
use tokio::io::{AsyncReadExt as _, AsyncWriteExt as _};
use tokio::net::{TcpListener, TcpStream};
use uuid::Uuid;

/// What the record store does with a batch: a status with headers, or nothing, and the connection breaks.
type Rule = dyn Fn(&[Value], &BTreeMap<String, Value>) -> Option<(u16, &'static str)> + Send + Sync;

/// A record store that behaves as it is told.
struct Lrs {
    endpoint: String,
    stored: Arc<Mutex<BTreeMap<String, Value>>>,
    looking: Arc<Mutex<Looking>>,
    batches: Arc<Mutex<Vec<usize>>>,
}

/// What becomes of those who look a statement up.
#[derive(Default)]
struct Looking {
    /// Answered to all of them.
    status: Option<u16>,
    /// Found only by those who ask for what was voided.
    voided: Option<Uuid>,
    /// How often a statement was looked up.
    times: usize,
    /// Said to whoever sends statements, instead of their ids.
    says: Option<String>,
    /// Nothing is stored, whatever is said.
    forgets: bool,
}

/// A status that means that no answer comes at all.
const SILENT: u16 = 0;

impl Lrs {
    async fn that(
        rule: impl Fn(&[Value], &BTreeMap<String, Value>) -> Option<(u16, &'static str)> + Send + Sync + 'static,
    ) -> Self {
        let listener = TcpListener::bind("127.0.0.1:0").await.expect("a port");
        let endpoint = format!("http://{}/xAPI", listener.local_addr().expect("an address"));
        let lrs = Self { endpoint, stored: Arc::default(), looking: Arc::default(), batches: Arc::default() };
        let (stored, looking, batches) = (lrs.stored.clone(), lrs.looking.clone(), lrs.batches.clone());
        let rule = Arc::new(rule) as Arc<Rule>;
        tokio::spawn(async move {
            while let Ok((stream, _)) = listener.accept().await {
                let (stored, looking) = (stored.clone(), looking.clone());
                tokio::spawn(serve(stream, stored, looking, batches.clone(), rule.clone()));
            }
        });
        lrs
    }

    fn settings(&self) -> Settings {
        let (endpoint, pause) = (self.endpoint.clone(), Duration::from_millis(1));
        Settings { endpoint, pause, batch: 10, ..Settings::default() }
    }

    fn forwarder(&self) -> Forwarder {
        Forwarder::new(self.settings()).expect("sound settings")
    }

    fn stored(&self) -> Vec<u128> {
        let stored = self.stored.lock().expect("a lock");
        let number = |id: &String| id.parse::<Uuid>().expect("an id").as_u128();
        stored.keys().map(number).collect()
    }

    fn batches(&self) -> Vec<usize> {
        self.batches.lock().expect("a lock").clone()
    }
}

async fn serve(
    mut stream: TcpStream,
    stored: Arc<Mutex<BTreeMap<String, Value>>>,
    looking: Arc<Mutex<Looking>>,
    batches: Arc<Mutex<Vec<usize>>>,
    rule: Arc<Rule>,
) {
    while let Some((head, body)) = request(&mut stream).await {
        let (answer, content) = if head.contains("?limit=1 ") {
            let list = json!({ "statements": [], "more": "" }).to_string();
            (Some((looking.lock().expect("a lock").status.unwrap_or(200), "")), list)
        } else if head.starts_with("GET") {
            let asked = head.split("statementId=").nth(1).and_then(|it| it.split(' ').next()).expect("an id");
            let mut looking = looking.lock().expect("a lock");
            looking.times += 1;
            let is_voided = looking.voided.is_some_and(|it| it.to_string() == asked);
            let found = stored.lock().expect("a lock").get(asked).cloned();
            let found = found.filter(|_| is_voided == head.contains("voidedstatement"));
            let status = looking.status.unwrap_or(if found.is_some() { 200 } else { 404 });
            (Some((status, "")), found.map_or_else(String::new, |it| it.to_string()))
        } else {
            let batch: Vec<Value> = serde_json::from_slice(&body).expect("an array");
            batches.lock().expect("a lock").push(batch.len());
            let mut stored = stored.lock().expect("a lock");
            let answer = rule(&batch, &stored);
            let is_yes = matches!(answer, Some((200..300, _)));
            let looking = looking.lock().expect("a lock");
            let ids: Vec<_> = batch.iter().filter(|_| is_yes).map(|it| it["id"].clone()).collect();
            if is_yes && !looking.forgets {
                stored.extend(batch.into_iter().map(|it| (it["id"].as_str().expect("an id").to_owned(), it)));
            }
            let ids = if ids.is_empty() { String::new() } else { Value::from(ids).to_string() };
            (answer, looking.says.clone().unwrap_or(ids))
        };
        let content = if matches!(answer, Some((204, _))) { String::new() } else { content };
        let Some((status, headers)) = answer else { return };
        if status == SILENT {
            std::future::pending::<()>().await;
        }
        let length = content.len();
        let text = format!("HTTP/1.1 {status} X\r\ncontent-length: {length}\r\n{headers}\r\n{content}");
        if stream.write_all(text.as_bytes()).await.is_err() {
            return;
        }
    }
}

async fn request(stream: &mut TcpStream) -> Option<(String, Vec<u8>)> {
    let mut bytes = Vec::new();
    let end = loop {
        if let Some(end) = bytes.windows(4).position(|it| it == b"\r\n\r\n") {
            break end + 4;
        }
        if stream.read_buf(&mut bytes).await.ok()? == 0 {
            return None;
        }
    };
    let head = String::from_utf8_lossy(&bytes[..end]).to_lowercase().replace("get ", "GET ");
    let head = head.replace("statementid", "statementId");
    let length = head.split("content-length: ").nth(1).and_then(|it| it.split("\r\n").next());
    let length = length.map_or(0, |it| it.parse::<usize>().expect("a length"));
    while bytes.len() < end + length {
        stream.read_buf(&mut bytes).await.ok()?;
    }
    Some((head, bytes[end..].to_vec()))
}

fn statement(number: u32) -> (Uuid, String) {
    (id(number), json!({ "id": id(number), "verb": number }).to_string())
}

async fn forward(
    forwarder: &Forwarder,
    numbers: impl IntoIterator<Item = u32>,
) -> Result<Vec<Dead>, Trouble> {
    let all: Vec<_> = numbers.into_iter().map(statement).collect();
    let all: Vec<_> = all.iter().map(|(id, body)| (*id, body.as_str())).collect();
    forwarder.forward(&all).await
}

fn is_number(number: u32) -> impl Fn(&Value) -> bool {
    move |it| it["verb"] == number
}

fn dead(number: u32, reason: &'static str, status: u16) -> Dead {
    Dead { id: id(number), reason, status: (status > 0).then_some(status), said: String::new() }
}

fn all_but(number: u128, last: u128) -> Vec<u128> {
    (1..=last).filter(|it| *it != number).collect()
}

#[tokio::test]
async fn batches_are_as_large_as_is_allowed() {
    let lrs = Lrs::that(|_, _| Some((204, ""))).await;
    assert_eq!(forward(&lrs.forwarder(), 1..=25).await.expect("stored"), []);
    assert_eq!((lrs.batches(), lrs.stored().len()), (vec![10, 10, 5], 25));
    let settings = Settings { endpoint: lrs.endpoint.clone(), bytes: 130, ..Settings::default() };
    let forwarder = Forwarder::new(settings).expect("sound settings");
    forward(&forwarder, 31..=34).await.expect("stored");
    assert_eq!(lrs.batches()[3..], [2, 2], "bytes are a limit too");
}

#[tokio::test]
async fn an_empty_batch_is_never_sent_and_doubles_are_sent_once() {
    let lrs = Lrs::that(|batch, _| {
        let ids: std::collections::BTreeSet<_> = batch.iter().map(|it| it["id"].to_string()).collect();
        Some((if ids.len() == batch.len() && !batch.is_empty() { 200 } else { 400 }, ""))
    })
    .await;
    assert_eq!(forward(&lrs.forwarder(), []).await.expect("nothing"), []);
    assert_eq!(forward(&lrs.forwarder(), [1, 2, 1, 3, 2]).await.expect("stored"), []);
    assert_eq!((lrs.batches(), lrs.stored()), (vec![3], vec![1, 2, 3]));
}

#[tokio::test]
async fn one_bad_statement_refuses_all_and_is_found_alone() {
    let lrs = Lrs::that(|batch, _| Some((if batch.iter().any(is_number(7)) { 400 } else { 200 }, ""))).await;
    assert_eq!(forward(&lrs.forwarder(), 1..=20).await.expect("settled"), [dead(7, "invalid", 400)]);
    assert_eq!(lrs.stored(), all_but(7, 20));
}

#[tokio::test]
async fn who_finds_a_plain_question_invalid_does_not_speak_of_statements() {
    let lrs = Lrs::that(|_, _| Some((400, ""))).await;
    lrs.looking.lock().expect("a lock").status = Some(400);
    let answer = forward(&lrs.forwarder(), 1..=3).await;
    assert!(matches!(answer, Err(Trouble::NotUnderstood(400))), "{answer:?}");
    for status in [200, 403] {
        lrs.looking.lock().expect("a lock").status = Some(status);
        let said = forward(&lrs.forwarder(), 1..=1).await.expect_err("nothing is known to pass");
        assert!(matches!(said, Trouble::Failing(400)) && said.wants_more(), "{said:?}");
    }
}

#[tokio::test]
async fn what_is_stored_already_is_no_conflict() {
    let knows = |batch: &[Value], stored: &BTreeMap<String, Value>| {
        let known = |it: &Value| stored.contains_key(it["id"].as_str().unwrap_or_default());
        Some((if batch.iter().any(known) { 409 } else { 200 }, ""))
    };
    let lrs = Lrs::that(knows).await;
    forward(&lrs.forwarder(), 1..=5).await.expect("stored");
    let added = json!({ "id": id(3), "verb": 3, "stored": "2027-03-01T08:00:00Z", "version": "1.0.0" });
    lrs.stored.lock().expect("a lock").insert(id(3).to_string(), added);
    assert_eq!(forward(&lrs.forwarder(), 1..=10).await.expect("settled"), []);
    assert_eq!(lrs.stored(), (1..=10).collect::<Vec<_>>());
    lrs.stored.lock().expect("a lock").insert(id(4).to_string(), json!({ "id": id(4), "verb": "other" }));
    assert_eq!(forward(&lrs.forwarder(), 1..=10).await.expect("settled"), [dead(4, "conflict", 409)]);
}

#[tokio::test]
async fn one_that_was_voided_since_is_stored_all_the_same() {
    let lrs = Lrs::that(|_, stored| Some((if stored.is_empty() { 200 } else { 409 }, ""))).await;
    forward(&lrs.forwarder(), 1..=1).await.expect("stored");
    lrs.looking.lock().expect("a lock").voided = Some(id(1));
    assert_eq!(forward(&lrs.forwarder(), 1..=1).await.expect("settled"), []);
}

#[tokio::test]
async fn who_may_not_look_or_is_told_to_wait_knows_nothing_of_a_conflict() {
    for status in [401, 403, 429, 500, 503] {
        let lrs = Lrs::that(|_, _| Some((409, ""))).await;
        lrs.looking.lock().expect("a lock").status = Some(status);
        let said = forward(&lrs.forwarder(), 1..=1).await.expect_err("it is not known");
        let is_right = match said {
            Trouble::Unauthorised(it) | Trouble::Failing(it) => it == status,
            Trouble::Later(_) => status == 429 || status == 503,
            _ => false,
        };
        assert!(is_right, "{status}: {said:?}");
    }
}

#[tokio::test]
async fn whoever_else_answers_at_the_address_takes_and_refuses_nothing() {
    for (status, headers) in
        [(302, "location: /login\r\n"), (301, "location: /xAPI\r\n"), (404, ""), (405, "")]
    {
        let lrs = Lrs::that(move |_, _| Some((status, headers))).await;
        let said = forward(&lrs.forwarder(), 1..=3).await.expect_err("nobody there takes statements");
        assert!(matches!(said, Trouble::Elsewhere(it) if it == status), "{said:?}");
        assert_eq!(lrs.batches(), [3], "asked once, and not led elsewhere");
    }
}

#[tokio::test]
async fn credentials_that_are_refused_are_an_alarm_and_nobodys_dead_letter() {
    for status in [401, 403] {
        let lrs = Lrs::that(move |_, _| Some((status, ""))).await;
        let said = forward(&lrs.forwarder(), 1..=3).await.expect_err("refused");
        assert!(matches!(said, Trouble::Unauthorised(it) if it == status), "{said:?}");
        assert_eq!(lrs.batches(), [3], "asked once");
    }
}

#[tokio::test]
async fn a_record_store_says_how_long_it_wants_to_be_left_alone() {
    for status in [429, 503] {
        let lrs = Lrs::that(move |_, _| Some((status, "retry-after: 17\r\n"))).await;
        let said = forward(&lrs.forwarder(), 1..=3).await.expect_err("later");
        assert!(matches!(said, Trouble::Later(Some(pause)) if pause.as_secs() == 17), "{said:?}");
    }
}

#[tokio::test]
async fn what_is_too_large_is_halved_and_alone_it_is_dead() {
    let lrs = Lrs::that(|batch, _| {
        Some((if batch.len() > 3 || batch.iter().any(is_number(9)) { 413 } else { 200 }, ""))
    })
    .await;
    assert_eq!(forward(&lrs.forwarder(), 1..=10).await.expect("settled"), [dead(9, "too_large", 413)]);
    assert_eq!(lrs.stored(), all_but(9, 10));
}

#[tokio::test]
async fn a_connection_that_breaks_on_a_batch_is_too_much_at_once() {
    let lrs =
        Lrs::that(|batch, _| (batch.len() <= 2 && !batch.iter().any(is_number(6))).then_some((200, "")));
    let lrs = lrs.await;
    assert_eq!(forward(&lrs.forwarder(), 1..=10).await.expect("settled"), [dead(6, "too_large", 0)]);
    assert_eq!(lrs.stored(), all_but(6, 10));
}

#[tokio::test]
async fn a_statement_that_makes_it_fail_is_found_because_others_pass() {
    let lrs = Lrs::that(|batch, _| Some((if batch.iter().any(is_number(4)) { 500 } else { 200 }, ""))).await;
    assert_eq!(forward(&lrs.forwarder(), 1..=10).await.expect("settled"), [dead(4, "server_error", 500)]);
    assert_eq!(lrs.stored(), all_but(4, 10));
    assert_eq!(lrs.batches()[..3], [10, 10, 10], "it was given time first");
    let alone = forward(&lrs.forwarder(), [4]).await.expect_err("nothing else is known to pass");
    assert!(matches!(alone, Trouble::Failing(500)) && alone.wants_more(), "{alone:?}");
}

#[tokio::test]
async fn a_statement_at_which_it_hangs_is_found_because_others_pass() {
    let hangs = |batch: &[Value]| Some((if batch.iter().any(is_number(4)) { SILENT } else { 200 }, ""));
    let lrs = Lrs::that(move |batch, _| hangs(batch)).await;
    let settings = Settings { patience: Duration::from_millis(200), ..lrs.settings() };
    let forwarder = Forwarder::new(settings.clone()).expect("sound settings");
    let many = forward(&forwarder, 1..=10).await.expect_err("too many to look for it");
    assert!(matches!(many, Trouble::Away(_)) && !many.wants_more(), "{many:?}");
    let alone = forward(&forwarder, [4]).await.expect_err("nothing else is known to pass");
    assert!(matches!(alone, Trouble::Silent(_)) && alone.wants_more(), "{alone:?}");
    assert_eq!(forward(&forwarder, [4, 5]).await.expect("settled"), [dead(4, "server_error", 0)]);
    assert_eq!(forward(&forwarder, [4]).await.expect("settled"), [dead(4, "server_error", 0)]);
}

#[tokio::test]
async fn whoever_sends_leaves_it_alone_for_as_long_as_it_asked() {
    let asked = AtomicUsize::new(0);
    let lrs = Lrs::that(move |_, _| match asked.fetch_add(1, Ordering::SeqCst) {
        0 => Some((429, "retry-after: 1\r\n")),
        _ => Some((200, "")),
    })
    .await;
    let forwarder = lrs.forwarder();
    for number in [1, 2] {
        let said = forward(&forwarder, [number]).await.expect_err("later");
        assert!(matches!(said, Trouble::Later(Some(_))), "{said:?}");
    }
    assert_eq!(lrs.batches(), [1], "asked once");
    tokio::time::sleep(Duration::from_secs(1)).await;
    assert_eq!(forward(&forwarder, [1, 2]).await.expect("settled"), []);
}

#[tokio::test]
async fn nobody_at_the_address_is_a_clear_answer() {
    let settings = Settings { endpoint: "http://127.0.0.1:1/xAPI".to_owned(), ..Settings::default() };
    let said = forward(&Forwarder::new(settings).expect("sound settings"), [1]).await.expect_err("nobody");
    assert!(matches!(said, Trouble::Away(_)), "{said:?}");
}
