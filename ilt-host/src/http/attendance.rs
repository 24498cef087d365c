//! Attendance: marking it, checking in, walking in, completing a session.

use axum::Json;
use axum::extract::State;
use axum::response::Response;
use ilt_core::access;
use ilt_core::attendance::decide::Merged;
use ilt_core::desk::{Command, Key, MarkPlan, Refusal, Reply};
use ilt_core::fault::Fault;
use ilt_core::ids::{PersonId, RegistrationId, SessionId};
use jiff::Timestamp;
use serde::{Deserialize, Serialize};
use utoipa::ToSchema;
use utoipa_axum::router::OpenApiRouter;
use utoipa_axum::routes;
use uuid::Uuid;

use crate::http::App;
use crate::http::access::caller::Caller;
use crate::http::contract::words;
use crate::http::registration::seen::visible as visible_registration;
use crate::http::session::{changed, visible};
use crate::http::views::answers;
use crate::http::views::{RegistrationView, SessionView};
use crate::http::wire::extract::{Id, Nothing, Posted};
use crate::http::wire::problem::{Problem, ProblemView};
use ilt_engine::Trouble;
use ilt_engine::check_in::{CheckInSecret, STEP_SECONDS, subject_of};

pub fn routes() -> OpenApiRouter<App> {
    OpenApiRouter::new()
        .routes(routes!(mark))
        .routes(routes!(walk_in))
        .routes(routes!(complete))
        .routes(routes!(check_in))
        .routes(routes!(session_key))
        .routes(routes!(registration_key))
}

/// How long somebody was at one part.
#[derive(Deserialize, ToSchema)]
#[serde(deny_unknown_fields)]
struct MarkBody {
    registration: Uuid,
    /// Counted from 1.
    part: u32,
    /// The whole part when absent.
    #[serde(default)]
    minutes: Option<u32>,
    /// Away with an excuse for what is left; may be said before the day.
    #[serde(default)]
    excused: bool,
    /// When it was seen, for marks that are sent later; now when absent.
    #[serde(default)]
    #[schema(value_type = Option<String>, format = DateTime)]
    at: Option<Timestamp>,
    /// What the device calls the mark: sending it again changes nothing.
    #[serde(default)]
    client: Option<Uuid>,
    /// Needed when it corrects another after the session was completed.
    #[serde(default)]
    reason: Option<String>,
}

/// Marks, as a device has gathered them.
#[derive(Deserialize, ToSchema)]
#[serde(deny_unknown_fields)]
struct MarksBody {
    /// 1 to 1000.
    marks: Vec<MarkBody>,
}

/// What became of one mark.
#[derive(Serialize, ToSchema)]
struct MarkedView {
    registration: Uuid,
    part: u32,
    client: Option<Uuid>,
    #[schema(value_type = words::Marked)]
    result: &'static str,
    /// Why, when it was refused.
    #[serde(skip_serializing_if = "Option::is_none")]
    code: Option<&'static str>,
    #[serde(skip_serializing_if = "Option::is_none")]
    detail: Option<String>,
}

/// What became of each mark.
#[derive(Serialize, ToSchema)]
struct MarkedViews {
    items: Vec<MarkedView>,
}

/// Marks attendance, part by part; for the session's instructors. Marks may come late, twice and in any order: the one that
/// was seen last counts. Each is answered by itself, so that one that is wrong keeps none of the others back.
#[utoipa::path(post, path = "/v1/sessions/{id}/attendance", operation_id = "mark_attendance", tag = "attendance", params(("id" = Uuid, Path)), request_body = MarksBody, responses((status = 200, body = MarkedViews)))]
async fn mark(
    State(app): State<App>,
    caller: Caller,
    Id(session): Id<SessionId>,
    posted: Posted<MarksBody>,
) -> Result<Json<MarkedViews>, Problem> {
    let key = posted.key(caller.id);
    let plan = |mark: MarkBody| {
        let MarkBody { registration, part, minutes, excused, at, client, reason } = mark;
        MarkPlan { registration: RegistrationId(registration), part, minutes, excused, at, client, reason }
    };
    let marks: Vec<_> = posted.body.marks.into_iter().map(plan).collect();
    let command = Command::MarkAttendance { session, marks: marks.clone() };
    let reply = app.engine.ask(caller.actor(), command, key, caller.correlation).await?;
    let Reply::Marked { results } = reply else {
        return Err(Problem::broken("the desk answered without marks"));
    };
    let view = |(mark, result): (MarkPlan, Result<Merged, Refusal>)| MarkedView {
        registration: mark.registration.0,
        part: mark.part,
        client: mark.client,
        result: match &result {
            Ok(Merged::Applied) => "applied",
            Ok(Merged::Unchanged) => "unchanged",
            Ok(Merged::Superseded) => "superseded",
            Err(_) => "refused",
        },
        code: result.as_ref().err().map(Fault::code),
        detail: result.err().map(|refusal| in_words(&refusal)),
    };
    Ok(Json(MarkedViews { items: marks.into_iter().zip(results).map(view).collect() }))
}

fn in_words(refusal: &Refusal) -> String {
    match refusal {
        Refusal::InvalidRequest { fields } => {
            let each = fields
                .iter()
                .map(|field| format!("{} {}", field.pointer.trim_start_matches('/'), field.detail));
            each.collect::<Vec<_>>().join("; ")
        }
        other => other.to_string(),
    }
}

/// Who walked in.
#[derive(Deserialize, ToSchema)]
#[serde(deny_unknown_fields)]
struct WalkInBody {
    learner: Uuid,
    #[serde(default)]
    reason: Option<String>,
}

/// Lets somebody in who came without a registration, until half an hour after the start; for the session's instructors.
/// Prerequisites are checked. With no seat open they sit beyond the capacity, and are counted apart.
#[utoipa::path(post, path = "/v1/sessions/{id}/walk-ins", operation_id = "walk_in", tag = "attendance", params(("id" = Uuid, Path)), request_body = WalkInBody,
    responses((status = 201, body = RegistrationView), (status = 200, body = RegistrationView), (status = 409, body = ProblemView, content_type = "application/problem+json")))]
async fn walk_in(
    State(app): State<App>,
    caller: Caller,
    Id(session): Id<SessionId>,
    posted: Posted<WalkInBody>,
) -> Result<Response, Problem> {
    let key = posted.key(caller.id);
    let WalkInBody { learner, reason } = posted.body;
    let command = Command::WalkIn { session, learner: PersonId(learner), reason };
    let reply = app.engine.ask(caller.actor(), command, key, caller.correlation).await?;
    answers::claimed(caller.id, &reply)
}

/// Says that a session took place; for its instructors. Everybody's attendance must be marked; whoever attended long enough
/// has completed the course.
#[utoipa::path(post, path = "/v1/sessions/{id}/complete", operation_id = "complete_session", tag = "attendance", params(("id" = Uuid, Path)), request_body = Nothing,
    responses((status = 200, body = SessionView), (status = 409, body = ProblemView, content_type = "application/problem+json", description = "`attendance-unmarked` lists whose")))]
async fn complete(
    State(app): State<App>,
    caller: Caller,
    Id(session): Id<SessionId>,
    posted: Posted<Nothing>,
) -> Result<Response, Problem> {
    let key = posted.key(caller.id);
    changed(&app, &caller, Command::CompleteSession { session }, key).await
}

/// A code that was scanned.
#[derive(Deserialize, ToSchema)]
#[serde(deny_unknown_fields)]
struct CodeBody {
    code: String,
}

/// Checks somebody in by a code: a learner sends the one that is shown in the room, an instructor the one that a learner shows.
#[utoipa::path(post, path = "/v1/sessions/{id}/check-in", operation_id = "check_in", tag = "attendance", params(("id" = Uuid, Path)), request_body = CodeBody,
    responses((status = 200, body = RegistrationView), (status = 409, body = ProblemView, content_type = "application/problem+json", description = "`check-in-refused`: the code is too old, or for something else")))]
async fn check_in(
    State(app): State<App>,
    caller: Caller,
    Id(session): Id<SessionId>,
    posted: Posted<CodeBody>,
) -> Result<Json<RegistrationView>, Problem> {
    let idempotency = posted.key(caller.id);
    let command = match proven(&app, &caller, session, &posted.body.code).await {
        Ok(registration) => Command::CheckIn { registration },
        // A code lasts half a minute: whoever repeats a request later than that still hears what was answered.
        Err(problem) => return recalled(&app, &caller, session, idempotency, problem).await,
    };
    let reply = app.engine.ask(caller.actor(), command, idempotency, caller.correlation).await?;
    Ok(Json(answers::registration(caller.id, &reply)?.1))
}

/// Whose presence a code proves.
async fn proven(
    app: &App,
    caller: &Caller,
    session: SessionId,
    code: &str,
) -> Result<RegistrationId, Problem> {
    let (key, now) = (secret(app)?.session(session), app.engine.ports().clock.now());
    let refused = || Problem::new("check-in-refused", "the code is too old, or not for this session");
    let subject = subject_of(code).ok_or_else(refused)?;
    if subject == session.0 {
        // Whoever is not registered hears so whatever has become of the code: also when they ask again.
        let registration = own(app, caller.id, session).await?;
        return if key.verifies(subject, code, now) { Ok(registration) } else { Err(refused()) };
    }
    access::teach(caller, &visible(app, caller, session).await?)?;
    let registration = RegistrationId(subject);
    if key.registration(registration).verifies(subject, code, now) {
        Ok(registration)
    } else {
        Err(refused())
    }
}

/// What was answered under the key, or else the problem.
async fn recalled(
    app: &App,
    caller: &Caller,
    session: SessionId,
    key: Option<(Key, String)>,
    problem: Problem,
) -> Result<Json<RegistrationView>, Problem> {
    if key.is_none() {
        return Err(problem);
    }
    let command = Command::Recall { session };
    match app.engine.ask(caller.actor(), command, key, caller.correlation).await {
        Ok(reply) => Ok(Json(answers::registration(caller.id, &reply)?.1)),
        Err(Trouble::Refused(Refusal::NotFound { .. })) => Err(problem),
        Err(trouble) => Err(trouble.into()),
    }
}

/// The caller's registration for a session.
async fn own(app: &App, caller: PersonId, session: SessionId) -> Result<RegistrationId, Problem> {
    let ask = ilt_core::desk::Ask { people: [caller].into(), ..ilt_core::desk::Ask::default() };
    let world = app.engine.ports().reads.look(&ask).await?;
    let found = world.registrations.live(caller, session).map(|known| known.id);
    found.ok_or_else(|| Refusal::not_found("registration").into())
}

/// A key for check-in codes, for a device that must work without a network.
#[derive(Serialize, ToSchema)]
struct KeyView {
    /// HMAC-SHA-256 key, in hexadecimal.
    key: String,
    /// A code is `<subject>.<step>.<signature>`: the step counts so many seconds since 1970, the signature is the first 16
    /// bytes of HMAC-SHA-256 over `<subject>.<step>`, in hexadecimal.
    step_seconds: i64,
    /// For so long a code can be used at most.
    valid_seconds: i64,
    /// The subject of this key's codes: the session, or the registration.
    subject: Uuid,
    /// The code of this moment.
    code: String,
}

fn secret(app: &App) -> Result<&CheckInSecret, Problem> {
    app.check_in.as_ref().ok_or_else(|| {
        Problem::new(
            "check-in-refused",
            "this host has no secret for codes: set check_in.secret in its configuration",
        )
    })
}

/// The session's key, for its instructors: their device shows codes to learners, and verifies those of learners by deriving
/// each registration's key (HMAC-SHA-256 of the registration id's 16 bytes).
#[utoipa::path(get, path = "/v1/sessions/{id}/check-in-key", operation_id = "session_check_in_key", tag = "attendance", params(("id" = Uuid, Path)), responses((status = 200, body = KeyView)))]
async fn session_key(
    State(app): State<App>,
    caller: Caller,
    Id(session): Id<SessionId>,
) -> Result<Json<KeyView>, Problem> {
    access::teach(&caller, &visible(&app, &caller, session).await?)?;
    let key = secret(&app)?.session(session);
    Ok(Json(key_view(&app, key, session.0)))
}

/// The registration's key, for its learner: their device shows codes made with it.
#[utoipa::path(get, path = "/v1/registrations/{id}/check-in-key", operation_id = "registration_check_in_key", tag = "attendance", params(("id" = Uuid, Path)), responses((status = 200, body = KeyView)))]
async fn registration_key(
    State(app): State<App>,
    caller: Caller,
    Id(registration): Id<RegistrationId>,
) -> Result<Json<KeyView>, Problem> {
    let (known, _) = visible_registration(&app, &caller, registration).await?;
    if known.learner != caller.id {
        return Err(Refusal::Forbidden {
            needed: "to be the learner: a code proves who is there".to_owned(),
        }
        .into());
    }
    let key = secret(&app)?.session(known.session).registration(registration);
    Ok(Json(key_view(&app, key, registration.0)))
}

fn key_view(app: &App, key: ilt_engine::check_in::Key, subject: Uuid) -> KeyView {
    KeyView {
        key: key.to_string(),
        step_seconds: STEP_SECONDS,
        valid_seconds: 2 * STEP_SECONDS,
        subject,
        code: key.code(subject, app.engine.ports().clock.now()),
    }
}
