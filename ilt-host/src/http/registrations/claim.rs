//! Claiming a seat, giving it back, answering an offer.

use axum::Json;
use axum::extract::State;
use axum::response::Response;
use ilt_core::desk::{Command, OnFull, Refusal};
use ilt_core::ids::{PersonId, RegistrationId, SessionId};
use ilt_core::registration::Priority;
use serde::Deserialize;
use serde_json::json;
use utoipa::ToSchema;
use uuid::Uuid;

use super::super::App;
use super::super::caller::Caller;
use super::super::extract::{Id, Posted};
use super::super::problem::{Problem, ProblemView};
use super::super::views::{MissingView, RegistrationView, Shower};
use super::alternatives::shown_views;
use super::{made, replied, session_of};
use crate::engine::Trouble;
use crate::engine::alternatives::invites_alternatives;

/// A wish to register.
#[derive(Deserialize, ToSchema)]
#[serde(deny_unknown_fields)]
pub struct RegisterBody {
    /// For whom; yourself when absent.
    #[serde(default)]
    learner: Option<Uuid>,
    /// What to do when no seat is open: `alternatives` (when absent), `waitlist`, or `beyond-capacity` for an admin with a reason.
    #[serde(default)]
    #[schema(value_type = Option<String>, example = "waitlist")]
    on_full: OnFull,
    /// On the waitlist: "book me without asking", until three days before.
    #[serde(default)]
    automatic: bool,
    /// Why, when an admin overrides a clash or lets somebody in beyond the capacity.
    #[serde(default)]
    reason: Option<String>,
}

/// Claims a seat, or a place on the waitlist.
///
/// The same learner and session again answer with the same registration, and 200.
#[utoipa::path(post, path = "/v1/sessions/{id}/registrations", tag = "registrations", params(("id" = Uuid, Path), ("Idempotency-Key" = Option<String>, Header)), request_body = RegisterBody,
    responses((status = 201, body = RegistrationView), (status = 200, body = RegistrationView), (status = 409, body = ProblemView, description = "`session-full` comes with up to three `alternatives`")))]
pub async fn register(
    State(app): State<App>,
    caller: Caller,
    Id(session): Id<SessionId>,
    posted: Posted<RegisterBody>,
) -> Result<Response, Problem> {
    let learner = posted.body.learner.map_or(caller.id, PersonId);
    let key = posted.key(caller.id);
    let RegisterBody { on_full, automatic, reason, .. } = posted.body;
    let command = Command::Register { session, learner, on_full, automatic, reason };
    match app.engine.ask(caller.actor(), command, key, caller.correlation).await {
        Ok(reply) => made(&app, caller.id, reply).await,
        Err(Trouble::Refused(refusal)) => Err(refused(&app, &caller, learner, session, refusal).await),
        Err(trouble) => Err(trouble.into()),
    }
}

/// A refusal, with what would help: alternatives, what stands in the way, where to get what is missing.
///
/// Whatever cannot be found out is left away: it is the refusal that must arrive.
pub(super) async fn refused(
    app: &App,
    caller: &Caller,
    learner: PersonId,
    wanted: SessionId,
    refusal: Refusal,
) -> Problem {
    let mut problem = Problem::from(refusal.clone());
    match &refusal {
        Refusal::PrerequisitesMissing { missing } => {
            let views: Vec<_> = missing.iter().map(MissingView::from).collect();
            problem = problem.with("missing", json!(views));
            if let Ok(facts) = app.engine.facts(learner).await {
                let helpful = app.engine.helpful(&facts, missing);
                problem =
                    problem.with("sessions", json!(session_views(app, &helpful).await.unwrap_or_default()));
            }
        }
        Refusal::Clash { with } => {
            let sessions: Vec<_> = with.iter().map(|clash| clash.session).collect();
            problem =
                problem.with("sessions", json!(session_views(app, &sessions).await.unwrap_or_default()));
        }
        _ => {}
    }
    if !invites_alternatives(&refusal) {
        return problem;
    }
    let alternatives = async {
        let Some(session) = session_of(app, wanted).await? else { return Ok(Vec::new()) };
        let shown = app.engine.alternatives(caller.actor(), learner, &session, caller.correlation).await?;
        shown_views(app, &shown).await
    };
    match alternatives.await {
        Ok(views) => problem.with("alternatives", json!(views)),
        Err(trouble) => {
            tracing::warn!(code = trouble.code(), "a refusal went without alternatives");
            problem
        }
    }
}

async fn session_views(
    app: &App,
    ids: &[SessionId],
) -> Result<Vec<super::super::views::SessionView>, Problem> {
    let mut sessions = app.engine.ports().reads.sessions(ids).await?;
    sessions.sort_by_key(|session| (session.starts_at(), session.id));
    let shower = Shower::of(&app.engine, &sessions.iter().collect::<Vec<_>>()).await?;
    Ok(sessions.iter().map(|session| shower.show(session)).collect())
}

/// Why something is given back.
#[derive(Deserialize, ToSchema)]
#[serde(deny_unknown_fields)]
pub struct CancelBody {
    /// Needed when it is late.
    #[serde(default)]
    reason: Option<String>,
}

pub(super) async fn settle(
    app: &App,
    caller: &Caller,
    command: Command,
    key: Option<(ilt_core::desk::Key, String)>,
) -> Result<Json<RegistrationView>, Problem> {
    let reply = app.engine.ask(caller.actor(), command, key, caller.correlation).await?;
    Ok(Json(replied(app, caller.id, reply).await?.1))
}

/// Gives a registration back.
#[utoipa::path(post, path = "/v1/registrations/{id}/cancel", operation_id = "cancel_registration", tag = "registrations", params(("id" = Uuid, Path)), request_body = CancelBody, responses((status = 200, body = RegistrationView)))]
pub async fn cancel(
    State(app): State<App>,
    caller: Caller,
    Id(registration): Id<RegistrationId>,
    posted: Posted<CancelBody>,
) -> Result<Json<RegistrationView>, Problem> {
    let key = posted.key(caller.id);
    settle(&app, &caller, Command::Cancel { registration, reason: posted.body.reason }, key).await
}

/// Nothing to say.
#[derive(Deserialize, ToSchema)]
#[serde(deny_unknown_fields)]
pub struct Nothing {}

/// Takes the seat that is offered, or the one that was announced to everybody who waits: there the first wins.
#[utoipa::path(post, path = "/v1/registrations/{id}/accept", operation_id = "accept_offer", tag = "registrations", params(("id" = Uuid, Path)),
    responses((status = 200, body = RegistrationView), (status = 409, body = ProblemView, description = "`session-full` comes with up to three `alternatives`")))]
pub async fn accept(
    State(app): State<App>,
    caller: Caller,
    Id(registration): Id<RegistrationId>,
    posted: Posted<Nothing>,
) -> Result<Json<RegistrationView>, Problem> {
    let key = posted.key(caller.id);
    match app.engine.ask(caller.actor(), Command::TakeOffer { registration }, key, caller.correlation).await {
        Ok(reply) => Ok(Json(replied(&app, caller.id, reply).await?.1)),
        Err(Trouble::Refused(refusal)) if invites_alternatives(&refusal) => {
            let known = app.engine.ports().reads.registration(registration).await?;
            let Some((known, _)) = known else { return Err(refusal.into()) };
            Err(refused(&app, &caller, known.learner, known.session, refusal).await)
        }
        Err(trouble) => Err(trouble.into()),
    }
}

/// Wants to be offered seats again, after offers had lapsed one after the other.
#[utoipa::path(post, path = "/v1/registrations/{id}/resume", operation_id = "resume_wait", tag = "registrations", params(("id" = Uuid, Path)), responses((status = 200, body = RegistrationView)))]
pub async fn resume(
    State(app): State<App>,
    caller: Caller,
    Id(registration): Id<RegistrationId>,
    posted: Posted<Nothing>,
) -> Result<Json<RegistrationView>, Problem> {
    settle(&app, &caller, Command::ResumeWait { registration }, posted.key(caller.id)).await
}

/// Why somebody is let before those who joined earlier.
#[derive(Deserialize, ToSchema)]
#[serde(deny_unknown_fields)]
pub struct PriorityBody {
    /// 1 to 9, whoever has more comes first; 0 for the order of joining.
    level: u8,
    /// What everybody who may see the place is told.
    #[serde(default)]
    reason: String,
}

/// Lets one who waits come before those who joined earlier, with a reason that is shown.
#[utoipa::path(post, path = "/v1/registrations/{id}/priority", operation_id = "prioritise", tag = "registrations", params(("id" = Uuid, Path)), request_body = PriorityBody, responses((status = 200, body = RegistrationView)))]
pub async fn prioritise(
    State(app): State<App>,
    caller: Caller,
    Id(registration): Id<RegistrationId>,
    posted: Posted<PriorityBody>,
) -> Result<Json<RegistrationView>, Problem> {
    let key = posted.key(caller.id);
    let PriorityBody { level, reason } = posted.body;
    let priority = (level > 0).then_some(Priority { level, reason });
    settle(&app, &caller, Command::Prioritise { registration, priority }, key).await
}

/// Lets the offered seat go to the next in line, and keeps the place.
#[utoipa::path(post, path = "/v1/registrations/{id}/decline", operation_id = "decline_offer", tag = "registrations", params(("id" = Uuid, Path)), responses((status = 200, body = RegistrationView)))]
pub async fn decline(
    State(app): State<App>,
    caller: Caller,
    Id(registration): Id<RegistrationId>,
    posted: Posted<Nothing>,
) -> Result<Json<RegistrationView>, Problem> {
    settle(&app, &caller, Command::DeclineOffer { registration }, posted.key(caller.id)).await
}
