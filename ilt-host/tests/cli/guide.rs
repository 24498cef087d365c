//! The guide for authors of plugins, walked: each command of its `console` blocks is typed, and what it shows is compared.
//!
//! A line `…` stands for any number of lines, and `…` in a line for anything. A line that begins with `>` goes on with the command.

use std::path::Path;
use std::process::Command;

use crate::{SECRET, Terminal, text};

/// A command of the guide, and what it shows of it.
#[derive(Debug, PartialEq, Eq)]
struct Step {
    command: String,
    shown: Vec<String>,
}

fn steps(guide: &str) -> Vec<Step> {
    let blocks = guide.split("```console\n").skip(1).filter_map(|it| it.split("```").next());
    let mut steps = Vec::<Step>::new();
    for line in blocks.flat_map(str::lines) {
        if let Some(command) = line.strip_prefix("$ ") {
            steps.push(Step { command: command.to_owned(), shown: Vec::new() });
        } else if let (Some(rest), Some(step)) = (line.strip_prefix('>'), steps.last_mut()) {
            step.command = [&step.command, rest.strip_prefix(' ').unwrap_or(rest)].join("\n");
        } else if let Some(step) = steps.last_mut() {
            step.shown.push(line.to_owned());
        }
    }
    steps
}

/// Whether this is what is shown, in a line or in lines; `…` stands for whatever is there.
fn is_as_shown(shown: &[String], given: &[&str]) -> bool {
    match (shown.split_first(), given.split_first()) {
        (None, _) => given.is_empty(),
        (Some((line, rest)), _) if line.trim() == "…" => {
            (0..=given.len()).any(|skipped| is_as_shown(rest, &given[skipped..]))
        }
        (Some((line, rest)), Some((first, others))) => is_like(line, first) && is_as_shown(rest, others),
        (Some(_), None) => false,
    }
}

fn is_like(line: &str, given: &str) -> bool {
    let mut rest = given;
    let parts: Vec<_> = line.split('…').collect();
    for (number, part) in parts.iter().enumerate() {
        let found = match number {
            0 => rest.starts_with(part).then_some(0),
            _ if number + 1 == parts.len() => rest.ends_with(part).then(|| rest.len() - part.len()),
            _ => rest.find(part),
        };
        let Some(at) = found else { return false };
        rest = &rest[at + part.len()..];
    }
    parts.len() > 1 || rest.is_empty()
}

#[test]
fn what_the_guide_leaves_out_is_anything() {
    let shown = |text: &str| text.lines().map(str::to_owned).collect::<Vec<_>>();
    assert!(is_as_shown(&shown("a … c\n…\nend"), &["a b c", "and", "more", "end"]));
    assert!(is_as_shown(&shown("…"), &[]));
    assert!(!is_as_shown(&shown("a … c"), &["a b d"]));
    assert!(!is_as_shown(&shown("a"), &["a", "b"]), "nothing more than is shown");
    assert!(!is_as_shown(&shown("a\nb"), &["a"]), "nor less");
    assert_eq!(
        steps("```console\n$ one\nsaid\n$ two <<E\n> E\n```\n```sh\n$ three\n```\n"),
        [
            Step { command: "one".to_owned(), shown: shown("said") },
            Step { command: "two <<E\nE".to_owned(), shown: Vec::new() }
        ]
    );
}

#[test]
fn every_command_of_the_guide_does_what_the_guide_shows() {
    if std::env::var_os("ILT_TEST_PLUGINS").is_none() {
        return;
    }
    let terminal = Terminal::new();
    let binary = Path::new(env!("CARGO_BIN_EXE_ilt-host")).parent().expect("a folder");
    let path = format!("{}:{}", binary.display(), std::env::var("PATH").unwrap_or_default());
    // What plugins are written with is compiled once, and not in every folder of a test.
    let compiled = Path::new(env!("CARGO_TARGET_TMPDIR")).join("guide");
    let guide = include_str!("../../../docs/plugins-guide.md");
    let steps = steps(guide);
    assert!(steps.len() >= 8, "the guide has its commands");
    for step in steps {
        let mut shell = Command::new("sh");
        shell.args(["-c", &step.command]).current_dir(terminal.path()).env("PATH", &path);
        shell.env("CARGO_TARGET_DIR", &compiled).env("ILT__AUTH__SECRET", SECRET);
        // What runs guests is compiled without optimisation here.
        shell.env("ILT__PLUGINS__TIME", "1s");
        let output = shell.output().expect("a shell");
        let (said, errors) = (text(&output.stdout), text(&output.stderr));
        let faults = errors.lines().filter(|line| line.starts_with("error: "));
        let given: Vec<_> = said.lines().chain(faults).collect();
        assert!(is_as_shown(&step.shown, &given), "{step:#?}\nsaid {given:#?}\n{errors}");
    }
    a_host_follows(&terminal.path().join("plugins"));
}

/// What the guide ends with is a folder that a host uses.
fn a_host_follows(folder: &Path) {
    use std::sync::Arc;

    use ilt_core::testing::MemoryStore;
    use ilt_engine::config::{Config, layers};
    use ilt_engine::plugins::PluginHost;
    use ilt_engine::system::SystemClock;

    let set = vec![("PLUGINS__FOLDER".to_owned(), folder.display().to_string())];
    let config = Config::of(&layers(None, set).expect("layers")).expect("sound");
    let (store, clock) = (Arc::new(MemoryStore::new()), Arc::new(SystemClock));
    let rules = PluginHost::new(&config.plugins, store, clock).expect("a folder").rules();
    let dealer = "01890a5d-ac96-774b-bcce-b302099a8057".parse().expect("an id");
    assert!(
        rules.has_opinions(Some(ilt_core::ids::DealerId(dealer))),
        "the dealer of the guide has a plugin"
    );
}
