//! The demo's story: five commands that work as printed.

use std::fmt;

use anyhow::{Context as _, ensure};
use ilt_core::ids::PersonId;
use ilt_example_data::Cast;
use jiff::SignedDuration;
use serde_json::Value;
use uuid::Uuid;

use crate::http::access::auth::Auth;

/// How long the story's tokens are valid.
const TOKENS_LAST: SignedDuration = SignedDuration::from_hours(7 * 24);

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
        let roles = [
            ("learner", cast.learner),
            ("instructor", cast.instructor),
            ("manager", cast.manager),
            ("dealer admin", cast.dealer_admin),
            ("admin", cast.admin),
        ];
        let token = |(role, id): (&'static str, Uuid)| {
            let token = auth.mint(PersonId(id), TOKENS_LAST).context("tokens cannot be made")?;
            anyhow::Ok((role, token))
        };
        let tokens = roles.into_iter().map(token).collect::<anyhow::Result<_>>()?;
        Ok(Self { base, session: cast.session, tokens })
    }

    fn learner(&self) -> &str {
        self.tokens.first().map_or("", |(_, token)| token)
    }
}

impl fmt::Display for Story {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let (base, session) = (&self.base, self.session);
        writeln!(f, "\nListening on {base}")?;
        writeln!(f, "  try it        {base}/docs")?;
        writeln!(f, "  the contract  {base}/openapi.json")?;
        writeln!(f, "  health        {base}/health/ready")?;
        writeln!(f, "\nTokens, valid for seven days:")?;
        for (role, token) in &self.tokens {
            writeln!(f, "  {role:<13} {token}")?;
        }
        writeln!(f, "\nA story. A learner wants a seat in a class that is full:\n")?;
        writeln!(f, "export TOKEN='{}'", self.learner())?;
        writeln!(f, "curl -s -H \"Authorization: Bearer $TOKEN\" {base}/v1/sessions/{session}")?;
        writeln!(
            f,
            "curl -s -X POST -H \"Authorization: Bearer $TOKEN\" {base}/v1/sessions/{session}/registrations | tee /tmp/ilt-full.json"
        )?;
        writeln!(
            f,
            "curl -s -X POST -H \"Authorization: Bearer $TOKEN\" {base}/v1/alternatives/$(sed 's/.*\"alternatives\":\\[{{[^[]*\"id\":\"\\([^\"]*\\)\".*/\\1/;q' /tmp/ilt-full.json | cut -c1-36)/take"
        )?;
        writeln!(f, "curl -s -H \"Authorization: Bearer $TOKEN\" {base}/v1/registrations")?;
        writeln!(f, "curl -s -X POST -H \"Authorization: Bearer $TOKEN\" {base}/v1/me/calendar-feed")?;
        writeln!(
            f,
            "\nStop with Ctrl-C; `scripts/demo` begins where it stopped, `scripts/demo --fresh` anew."
        )
    }
}

/// Plays the story as it is told, and says at which step it is not true. What it registers is given back.
///
/// # Errors
/// The first step that did not answer as told.
pub async fn check(story: &Story) -> anyhow::Result<()> {
    let client = reqwest::Client::new();
    let (base, session, token) = (&story.base, story.session, story.learner());
    let get = async |path: &str| answer(client.get(format!("{base}{path}")).bearer_auth(token)).await;
    let post = async |path: &str| answer(client.post(format!("{base}{path}")).bearer_auth(token)).await;
    for (role, token) in &story.tokens {
        let (status, _) = answer(client.get(format!("{base}/v1/me")).bearer_auth(token)).await?;
        ensure!(status == 200, "the token of the {role} is answered {status}");
    }
    let (status, shown) = get(&format!("/v1/sessions/{session}")).await?;
    ensure!(status == 200 && shown["seats"]["open"] == 0, "the class is not full: {status} {shown}");
    let (status, full) = post(&format!("/v1/sessions/{session}/registrations")).await?;
    ensure!(status == 409 && full["code"] == "session-full", "registering is answered {status} {full}");
    let alternatives = full["alternatives"].as_array().map_or(0, Vec::len);
    ensure!(alternatives == 3, "{alternatives} alternatives are shown");
    let best = full["alternatives"][0]["id"].as_str().unwrap_or_default();
    let (status, seat) = post(&format!("/v1/alternatives/{best}/take")).await?;
    ensure!(status == 201 && seat["status"] == "confirmed", "taking the first is answered {status} {seat}");
    let (status, own) = get("/v1/registrations").await?;
    let is_listed =
        own["items"].as_array().is_some_and(|items| items.iter().any(|it| it["id"] == seat["id"]));
    ensure!(status == 200 && is_listed, "own registrations are answered {status} {own}");
    let (status, feed) = post("/v1/me/calendar-feed").await?;
    let url = feed["url"].as_str().unwrap_or_default();
    let calendar =
        client.get(format!("{base}{}", url.trim_start_matches(base.as_str()))).send().await?.text().await?;
    ensure!(
        status == 200 && calendar.contains("STATUS:CONFIRMED"),
        "the calendar is answered {status} {calendar}"
    );
    let (status, _) =
        post(&format!("/v1/registrations/{}/cancel", seat["id"].as_str().unwrap_or_default())).await?;
    ensure!(status == 200, "giving it back is answered {status}");
    Ok(())
}

async fn answer(request: reqwest::RequestBuilder) -> anyhow::Result<(u16, Value)> {
    let answer = request.send().await.context("the demo does not answer")?;
    let status = answer.status().as_u16();
    Ok((status, answer.json().await.unwrap_or_default()))
}
