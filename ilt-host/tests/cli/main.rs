//! The commands as an operator types them: each command of the README, and what it says when something is wrong.

use std::path::Path;
use std::process::{Command, Output};
use std::sync::atomic::{AtomicBool, Ordering};
use std::sync::{Arc, Mutex};

#[cfg(feature = "kafka")]
use ilt_core::ports::TELLER;
use ilt_core::ports::{Clock as _, DeadLetter, DeadLetters as _, Journal as _, Statements as _};
use ilt_engine::followers::forward::FORWARD;
use ilt_engine::system::SystemClock;
use ilt_example_data::{Network, Sizes, generate};
use ilt_store::{Options, SqlStore};
use tempfile::TempDir;

#[cfg(feature = "calcom")]
mod calcom;
mod demo;
#[cfg(feature = "plugins")]
mod guide;
#[cfg(feature = "kafka")]
mod kafka;
#[cfg(feature = "plugins")]
mod plugins;
mod secure;

const SECRET: &str = "a secret for tests that is long enough to be one";

/// A folder with nothing in it, in which commands are typed.
struct Terminal(TempDir);

impl Terminal {
    fn new() -> Self {
        Self(tempfile::tempdir().expect("a folder"))
    }

    fn path(&self) -> &Path {
        self.0.path()
    }

    fn write(&self, name: &str, text: &str) {
        std::fs::write(self.path().join(name), text).expect("written");
    }

    /// Writes the files of a little network into the folder `data`.
    fn lay_out_a_network(&self) -> Network {
        let network = generate(Sizes::scaled(0.01), 1, jiff::civil::date(2026, 11, 2));
        std::fs::create_dir(self.path().join("data")).expect("a folder");
        for (name, bytes) in network.files().expect("files") {
            std::fs::write(self.path().join("data").join(name), bytes).expect("written");
        }
        network
    }

    fn type_in(&self, words: &[&str]) -> Output {
        let mut command = Command::new(env!("CARGO_BIN_EXE_ilt-host"));
        command.args(words).current_dir(self.path()).env("ILT__AUTH__SECRET", SECRET);
        command.output().expect("it runs")
    }

    /// The database that the commands work with.
    async fn store(&self) -> SqlStore {
        let url = format!("sqlite:{}", self.path().join("ilt.db").display());
        SqlStore::connect(&url, &Options::default()).await.expect("a store")
    }

    /// The id of a statement that was told of and is not as its schema says.
    #[cfg(feature = "kafka")]
    async fn faulty_statement(&self) -> String {
        let store = self.store().await;
        let mut told = ilt_core::testing::statements::every_sort(&ilt_core::testing::statements::style(
            ilt_core::statement::Actors::Mbox,
            4_711,
        ));
        told.truncate(1);
        told[0].fault = Some("/actor is not as it should be".to_owned());
        let at = store.checkpoint(TELLER).await.expect("read");
        assert!(store.keep_told(at, at, &told).await.expect("kept"));
        told[0].id.to_string()
    }

    /// What a command says that works.
    #[track_caller]
    fn ok(&self, words: &[&str]) -> String {
        let output = self.type_in(words);
        assert!(output.status.success(), "{words:?}: {}", text(&output.stderr));
        text(&output.stdout)
    }

    /// What a command says that does not.
    #[track_caller]
    fn fails(&self, words: &[&str]) -> String {
        let output = self.type_in(words);
        assert!(!output.status.success(), "{words:?}: {}", text(&output.stdout));
        text(&output.stdout) + &text(&output.stderr)
    }
}

fn text(bytes: &[u8]) -> String {
    String::from_utf8(bytes.to_vec()).expect("text")
}

#[test]
fn help_names_every_command_and_where_to_begin() {
    let help = Terminal::new().ok(&["--help"]);
    for word in [
        "serve",
        "demo",
        "migrate",
        "import",
        "events",
        "token",
        "config",
        "doctor",
        "Try `ilt-host demo` first",
    ] {
        assert!(help.contains(word), "{word}: {help}");
    }
}

#[test]
fn the_default_file_is_a_beginning_for_ones_own() {
    let terminal = Terminal::new();
    terminal.write("ilt.toml", &terminal.ok(&["config", "default"]));
    let printed = terminal.ok(&["config", "print"]);
    assert!(printed.contains("port"), "{printed}");
    assert!(!printed.contains(SECRET), "secrets are left out");
}

#[test]
fn a_setting_nobody_knows_is_refused_by_name() {
    let terminal = Terminal::new();
    terminal.write("ilt.toml", "[http]\nprot = 8080\n");
    let said = terminal.fails(&["config", "print"]);
    assert!(said.contains("prot"), "{said}");
    let output = Command::new(env!("CARGO_BIN_EXE_ilt-host"))
        .args(["config", "print"])
        .env("ILT__HTTP__PROT", "8080")
        .output()
        .expect("it runs");
    assert!(!output.status.success() && text(&output.stderr).contains("prot"), "{}", text(&output.stderr));
}

#[test]
fn a_network_is_brought_in_and_served() {
    let terminal = Terminal::new();
    let network = terminal.lay_out_a_network();
    let behind = terminal.fails(&["doctor"]);
    assert!(behind.contains("run `ilt-host migrate`"), "{behind}");
    let plan = terminal.ok(&["migrate", "--plan"]);
    assert!(plan.contains("to apply: 3 preferences; cannot be undone but by a backup: "), "{plan}");
    assert!(!plan.contains("the only way back"), "there is nothing to lose yet: {plan}");
    let applied = terminal.ok(&["migrate"]);
    assert!(applied.contains("applied 1 spine"), "the plan changed nothing: {applied}");
    let again = terminal.ok(&["migrate"]);
    assert!(again.contains("up to date"), "{again}");
    let sound = terminal.ok(&["doctor"]);
    assert!(!sound.contains("FAIL"), "{sound}");
    terminal.write("ilt.toml", "[auth]\naccept_untyped = true\n");
    let said = terminal.fails(&["doctor"]);
    assert!(said.contains("FAIL  tokens: those that do not say what they are for are taken"), "{said}");
    terminal.write("ilt.toml", "");

    let dry = terminal.ok(&["import", "--dry-run", "data"]);
    assert!(dry.lines().all(|line| line.contains("would be added")), "{dry}");
    let first = terminal.ok(&["import", "data"]);
    assert_eq!(first.lines().count(), 6, "{first}");
    assert_eq!(dry.replace("would be ", ""), first, "each file after those before it");
    let second = terminal.ok(&["import", "data"]);
    assert!(second.lines().all(|line| line.contains("; 0 added, 0 changed")), "{second}");

    let person = network.cast.learner.to_string();
    let token = terminal.ok(&["token", "--person", &person]);
    assert_eq!(token.trim().split('.').count(), 3, "{token}");
    let nobody = terminal.fails(&["token", "--person", "nobody@dealer.example"]);
    assert!(nobody.contains("nobody"), "{nobody}");
}

#[test]
fn what_happened_is_seen_and_sent_again() {
    let terminal = Terminal::new();
    terminal.lay_out_a_network();
    terminal.ok(&["migrate"]);
    terminal.ok(&["import", "data"]);
    let lag = terminal.ok(&["events", "lag"]);
    assert!(lag.contains("of which 0 statements were told") && lag.contains("statements: at 0, "), "{lag}");
    let said = terminal.ok(&["events", "tell"]);
    let told: usize = said.split(' ').next().and_then(|it| it.parse().ok()).expect("a number");
    assert!(told > 100 && terminal.ok(&["events", "tell"]).starts_with("0 "), "{said}");
    assert!(terminal.ok(&["events", "lag"]).contains("0 entries behind"));
    let lines = terminal.ok(&["events", "tail"]);
    assert_eq!(lines.lines().count(), told);
    assert!(lines.lines().all(|line| line.starts_with(r#"{"id":""#) && line.ends_with('}')));
    assert_eq!(terminal.ok(&["events", "tail", "--after", &(told - 3).to_string()]).lines().count(), 3);
    assert!(terminal.fails(&["events", "replay", "--to", "lrs"]).contains("set lrs.url"));
    assert!(terminal.ok(&["events", "dead"]).contains("no dead letters"));
    assert!(terminal.ok(&["events", "retell"]).contains("0 of 0 faulty statements"));
    let Ok(url) = std::env::var("ILT_TEST_LEARNING_LOCKER") else { return };
    let configure = |more: &str| {
        let lrs = format!("[lrs]\nurl = \"{url}\"\nuser = \"tester\"\nsecret = \"secret\"\n{more}");
        terminal.write("ilt.toml", &lrs);
    };
    configure("version = \"2.0.0\"\n");
    assert!(terminal.fails(&["doctor"]).contains("does it know the version"), "it speaks 1.0.3");
    configure("");
    assert!(terminal.ok(&["doctor"]).contains("ok    record store: answers"));
    assert!(
        terminal.fails(&["events", "replay", "--to", "lrs", "--from", "9999999"]).contains("the last one is")
    );
    for _ in 0..2 {
        let sent = terminal.ok(&["events", "replay", "--to", "lrs"]);
        assert_eq!(sent.trim(), format!("{told} statements sent, 0 of them never taken"));
    }
    assert!(terminal.ok(&["events", "redrive"]).contains("0 of 0 dead letters were taken"));
    assert!(!terminal.ok(&["config", "print"]).contains("secret = \"secret\""), "secrets are left out");
}

/// Nobody listens there, or somebody who never says anything: whoever asks hears so, and what is known without them is printed.
#[cfg(feature = "kafka")]
#[test]
fn with_kafka_away_whoever_asks_hears_so_within_their_patience() {
    let terminal = Terminal::new();
    terminal.lay_out_a_network();
    terminal.ok(&["migrate"]);
    terminal.ok(&["import", "data"]);
    terminal.ok(&["events", "tell"]);
    let silent = std::net::TcpListener::bind("127.0.0.1:0").expect("a port");
    let silent = silent.local_addr().expect("an address").to_string();
    for brokers in ["127.0.0.1:1", silent.as_str()] {
        terminal.write(
            "ilt.toml",
            &format!("[kafka]\nbrokers = \"{brokers}\"\npatience = \"1s\"\nsessions_from = [\"plans\"]\n"),
        );
        for words in [&["events", "replay", "--to", "kafka", "--patience", "2s"][..], &["events", "lag"]] {
            let begun = SystemClock.now();
            let said = terminal.fails(words);
            assert!(said.contains("Kafka cannot be reached: "), "{words:?}: {said}");
            let took = SystemClock.now().duration_since(begun);
            assert!(took.as_secs() < 15, "{words:?}: {took}");
        }
    }
}

/// A record store that is busy at first, and then fails at one statement; what came to it.
async fn failing_at(statement: String) -> (String, Arc<Mutex<Vec<String>>>) {
    let came = Arc::<Mutex<Vec<String>>>::default();
    let (seen, busy) = (came.clone(), AtomicBool::new(true));
    let take = move |body: String| {
        let status = if busy.swap(false, Ordering::SeqCst) {
            429
        } else if body.contains(&statement) {
            500
        } else {
            204
        };
        if status == 204 {
            seen.lock().expect("unharmed").push(body);
        }
        let answer = axum::http::Response::builder().status(status).header("retry-after", "1");
        std::future::ready(answer.body(axum::body::Body::empty()).expect("an answer"))
    };
    let take = Arc::new(take);
    let post = axum::routing::post(move |body: String| take(body));
    let listener = tokio::net::TcpListener::bind("127.0.0.1:0").await.expect("a port");
    let url = format!("http://{}/xapi", listener.local_addr().expect("an address"));
    let router = axum::Router::new().route("/xapi/statements", post);
    tokio::spawn(async move { axum::serve(listener, router).await });
    (url, came)
}

/// The record store is known to take other statements before it is sent what it failed at.
#[tokio::test(flavor = "multi_thread")]
async fn a_dead_letter_that_fails_again_is_in_nobodys_way() {
    let terminal = Terminal::new();
    terminal.lay_out_a_network();
    terminal.ok(&["migrate"]);
    terminal.ok(&["import", "data"]);
    terminal.ok(&["events", "tell"]);
    let store = terminal.store().await;
    let told = store.told_after(0, 5).await.expect("read");
    let letter = |place: usize| DeadLetter {
        statement: told[place].told.id,
        reason: "server_error".to_owned(),
        status: Some(500),
        at: told[place].told.at,
    };
    store.bury(FORWARD, &[letter(2), letter(4)], 5).await.expect("buried");
    let ids: Vec<_> = told.iter().map(|it| it.told.id.to_string()).collect();
    let (url, came) = failing_at(ids[2].clone()).await;
    terminal.write("ilt.toml", &format!("[lrs]\nurl = \"{url}\"\ntries = 1\n"));
    let before = SystemClock.now();
    let said = terminal.ok(&["events", "redrive"]);
    assert_eq!(said.trim(), "1 of 2 dead letters were taken");
    let took = SystemClock.now().duration_since(before);
    assert!(took.as_secs() >= 1, "it is left alone as long as it wants: {took}");
    let came = came.lock().expect("unharmed").clone();
    assert!(came[0].contains(&ids[3]) && came.iter().any(|it| it.contains(&ids[4])), "{came:?}");
    let dead = terminal.ok(&["events", "dead"]);
    assert!(dead.contains(&ids[2]) && !dead.contains(&ids[4]), "{dead}");
    // What is found when everything is sent once more is kept as well.
    store.exhume(FORWARD, &[told[2].told.id]).await.expect("exhumed");
    let said = terminal.ok(&["events", "replay", "--to", "lrs"]);
    assert!(said.contains(", 1 of them never taken"), "{said}");
    assert!(terminal.ok(&["events", "dead"]).contains(&ids[2]));
    assert_eq!(store.checkpoint(FORWARD).await.expect("read"), 5, "the host goes on where it was");
}

#[test]
fn a_file_with_mistakes_names_each_by_line_and_column_and_changes_nothing() {
    let terminal = Terminal::new();
    terminal.ok(&["migrate"]);
    let head = "id,name,group,region,city,lat,lon,zone\n";
    let good = "20000000-0000-4000-8000-000000000001,North,,,Köln,50.9,6.9,Europe/Berlin\n";
    let bad = "not-an-id,South,,,Köln,50.9,6.9,Europe/Koeln\n";
    terminal.write("dealers.csv", &format!("{head}{good}{bad}"));
    let said = terminal.fails(&["import", "dealers.csv"]);
    for word in ["line 3", "id", "zone"] {
        assert!(said.contains(word), "{word}: {said}");
    }
    terminal.write("dealers.csv", &format!("{head}{good}"));
    assert!(
        terminal.ok(&["import", "dealers.csv"]).contains("1 added"),
        "nothing was left behind by the first try"
    );
    terminal.write("mystery.csv", "a,b\n");
    assert!(
        terminal.fails(&["import", "mystery.csv"]).contains("--as"),
        "it says how to say what a file holds"
    );
    terminal.write("courses.csv", "id,titel\n");
    let said = terminal.fails(&["import", "courses.csv"]);
    assert!(said.contains("titel") && said.contains("title"), "{said}");
}

#[test]
fn the_columns_of_every_file_can_be_looked_up() {
    let columns = Terminal::new().ok(&["import", "--columns"]);
    for kind in ["dealers", "locations", "courses", "people", "sessions", "completions"] {
        assert!(columns.contains(&format!("## {kind}.csv")), "{kind}");
    }
}

/// Twice, as somebody would who comes back the next day.
#[test]
fn the_demos_story_is_true() {
    let terminal = Terminal::new();
    for _ in 0..2 {
        let said = terminal.ok(&["demo", "--scale", "0.02", "--port", "0", "--check"]);
        assert!(said.contains("the story is true"), "{said}");
    }
    let other = terminal.fails(&["demo", "--scale", "0.02", "--seed", "2", "--port", "0", "--check"]);
    assert!(other.contains("--fresh"), "{other}");
    // As if another host served the file.
    let held = std::fs::File::create(terminal.path().join("ilt-demo/ilt.db.host")).expect("a file");
    held.lock().expect("locked");
    let output = terminal.type_in(&["demo", "--scale", "0.02", "--port", "0", "--check"]);
    let logged = text(&output.stderr);
    assert!(logged.contains("another host serves this file"), "{logged}");
    assert!(!logged.contains('\u{1b}'), "no colours where nobody sees them: {logged}");
}

#[test]
fn a_host_that_cannot_start_says_what_to_do() {
    let terminal = Terminal::new();
    let output = Command::new(env!("CARGO_BIN_EXE_ilt-host"))
        .arg("serve")
        .current_dir(terminal.path())
        .env_remove("ILT__AUTH__SECRET")
        .output()
        .expect("it runs");
    assert!(!output.status.success() && text(&output.stderr).contains("secret"), "{}", text(&output.stderr));
    for settings in [
        "[auth]\njwks_url = \"nonsense\"\n",
        "[auth]\njwks_url = \"https://keys.example/jwks\"\n",
        "[auth]\nsecret_file = \"nowhere\"\n",
        "[check_in]\nsecret_file = \"nowhere\"\n",
        "[lrs]\nurl = \"https://lrs.example/xapi\"\nca_file = \"nowhere\"\n",
    ] {
        terminal.write("ilt.toml", settings);
        terminal.fails(&["serve"]);
    }
    assert!(!terminal.path().join("ilt.db").exists(), "settings are looked at before anything is made");
    terminal.write("ilt.toml", "[store]\nurl = \"postgres://127.0.0.1:1/nowhere\"\n");
    let said = terminal.fails(&["serve"]);
    assert!(said.contains("cannot be reached"), "{said}");
    terminal.write("ilt.toml", "[store]\nurl = \"sqlite:no/such/folder/ilt.db\"\n");
    let said = terminal.fails(&["serve"]);
    assert!(said.contains("no/such/folder/ilt.db cannot be opened"), "{said}");
    terminal.write("ilt.toml", "[http]\nprot = 1\n");
    let said = terminal.fails(&["serve"]);
    assert_eq!(said.matches("prot").count(), 2, "what was found, and its key, once: {said}");
}
