//! A host as a process of its own, to be killed or told to stop.

use std::io::{BufRead as _, BufReader};
use std::process::{Child, Command, ExitStatus, Stdio};

use ilt_store::testing::Database;

use super::SECRET;

pub struct Host {
    pub base: String,
    process: Child,
}

impl Host {
    /// Starts a host on this database, with these variables.
    pub fn start(database: &Database, variables: &[(&str, &str)]) -> Self {
        let mut process = Command::new(env!("CARGO_BIN_EXE_ilt-host"))
            .arg("serve")
            .env("ILT__STORE__URL", &database.url)
            .env("ILT__STORE__SCHEMA", &database.schema)
            .env("ILT__AUTH__SECRET", SECRET)
            .env("ILT__HTTP__PORT", "0")
            .env("ILT__LOG__FILTER", "error")
            .envs(variables.iter().copied())
            .stdout(Stdio::piped())
            .spawn()
            .expect("the host starts");
        let mut line = String::new();
        BufReader::new(process.stdout.take().expect("its output")).read_line(&mut line).expect("a line");
        let base = line.trim().strip_prefix("listening on ").unwrap_or_else(|| panic!("it said {line:?}"));
        Self { base: base.to_owned(), process }
    }

    /// Without a word of warning: SIGKILL.
    pub fn kill(self) {
        drop(self);
    }

    /// Asks it to stop: SIGTERM.
    pub fn terminate(&self) {
        let sent = Command::new("kill").arg("-TERM").arg(self.process.id().to_string()).status();
        assert!(sent.expect("kill runs").success());
    }

    /// How it ended, once it has.
    pub async fn ended(mut self) -> ExitStatus {
        let waiting = tokio::task::spawn_blocking(move || self.process.wait());
        waiting.await.expect("no panic").expect("it ends")
    }
}

/// A host does not outlive the test that started it.
impl Drop for Host {
    fn drop(&mut self) {
        // It may have ended.
        let _ended = self.process.kill();
        let _reaped = self.process.wait();
    }
}
