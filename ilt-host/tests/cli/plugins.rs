//! What an author of a dealer's own rules types, with the sample as the plugin: `scripts/plugins` compiles it (`ILT_TEST_PLUGINS`).

use std::path::{Path, PathBuf};

use rstest::rstest;
use serde_json::Value;

use crate::Terminal;

const CERTIFIED: &str = r#"{
  "about": "whoever holds the certificate waits in front",
  "ask": "prioritise",
  "settings": {"certificate": "01890a5d-ac96-774b-bcce-b302099a8200"},
  "question": {
    "now": 1803459600,
    "learner": {"id": "01890a5d-ac96-774b-bcce-b302099a8001", "holds": ["01890a5d-ac96-774b-bcce-b302099a8200"]},
    "course": {"id": "01890a5d-ac96-774b-bcce-b302099a8201", "programme_type": "compliance", "topics": ["electric"], "prerequisites": []},
    "place": {"id": "01890a5d-ac96-774b-bcce-b302099a8300", "country": "DE"},
    "session": "01890a5d-ac96-774b-bcce-b302099a8101",
    "starts": 1804064400,
    "waiting": 2
  },
  "answer": {"ok": {"level": 5, "reason": "Holds the certificate for electric cars."}}
}
"#;

const TOO_MUCH: &str = r#"{
  "about": "nobody is moved by seven",
  "ask": "check-config",
  "settings": {"certificate": "01890a5d-ac96-774b-bcce-b302099a8200", "change": 7},
  "answer": {"ok": [{"pointer": "/change", "detail": "must be from -0.5 to 0.5"}]}
}
"#;

/// A component of the samples.
fn compiled(name: &str) -> Option<PathBuf> {
    Some(Path::new(&std::env::var_os("ILT_TEST_PLUGINS")?).join(name))
}

impl Terminal {
    /// A folder with the sample's component and these golden files.
    fn with_sample(golden: &[(&str, &str)]) -> Option<Self> {
        let terminal = Self::new();
        std::fs::create_dir(terminal.path().join("golden")).expect("a folder");
        std::fs::copy(compiled("ev_certified_first.wasm")?, terminal.path().join("ev.wasm")).expect("copied");
        for (name, text) in golden {
            terminal.write(&format!("golden/{name}.json"), text);
        }
        // What runs guests is compiled without optimisation here.
        terminal.write("ilt.toml", "[plugins]\ntime = \"1s\"\n");
        Some(terminal)
    }

    fn read(&self, name: &str) -> String {
        std::fs::read_to_string(self.path().join(name)).expect("a file")
    }
}

#[test]
fn what_is_answered_as_written_is_well() {
    let golden = [("certified", CERTIFIED), ("too-much", TOO_MUCH)];
    let Some(terminal) = Terminal::with_sample(&golden) else { return };
    for place in [&["plugins", "test"][..], &["plugins", "test", "ev.wasm"]] {
        let said = terminal.ok(place);
        let begins: Vec<_> = said.lines().map(|it| it.split(" (").next().unwrap_or_default()).collect();
        assert_eq!(
            begins,
            [
                "ok    description: ev-certified-first 1.0.0",
                "ok    settings: their schema is one",
                "ok    golden/certified.json: whoever holds the certificate waits in front",
                "ok    golden/too-much.json: nobody is moved by seven",
                "2 of 2 golden files as expected"
            ]
        );
        assert!(said.contains(" steps, ") && said.contains(" MiB)"), "{said}");
    }
}

#[test]
fn another_answer_is_shown_beside_what_was_expected_and_can_be_written() {
    let wrong = CERTIFIED.replace("\"level\": 5", "\"level\": 4");
    let Some(terminal) = Terminal::with_sample(&[("certified", &wrong)]) else { return };
    let said = terminal.fails(&["plugins", "test"]);
    for part in [
        "FAULT golden/certified.json: whoever holds the certificate waits in front",
        "      the answer is another one",
        "      -     \"level\": 4,\n      +     \"level\": 5,\n",
        "error: 1 of these need attention",
    ] {
        assert!(said.contains(part), "{part}: {said}");
    }
    let said = terminal.ok(&["plugins", "test", "--update"]);
    assert!(said.contains(", the answer is written)"), "{said}");
    let written = terminal.read("golden/certified.json");
    assert_eq!(written.split("\"answer\"").next(), CERTIFIED.split("\"answer\"").next(), "the rest stays");
    terminal.ok(&["plugins", "test"]);
    terminal.ok(&["plugins", "test", "--update"]);
    assert_eq!(terminal.read("golden/certified.json"), written, "nothing is written twice");
}

#[rstest]
#[case::no_json("\"ask\": ", "\"ask\": ?", "golden/certified.json:3:10: expected value")]
#[case::no_such_key("\"waiting\"", "\"waits\"", "golden/certified.json:12:11: unknown field `waits`")]
#[case::nothing_expected(
    ",\n  \"answer\": {\"ok\": {\"level\": 5, \"reason\": \"Holds the certificate for electric cars.\"}}",
    "",
    "no answer is written yet"
)]
#[case::an_id_that_is_none("b302099a8101", "nowhere", "golden/certified.json:10:")]
#[case::something_that_is_not_asked("\"prioritise\"", "\"advise\"", "golden/certified.json:6:")]
fn what_is_wrong_with_a_golden_file_is_named(
    #[case] say: &str,
    #[case] otherwise: &str,
    #[case] wrong: &str,
) {
    let text = CERTIFIED.replacen(say, otherwise, 1);
    let Some(terminal) = Terminal::with_sample(&[("certified", &text)]) else { return };
    let said = terminal.fails(&["plugins", "test"]);
    assert!(said.contains(wrong), "{wrong}: {said}");
}

#[test]
fn what_cannot_be_tried_is_told_with_what_to_do() {
    let terminal = Terminal::new();
    assert!(terminal.fails(&["plugins", "test"]).contains("`ilt-host plugins build .` makes one"));
    assert!(
        terminal.fails(&["plugins", "build", "nowhere"]).contains("`ilt-host plugins new NAME` makes one")
    );
    assert!(terminal.fails(&["plugins", "build"]).contains("there is no Cargo.toml"));
    terminal.write("none.wasm", "MZ, or whatever");
    let said = terminal.fails(&["plugins", "test", "none.wasm"]);
    assert!(said.contains("no host takes none.wasm as a plugin: this is no WebAssembly component"), "{said}");
    let Some(terminal) = Terminal::with_sample(&[]) else { return };
    assert!(terminal.fails(&["plugins", "test"]).contains("there is no golden file"));
}

#[rstest]
#[case::capitals("Close-To-Home")]
#[case::a_path("../close")]
#[case::nothing("")]
#[case::a_digit_first("1st")]
#[case::a_hyphen_last("close-")]
#[case::too_long("a-name-that-nobody-would-ever-want-to-write-down")]
fn a_bad_name_makes_no_folder(#[case] name: &str) {
    let terminal = Terminal::new();
    let said = terminal.fails(&["plugins", "new", name]);
    assert!(said.contains("is no name for a plugin") && said.contains("such as close-to-home"), "{said}");
    assert_eq!(std::fs::read_dir(terminal.path()).expect("a folder").count(), 0);
}

#[rstest]
#[case::rust("rust", &["Cargo.toml", "Cargo.lock", "src/lib.rs", "sdk/src/lib.rs"])]
#[case::typescript("typescript", &["package.json", "tsconfig.json", "rules.ts", "sdk/plugin.ts"])]
#[case::python("python", &["requirements.txt", "rules.py", "sdk/ilt_plugin/__init__.py"])]
fn a_new_plugin_in_any_language_needs_nothing_else(#[case] language: &str, #[case] files: &[&str]) {
    for (name, notices) in [("close-to-home", &[][..]), ("quiet-hours", &["--notices"])] {
        let terminal = Terminal::new();
        terminal.ok(&[&["plugins", "new", name, "--language", language], notices].concat());
        for file in [files, &["README.md", "settings.json", "wit/0.1.0/plugin.wit", ".gitignore"]].concat() {
            let text = terminal.read(&format!("{name}/{file}"));
            assert!(!text.is_empty() && !text.contains("{{"), "{file}: {text}");
        }
        let golden = std::fs::read_dir(terminal.path().join(name).join("golden")).expect("a folder").count();
        assert!(golden >= 2, "{golden} golden files");
    }
}

#[test]
fn a_new_plugin_has_its_name_and_takes_no_folder_that_is_there() {
    let terminal = Terminal::new();
    let said = terminal.ok(&["plugins", "new", "close-to-home"]);
    assert!(said.contains("ilt-host plugins build close-to-home"), "{said}");
    assert!(terminal.read("close-to-home/Cargo.toml").contains("name = \"close-to-home\""));
    terminal.write("close-to-home/mine", "kept");
    let said = terminal.fails(&["plugins", "new", "close-to-home"]);
    assert!(said.contains("close-to-home exists already"), "{said}");
    assert_eq!(terminal.read("close-to-home/mine"), "kept");
}

#[test]
fn what_answers_cost_is_told_beside_what_is_allowed() {
    let Some(terminal) = Terminal::with_sample(&[("certified", CERTIFIED)]) else { return };
    let said = terminal.ok(&["plugins", "bench", "--rounds", "3"]);
    for word in ["ev-certified-first 1.0.0", "50,000,000 steps", "golden/certified.json", "twenty candidates"]
    {
        assert!(said.contains(word), "{word}: {said}");
    }
    let said = terminal.ok(&["plugins", "bench", "ev.wasm", "--rounds", "3", "--format", "json"]);
    let told: Value = serde_json::from_str(&said).expect("JSON");
    let fuel = |number: usize| told["questions"][number]["fuel"].as_u64().expect("a number");
    assert!(fuel(0) > 100 && fuel(1) > fuel(0), "{told}");
    assert_eq!((&told["rounds"], &told["limits"]["fuel"]), (&3.into(), &50_000_000.into()));
}
