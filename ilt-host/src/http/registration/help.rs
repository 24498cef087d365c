//! A refusal, with what would help: alternatives, what stands in the way, where to get what is missing.
//!
//! What helped is kept as an answer of its own, beside that to the request, so that whoever repeats the request is helped in the same way.

use ilt_core::desk::{Command, Help, Key, Refusal, Reply, SessionPicture};
use ilt_core::ids::{PersonId, SessionId};
use serde_json::json;

use crate::http::App;
use crate::http::access::caller::Caller;
use crate::http::registration::seen::session_of;
use crate::http::views::{AlternativeView, MissingView, SessionView, Shower};
use crate::http::wire::problem::Problem;
use ilt_engine::alternatives::invites_alternatives;

/// Who was refused which session, and under which key they had asked.
pub struct Refused {
    pub learner: PersonId,
    pub wanted: SessionId,
    pub key: Option<(Key, String)>,
}

impl Refused {
    /// No client can choose this key: there is a blank in it.
    fn key_of_help(&self) -> Option<(Key, String)> {
        let (Key { person, key }, digest) = self.key.clone()?;
        Some((Key { person, key: format!("{key} help") }, digest))
    }
}

/// The refusal with what would help.
///
/// Without a key, what cannot be found out is left away: it is the refusal that must arrive. With one, the request is to be repeated
/// then, so that nobody is told two different things under it.
pub async fn refused(app: &App, caller: &Caller, about: Refused, refusal: Refusal) -> Problem {
    let is_helped = invites_alternatives(&refusal)
        || matches!(refusal, Refusal::PrerequisitesMissing { .. } | Refusal::Clash { .. });
    if !is_helped {
        return refusal.into();
    }
    match help(app, caller, &about, &refusal).await {
        Ok(help) => with_help(&refusal, &help),
        Err(trouble) if about.key.is_some() => trouble,
        Err(trouble) => {
            tracing::warn!(code = trouble.code(), "a refusal went without help");
            with_help(&refusal, &Help::default())
        }
    }
}

async fn help(app: &App, caller: &Caller, about: &Refused, refusal: &Refusal) -> Result<Help, Problem> {
    let mut help = Help::default();
    match refusal {
        Refusal::PrerequisitesMissing { missing } => {
            let facts = app.engine.facts(about.learner).await?;
            help.sessions = pictures(app, &app.engine.helpful(&facts, missing)).await?;
        }
        Refusal::Clash { with } => {
            let sessions: Vec<_> = with.iter().filter_map(|clash| clash.session).collect();
            help.sessions = pictures(app, &sessions).await?;
        }
        _ => {}
    }
    if invites_alternatives(refusal)
        && let Some(wanted) = session_of(app, about.wanted).await?
    {
        for shown in app.engine.ranked(about.learner, &wanted).await? {
            let Some(session) = session_of(app, shown.session).await? else { continue };
            let picture = Shower::of(&app.engine, &[&session]).await?.picture(&session);
            help.shown.push((shown, picture));
        }
    }
    let key = about.key_of_help();
    if help.shown.is_empty() && key.is_none() {
        return Ok(help);
    }
    let command = Command::Help { learner: about.learner, wanted: about.wanted, help: Box::new(help) };
    match app.engine.ask(caller.actor(), command, key, caller.correlation).await? {
        Reply::Helped(help) => Ok(*help),
        _ => Err(Problem::broken("the desk answered without help")),
    }
}

async fn pictures(app: &App, ids: &[SessionId]) -> Result<Vec<SessionPicture>, Problem> {
    let mut sessions = app.engine.ports().reads.sessions(ids).await?;
    sessions.sort_by_key(|session| (session.starts_at(), session.id));
    let shower = Shower::of(&app.engine, &sessions.iter().collect::<Vec<_>>()).await?;
    Ok(sessions.iter().map(|session| shower.picture(session)).collect())
}

fn with_help(refusal: &Refusal, help: &Help) -> Problem {
    let sessions: Vec<_> = help.sessions.iter().map(SessionView::from).collect();
    let has_alternatives = invites_alternatives(refusal);
    let mut problem = Problem::from(refusal.clone());
    if let Refusal::PrerequisitesMissing { missing } = refusal {
        let missing: Vec<_> = missing.iter().map(MissingView::from).collect();
        problem = problem.with("missing", json!(missing));
    }
    if matches!(refusal, Refusal::PrerequisitesMissing { .. } | Refusal::Clash { .. }) {
        problem = problem.with("sessions", json!(sessions));
    }
    if !has_alternatives {
        return problem;
    }
    let shown = help.shown.iter().map(|(shown, session)| AlternativeView::of(shown, session.into()));
    problem.with("alternatives", json!(shown.collect::<Vec<_>>()))
}
