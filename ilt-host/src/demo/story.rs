//! The demo's story: five commands that work as printed.

use std::fmt;
use std::io::Write as _;
use std::process::{Command, Stdio};

use anyhow::{Context as _, ensure};
use ilt_core::ids::PersonId;
use ilt_example_data::Cast;
use jiff::SignedDuration;
use serde_json::Value;
use uuid::Uuid;

use crate::http::access::auth::{Auth, LONGEST_HOURS};

/// How long the story's tokens are valid.
const TOKENS_LAST: SignedDuration = SignedDuration::from_hours(LONGEST_HOURS);

/// Where the demo is, who is in it, and what to try.
pub struct Story {
    base: String,
    session: Uuid,
    tokens: Vec<(&'static str, String)>,
}

impl Story {
    /// The story told at `base`, such as `http://127.0.0.1:8090`.
    ///
    /// # Errors
    /// When no tokens can be made.
    pub fn at(base: String, cast: Cast, auth: &Auth) -> anyhow::Result<Self> {
        let token = |(role, id): (&'static str, Uuid)| {
            let token = auth.mint(PersonId(id), TOKENS_LAST).context("tokens cannot be made")?;
            anyhow::Ok((role, token))
        };
        let tokens = cast.parts().into_iter().map(token).collect::<anyhow::Result<_>>()?;
        Ok(Self { base, session: cast.session, tokens })
    }

    fn learner(&self) -> &str {
        self.tokens.first().map_or("", |(_, token)| token)
    }

    /// Who tells it, for the shell.
    fn teller(&self) -> String {
        format!("export TOKEN='{}'", self.learner())
    }

    fn steps(&self) -> [Step; 5] {
        let (base, session) = (&self.base, self.session);
        let curl = "curl -s -H \"Authorization: Bearer $TOKEN\"";
        let first = "printf '%s' \"$FULL\" | sed 's/.*\"alternatives\":\\[//' | grep -o '\"id\":\"[^\"]*\"' | head -n 1 | cut -d '\"' -f 4";
        [
            Step {
                command: format!("{curl} {base}/v1/sessions/{session}"),
                told: "the class is full",
                holds: |it| it["seats"]["open"] == 0,
            },
            Step {
                command: format!(
                    "FULL=$({curl} -X POST {base}/v1/sessions/{session}/registrations); printf '%s\\n' \"$FULL\""
                ),
                told: "whoever wants a seat is shown three others",
                holds: |it| {
                    it["code"] == "session-full" && it["alternatives"].as_array().map_or(0, Vec::len) == 3
                },
            },
            Step {
                command: format!("{curl} -X POST {base}/v1/alternatives/$({first})/take"),
                told: "the first of them is taken by one request",
                holds: |it| it["status"] == "confirmed",
            },
            Step {
                command: format!("{curl} {base}/v1/registrations"),
                told: "it is among the learner's own",
                holds: |it| {
                    it["items"]
                        .as_array()
                        .is_some_and(|items| items.iter().any(|it| it["status"] == "confirmed"))
                },
            },
            Step {
                command: format!("{curl} -X POST {base}/v1/me/calendar-feed"),
                told: "a calendar program can follow it",
                holds: |it| it["url"].as_str().is_some_and(|url| url.contains("/calendar/")),
            },
        ]
    }
}

/// A command as it is printed, and whether what it answers is as it was told.
struct Step {
    command: String,
    told: &'static str,
    holds: fn(&Value) -> bool,
}

impl fmt::Display for Story {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let base = &self.base;
        writeln!(f, "\nListening on {base}")?;
        writeln!(f, "  try it        {base}/docs")?;
        writeln!(f, "  the contract  {base}/openapi.json")?;
        writeln!(f, "  health        {base}/health/ready")?;
        writeln!(f, "\nTokens, valid for seven days:")?;
        for (role, token) in &self.tokens {
            writeln!(f, "  {role:<13} {token}")?;
        }
        writeln!(f, "\nA story. A learner wants a seat in a class that is full:\n")?;
        writeln!(f, "{}", self.teller())?;
        for step in self.steps() {
            writeln!(f, "{}", step.command)?;
        }
        writeln!(
            f,
            "\nStop with Ctrl-C; `scripts/demo` begins where it stopped, `scripts/demo --fresh` anew."
        )
    }
}

/// Plays the story in a shell, letter for letter as it is printed, and says at which step it is not true. What it registers is given back.
///
/// # Errors
/// The first step that did not answer as told.
pub async fn check(story: &Story) -> anyhow::Result<()> {
    let client = reqwest::Client::new();
    let (base, token) = (&story.base, story.learner());
    for (role, token) in &story.tokens {
        let (status, _) = answer(client.get(format!("{base}/v1/me")).bearer_auth(token)).await?;
        ensure!(status == 200, "the token of the {role} is answered {status}");
    }
    let (teller, steps) = (story.teller(), story.steps());
    let commands = steps.iter().map(|step| step.command.clone()).collect();
    let answers = tokio::task::spawn_blocking(move || played(&teller, commands)).await??;
    ensure!(answers.len() == steps.len(), "{} commands of {} were answered", answers.len(), steps.len());
    for (step, answer) in steps.iter().zip(&answers) {
        ensure!((step.holds)(answer), "{}: `{}` is answered {answer}", step.told, step.command);
    }
    let url = answers[4]["url"].as_str().unwrap_or_default();
    let calendar = format!("{base}{}", url.trim_start_matches(base.as_str()));
    let calendar = client.get(calendar).send().await?.text().await?;
    ensure!(calendar.contains("STATUS:CONFIRMED"), "the calendar is answered {calendar}");
    let seat = answers[2]["id"].as_str().unwrap_or_default();
    let give_back = client.post(format!("{base}/v1/registrations/{seat}/cancel")).bearer_auth(token);
    let (status, _) = answer(give_back).await?;
    ensure!(status == 200, "giving it back is answered {status}");
    Ok(())
}

/// What a shell says to each of the commands.
fn played(teller: &str, commands: Vec<String>) -> anyhow::Result<Vec<Value>> {
    const NEXT: &str = "--- next ---";
    let mut shell =
        Command::new("sh").stdin(Stdio::piped()).stdout(Stdio::piped()).spawn().context("there is no sh")?;
    let mut input = shell.stdin.take().context("the shell does not listen")?;
    writeln!(input, "{teller}")?;
    for command in commands {
        writeln!(input, "{command}\nprintf '\\n%s\\n' '{NEXT}'")?;
    }
    drop(input);
    let said =
        String::from_utf8(shell.wait_with_output()?.stdout).context("the shell's answer cannot be read")?;
    let answers = said.trim_end().trim_end_matches(NEXT).split(NEXT);
    Ok(answers.map(|answer| serde_json::from_str(answer).unwrap_or_default()).collect())
}

async fn answer(request: reqwest::RequestBuilder) -> anyhow::Result<(u16, Value)> {
    let answer = request.send().await.context("the demo does not answer")?;
    let status = answer.status().as_u16();
    Ok((status, answer.json().await.unwrap_or_default()))
}
