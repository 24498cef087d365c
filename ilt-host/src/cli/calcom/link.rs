//! `calcom check`, `link-instructor`, `unlink`.

use std::io::{IsTerminal as _, Read as _};
use std::path::Path;

use anyhow::{Context as _, ensure};
use ilt_core::ids::PersonId;
use ilt_engine::calendars::{Checked, Linked, Linking, Unlinked, Webhook};
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
    let Checked { instructor, username, requests, missing, webhook } = one;
    if json {
        say(json!(one));
    } else if missing.is_empty() {
        let requests = requests.map_or_else(String::new, |it| format!(", {it} requests a minute"));
        let webhook = webhook.as_ref().map_or_else(String::new, in_words);
        say(format!("ok    {instructor}: {username}{requests}{webhook}"));
    } else {
        say(format!("FAIL  {instructor}: {username}: {}", missing.join("; ")));
    }
}

/// What is said of a webhook behind something else.
fn in_words(webhook: &Webhook) -> String {
    match webhook {
        Webhook::Unwanted => String::new(),
        Webhook::Stands { foreign: 0 } => ", its webhook stands".to_owned(),
        Webhook::Stands { foreign } => {
            format!(", its webhook stands, and {foreign} to such a path at other addresses may be anybody's")
        }
        Webhook::Differs => ", its webhook is not as it should be: a host that serves sees to it".to_owned(),
        Webhook::Trouble(said) => format!(", its webhook could not be looked at: {said}"),
    }
}

pub async fn link(
    linking: &Linking,
    instructor: PersonId,
    file: Option<&Path>,
    json: bool,
) -> anyhow::Result<()> {
    let key = key(file)?;
    let Linked { link, webhook } = linking.link(instructor, &key).await?;
    if json {
        say(
            json!({ "instructor": instructor, "user": link.user, "username": link.username, "webhook": webhook }),
        );
    } else {
        let (username, webhook) = (link.username, in_words(&webhook));
        say(format!(
            "{instructor} is linked with {username}; all sessions to come are shown there now{webhook}"
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
    let unlinked = linking.unlink(instructor).await?;
    if json {
        let was_linked = unlinked != Unlinked::Was;
        let left = if let Unlinked::Left { said } = &unlinked { Some(said) } else { None };
        say(json!({ "instructor": instructor, "was_linked": was_linked, "webhook_left": left }));
        return Ok(());
    }
    let gone = "is linked no more; what is in that calendar stays there, and its user may revoke the key";
    say(match unlinked {
        Unlinked::Was => format!("{instructor} was not linked"),
        Unlinked::Gone { webhooks: 0 } => format!("{instructor} {gone}"),
        Unlinked::Gone { .. } => format!("{instructor} {gone}; its webhook was removed"),
        Unlinked::Left { said } => {
            format!("{instructor} {gone}, and remove the webhook, which could not be: {said}")
        }
    });
    Ok(())
}
