//! What the desk replied, as it is shown: from the reply alone, so that a repeated request is answered word for word, by whichever
//! host, whatever has happened since.

use axum::Json;
use axum::http::StatusCode;
use axum::http::header::{ETAG, LOCATION};
use axum::response::{IntoResponse, Response};
use ilt_core::desk::{Around, Picture, Reply};
use ilt_core::ids::PersonId;
use ilt_core::registration::Registration;
use serde::Serialize;

use crate::http::plugins::PluginView;
use crate::http::views::{
    CompletionView, CourseView, LocationView, MineView, PersonBrief, PersonView, RegistrationView,
    SessionView,
};
use crate::http::wire::problem::Problem;

/// An answer with the version of what it shows.
pub fn tagged<T: Serialize>(status: StatusCode, version: u64, view: T) -> Response {
    (status, [(ETAG, format!("\"{version}\""))], Json(view)).into_response()
}

/// The answer to making something: where it is, and what it is.
fn made<T: Serialize>(path: &str, version: u64, view: T) -> Response {
    let headers = [(LOCATION, path.to_owned()), (ETAG, format!("\"{version}\""))];
    (StatusCode::CREATED, headers, Json(view)).into_response()
}

/// The answer to making one thing.
pub fn added(picture: &Picture) -> Response {
    match picture {
        Picture::Session { session, .. } => {
            let (id, version) = (session.session.id, session.session.version);
            made(&format!("/v1/sessions/{id}"), version, session_view(picture))
        }
        Picture::Course { course, .. } => {
            made(&format!("/v1/courses/{}", course.id), course.version, course_view(picture))
        }
        Picture::Location(location) => {
            let view = LocationView::from(location);
            made(&format!("/v1/locations/{}", location.id), location.version, view)
        }
        Picture::Person(picture) => {
            let person = picture.person();
            made(&format!("/v1/people/{}", person.id), person.version, PersonView::from(&person))
        }
        Picture::Completion(picture) => {
            let path = format!("/v1/people/{}/completions", picture.completion.person);
            (StatusCode::CREATED, [(LOCATION, path)], Json(CompletionView::from(picture))).into_response()
        }
        Picture::Plugin(plugin) => {
            made(&format!("/v1/plugins/{}", plugin.id), plugin.version, PluginView::from(&**plugin))
        }
    }
}

/// The answer to changing one thing.
pub fn changed(picture: &Picture) -> Response {
    match picture {
        Picture::Session { session, .. } => {
            tagged(StatusCode::OK, session.session.version, session_view(picture))
        }
        Picture::Course { course, .. } => tagged(StatusCode::OK, course.version, course_view(picture)),
        Picture::Location(location) => tagged(StatusCode::OK, location.version, LocationView::from(location)),
        Picture::Person(picture) => {
            let person = picture.person();
            tagged(StatusCode::OK, person.version, PersonView::from(&person))
        }
        Picture::Completion(picture) => Json(CompletionView::from(picture)).into_response(),
        Picture::Plugin(plugin) => tagged(StatusCode::OK, plugin.version, PluginView::from(&**plugin)),
    }
}

fn session_view(picture: &Picture) -> Option<SessionView> {
    let Picture::Session { session, mine, set_aside } = picture else { return None };
    let mine = mine.as_ref().map(|(id, status)| MineView { registration: id.0, status: status.clone() });
    Some(SessionView { mine, reserved_for_you: *set_aside, ..SessionView::from(&**session) })
}

fn course_view(picture: &Picture) -> Option<CourseView> {
    let Picture::Course { course, missing } = picture else { return None };
    let missing = missing.iter().map(Into::into).collect();
    Some(CourseView { id: course.id.0, course: course.into(), missing, version: course.version })
}

/// A registration, and whether this request made it.
pub fn registration(caller: PersonId, reply: &Reply) -> Result<(bool, RegistrationView), Problem> {
    let Reply::Registration { registration, position, fresh, around: Some(around), .. } = reply else {
        return Err(Problem::broken("the desk answered without a registration"));
    };
    Ok((*fresh, registration_view(caller, registration, *position, around)))
}

/// A registration of those that a reply tells of.
pub fn registration_view(
    caller: PersonId,
    registration: &Registration,
    position: Option<u32>,
    around: &Around,
) -> RegistrationView {
    let mut session = SessionView::from(&around.session);
    if registration.learner == caller && registration.status.is_live() {
        session.mine = Some(MineView::from(registration));
    }
    let name = around.names.get(&registration.learner).cloned().unwrap_or_default();
    let learner = PersonBrief { id: registration.learner.0, name };
    RegistrationView::of(registration, position, learner, session)
}

/// The answer to whoever asked for a registration: 201 when this request made it, 200 when it was there.
pub fn claimed(caller: PersonId, reply: &Reply) -> Result<Response, Problem> {
    let (is_fresh, view) = registration(caller, reply)?;
    let status = if is_fresh { StatusCode::CREATED } else { StatusCode::OK };
    Ok((status, [(LOCATION, format!("/v1/registrations/{}", view.id))], Json(view)).into_response())
}
