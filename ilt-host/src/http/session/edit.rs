//! Planning, publishing and cancelling sessions.

use axum::extract::State;
use axum::response::Response;
use ilt_core::desk::{Command, Displaced, PartPlan, SessionPlan};
use ilt_core::ids::{CourseId, LocationId, PersonId, RegistrationId, SessionId};
use ilt_core::schedule::{self, Zone};
use ilt_core::session::Session;
use jiff::SignedDuration;
use jiff::civil::DateTime;
use serde::de::Error as _;
use serde::{Deserialize, Deserializer, Serialize};
use utoipa::ToSchema;
use uuid::Uuid;

use crate::http::App;
use crate::http::access::caller::Admin;
use crate::http::calendars::beside_own_calendars;
use crate::http::catalog::reference::save;
use crate::http::contract::words;
use crate::http::session::{changed, visible};
use crate::http::views::SessionView;
use crate::http::views::answers;
use crate::http::wire::extract::{Id, Patch, Posted};
use crate::http::wire::problem::Problem;

/// One part, as people say it.
#[derive(Serialize, Deserialize, ToSchema)]
#[serde(deny_unknown_fields)]
pub struct PartBody {
    /// Wall clock, without an offset.
    #[schema(value_type = words::WallClock)]
    #[serde(deserialize_with = "wall_clock")]
    starts: DateTime,
    /// Whose wall clock; the location's when absent.
    #[serde(default)]
    #[schema(value_type = Option<words::ZoneName>)]
    zone: Option<Zone>,
    #[schema(value_type = words::Length)]
    length: SignedDuration,
    #[serde(default)]
    room: String,
}

/// What can be said of a session.
#[derive(Serialize, Deserialize, ToSchema)]
#[serde(deny_unknown_fields)]
pub struct SessionBody {
    course: Uuid,
    location: Uuid,
    parts: Vec<PartBody>,
    #[serde(default)]
    instructors: Vec<Uuid>,
    capacity: u32,
    #[serde(default)]
    minimum: u32,
    #[serde(default = "yes")]
    waitlist: bool,
    /// Why an instructor or a room is booked twice, when it is; not kept with the session, but in its journal.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    override_reason: Option<String>,
}

fn wall_clock<'de, D: Deserializer<'de>>(text: D) -> Result<DateTime, D::Error> {
    schedule::wall_clock(&String::deserialize(text)?).map_err(D::Error::custom)
}

fn yes() -> bool {
    true
}

impl SessionBody {
    fn plan(self, id: SessionId, version: Option<u64>) -> SessionPlan {
        let part = |part: PartBody| PartPlan {
            starts: part.starts,
            zone: part.zone,
            length: part.length,
            room: part.room,
        };
        SessionPlan {
            id,
            course: CourseId(self.course),
            location: LocationId(self.location),
            parts: self.parts.into_iter().map(part).collect(),
            instructors: self.instructors.into_iter().map(PersonId).collect(),
            capacity: self.capacity,
            minimum: self.minimum,
            waitlist: self.waitlist,
            status: None,
            override_reason: self.override_reason,
            version,
            busy: Vec::new(),
        }
    }
}

impl SessionBody {
    /// A session as somebody would say it. A zone that is its location's goes without saying: elsewhere the same wall clock is
    /// that of the new location.
    fn of(session: &Session, at_location: Option<&Zone>) -> Self {
        let part = |part: &ilt_core::schedule::Part| PartBody {
            starts: part.starts,
            zone: Some(part.zone.clone()).filter(|zone| Some(zone) != at_location),
            length: part.length,
            room: part.room.clone(),
        };
        Self {
            course: session.course.0,
            location: session.location.0,
            parts: session.parts.iter().map(part).collect(),
            instructors: session.instructors.iter().map(|id| id.0).collect(),
            capacity: session.seats.capacity,
            minimum: session.minimum,
            waitlist: session.waitlist,
            override_reason: None,
        }
    }
}

/// Plans a session, as a draft.
#[utoipa::path(post, path = "/v1/sessions", tag = "sessions", request_body = SessionBody, responses((status = 201, body = SessionView)))]
pub async fn add_session(
    State(app): State<App>,
    Admin(caller): Admin,
    posted: Posted<SessionBody>,
) -> Result<Response, Problem> {
    let (id, key) = (SessionId(app.engine.ports().ids.next()), posted.key(caller.id));
    let plan = beside_own_calendars(&app, posted.body.plan(id, None)).await;
    let command = Command::SaveSessions { plans: vec![plan], historic: false };
    Ok(answers::added(&save(&app, &caller, command, key).await?))
}

/// Changes a session's plan: a merge patch, for the version you last saw.
#[utoipa::path(patch, path = "/v1/sessions/{id}", tag = "sessions", params(("id" = Uuid, Path)), request_body = SessionBody, responses((status = 200, body = SessionView)))]
pub async fn edit_session(
    State(app): State<App>,
    Admin(caller): Admin,
    Id(id): Id<SessionId>,
    patch: Patch,
) -> Result<Response, Problem> {
    let before = visible(&app, &caller, id).await?;
    let zone = app.engine.catalogue().locations().get(&before.location).map(|location| location.zone.clone());
    let said = SessionBody::of(&before, zone.as_ref());
    let plan = patch.onto(&said, ("session", before.version))?.plan(id, Some(before.version));
    let plan = beside_own_calendars(&app, plan).await;
    let command = Command::SaveSessions { plans: vec![plan], historic: false };
    changed(&app, &caller, command, None).await.map_err(|problem| patch.lost(problem))
}

#[derive(Deserialize, ToSchema)]
#[serde(deny_unknown_fields)]
pub struct PublishBody {
    /// The version you last saw; absent for whatever it is.
    #[serde(default)]
    version: Option<u64>,
}

/// Opens a session to learners.
#[utoipa::path(post, path = "/v1/sessions/{id}/publish", operation_id = "publish_session", tag = "sessions", params(("id" = Uuid, Path)), request_body = PublishBody, responses((status = 200, body = SessionView)))]
pub async fn publish(
    State(app): State<App>,
    Admin(caller): Admin,
    Id(id): Id<SessionId>,
    posted: Posted<PublishBody>,
) -> Result<Response, Problem> {
    let command = Command::PublishSession { session: id, version: posted.body.version };
    changed(&app, &caller, command, posted.key(caller.id)).await
}

#[derive(Deserialize, ToSchema)]
#[serde(deny_unknown_fields)]
pub struct CallOffBody {
    /// What learners are told.
    reason: String,
}

/// Calls a session off. Nobody is counted late, and everybody who was registered is shown up to three others, worked out
/// for all of them together: see `alternatives` of their registrations.
#[utoipa::path(post, path = "/v1/sessions/{id}/cancel", operation_id = "cancel_session", tag = "sessions", params(("id" = Uuid, Path)), request_body = CallOffBody, responses((status = 200, body = SessionView)))]
pub async fn cancel(
    State(app): State<App>,
    Admin(caller): Admin,
    Id(id): Id<SessionId>,
    posted: Posted<CallOffBody>,
) -> Result<Response, Problem> {
    let key = posted.key(caller.id);
    let (reason, proposals) = (posted.body.reason, app.engine.rebooking(id).await?);
    changed(&app, &caller, Command::CancelSession { session: id, reason, proposals }, key).await
}

/// Somebody who has to go when a session has fewer seats.
#[derive(Deserialize, ToSchema)]
#[serde(deny_unknown_fields)]
pub struct DisplacedBody {
    /// Whose registration.
    registration: Uuid,
    /// To which session; nowhere when absent.
    #[serde(default)]
    to: Option<Uuid>,
}

/// How many seats there are to be.
#[derive(Deserialize, ToSchema)]
#[serde(deny_unknown_fields)]
pub struct ResizeBody {
    capacity: u32,
    /// Who goes, and where to, when more seats are taken.
    #[serde(default)]
    displaced: Vec<DisplacedBody>,
    /// What those who go are told.
    #[serde(default)]
    reason: Option<String>,
    /// The version you last saw; absent for whatever it is.
    #[serde(default)]
    version: Option<u64>,
}

/// Changes how many seats a session has: below what is taken only when it is said who goes, and where to.
#[utoipa::path(post, path = "/v1/sessions/{id}/capacity", operation_id = "resize_session", tag = "sessions", params(("id" = Uuid, Path)), request_body = ResizeBody, responses((status = 200, body = SessionView)))]
pub async fn resize(
    State(app): State<App>,
    Admin(caller): Admin,
    Id(session): Id<SessionId>,
    posted: Posted<ResizeBody>,
) -> Result<Response, Problem> {
    let key = posted.key(caller.id);
    let ResizeBody { capacity, displaced, reason, version } = posted.body;
    let one = |it: DisplacedBody| Displaced {
        registration: RegistrationId(it.registration),
        to: it.to.map(SessionId),
    };
    let displaced = displaced.into_iter().map(one).collect();
    let command = Command::Resize { session, capacity, displaced, reason, version };
    changed(&app, &caller, command, key).await
}
