//! `calcom check`, `link-instructor`, `unlink`.

use std::io::{IsTerminal as _, Read as _};
use std::path::Path;

use anyhow::{Context as _, ensure};
use ilt_core::ids::PersonId;
use ilt_engine::calendars::{Checked, Linking};
use secrecy::SecretString;
use serde_json::json;

use super::bar;
use crate::cli::say;

/// Bytes of a key that are read.
const LONGEST_KEY: u64 = 4_096;

pub async fn check(linking: &Linking, json: bool) -> anyhow::Result<()> {
    let links = linking.mirrors.links(None).await?.len() as u64;
    let bar = bar(links, json);
    let checked = linking
        .check(|one| {
            bar.suspend(|| tell(one, json));
            bar.inc(1);
        })
        .await?;
    bar.finish_and_clear();
    if checked.is_empty() && !json {
        say("nobody is linked: `ilt-host calcom link-instructor` links an instructor");
    }
    let bad = checked.iter().filter(|it| !it.missing.is_empty()).count();
    ensure!(bad == 0, "{bad} of {} calendars cannot be kept", checked.len());
    Ok(())
}

fn tell(one: &Checked, json: bool) {
    let Checked { instructor, username, requests, missing } = one;
    if json {
        say(json!(one));
    } else if missing.is_empty() {
        let requests = requests.map_or_else(String::new, |it| format!(", {it} requests a minute"));
        say(format!("ok    {instructor}: {username}{requests}"));
    } else {
        say(format!("FAIL  {instructor}: {username}: {}", missing.join("; ")));
    }
}

pub async fn link(
    linking: &Linking,
    instructor: PersonId,
    file: Option<&Path>,
    json: bool,
) -> anyhow::Result<()> {
    let key = key(file)?;
    let link = linking.link(instructor, &key).await?;
    if json {
        say(json!({ "instructor": instructor, "user": link.user, "username": link.username }));
    } else {
        say(format!(
            "{instructor} is linked with {}; all sessions to come are shown there now",
            link.username
        ));
    }
    Ok(())
}

/// A key is never an argument: everybody on the machine sees those.
fn key(file: Option<&Path>) -> anyhow::Result<SecretString> {
    let mut key = String::new();
    if let Some(path) = file {
        let file = std::fs::File::open(path).with_context(|| path.display().to_string())?;
        file.take(LONGEST_KEY).read_to_string(&mut key)?;
    } else {
        if std::io::stdin().is_terminal() {
            eprintln!("The key (Settings, Developer, API keys), then Ctrl-D:");
        }
        std::io::stdin().lock().take(LONGEST_KEY).read_to_string(&mut key)?;
    }
    let key = key.trim();
    ensure!(!key.is_empty(), "no key was given");
    ensure!(!key.contains(char::is_whitespace), "a key is one word: is something else in the file?");
    Ok(key.to_owned().into())
}

pub async fn unlink(linking: &Linking, instructor: PersonId, json: bool) -> anyhow::Result<()> {
    let was_linked = linking.mirrors.unlink(instructor).await?;
    if json {
        say(json!({ "instructor": instructor, "was_linked": was_linked }));
    } else if was_linked {
        say(format!(
            "{instructor} is linked no more; what is in that calendar stays there, and its user may revoke the key"
        ));
    } else {
        say(format!("{instructor} was not linked"));
    }
    Ok(())
}
