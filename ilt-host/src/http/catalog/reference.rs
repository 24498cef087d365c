//! Courses and locations.

use axum::Json;
use axum::extract::State;
use axum::http::StatusCode;
use axum::response::Response;
use ilt_core::catalog::{Course, Location, ProgrammeType};
use ilt_core::desk::{Ask, Command, Key, Picture, Refusal, Reply};
use ilt_core::ids::{CourseId, LocationId};
use ilt_core::text::folded;
use serde::Deserialize;
use utoipa::IntoParams;
use utoipa_axum::router::OpenApiRouter;
use utoipa_axum::routes;
use uuid::Uuid;

use crate::http::App;
use crate::http::access::caller::{Admin, Caller};
use crate::http::contract::words;
use crate::http::views::answers::{self, tagged};
use crate::http::views::{CourseBody, CourseView, LocationBody, LocationView};
use crate::http::wire::extract::{Id, Params, Patch, Posted};
use crate::http::wire::page::{Limit, Page, cursor, place};
use crate::http::wire::problem::Problem;
use ilt_engine::Trouble;
use ilt_engine::alternatives::Facts;

pub fn routes() -> OpenApiRouter<App> {
    OpenApiRouter::new()
        .routes(routes!(courses, add_course))
        .routes(routes!(course, edit_course))
        .routes(routes!(locations, add_location))
        .routes(routes!(location, edit_location))
}

/// Has one thing saved, and answers what it is then.
pub async fn save(
    app: &App,
    caller: &Caller,
    command: Command,
    key: Option<(Key, String)>,
) -> Result<Picture, Problem> {
    let reply = app.engine.ask(caller.actor(), command, key, caller.correlation).await.map_err(as_in_body)?;
    app.engine.feed().wait_for(app.engine.feed().committed()).await;
    match reply {
        Reply::Saved { picture: Some(picture), .. } => Ok(*picture),
        Reply::Saved { picture: None, .. }
        | Reply::Registration { .. }
        | Reply::Group { .. }
        | Reply::Marked { .. }
        | Reply::Helped(_)
        | Reply::Done => Err(Problem::broken("the desk answered without what was saved")),
    }
}

/// The desk names fields as files do; here two of them have other names.
pub fn as_in_body(trouble: Trouble) -> Problem {
    const NAMES: [(&str, &str); 2] = [("/validity", "/validity_months"), ("/completed_on", "/completed_at")];
    match trouble {
        Trouble::Refused(Refusal::InvalidRequest { mut fields }) => {
            for field in &mut fields {
                if let Some((_, here)) = NAMES.iter().find(|(there, _)| field.pointer == *there) {
                    (*here).clone_into(&mut field.pointer);
                }
            }
            Refusal::InvalidRequest { fields }.into()
        }
        other => other.into(),
    }
}

#[derive(Deserialize, IntoParams)]
#[into_params(parameter_in = Query)]
#[serde(deny_unknown_fields)]
struct WhichCourses {
    /// 1 to 200; 50 when absent.
    #[serde(default)]
    #[param(value_type = Option<u32>, minimum = 1, maximum = 200)]
    limit: Limit,
    /// The `next` of the page before.
    #[param(schema_with = words::cursor)]
    cursor: Option<String>,
    /// Part of the title.
    q: Option<String>,
    /// Only courses of this programme type.
    #[param(value_type = Option<words::ProgrammeType>, inline)]
    programme_type: Option<ProgrammeType>,
}

#[derive(Deserialize, IntoParams)]
#[into_params(parameter_in = Query)]
#[serde(deny_unknown_fields)]
struct WhichLocations {
    /// 1 to 200; 50 when absent.
    #[serde(default)]
    #[param(value_type = Option<u32>, minimum = 1, maximum = 200)]
    limit: Limit,
    /// The `next` of the page before.
    #[param(schema_with = words::cursor)]
    cursor: Option<String>,
    /// Part of the name or the city.
    q: Option<String>,
}

/// Whether a text holds what is looked for, whatever their case and accents; `q` is folded once for all of them.
fn finder(q: Option<&String>) -> impl Fn(&str) -> bool {
    let wanted = q.map(|q| folded(q));
    move |text| wanted.as_ref().is_none_or(|wanted| folded(text).contains(wanted))
}

/// The course as the caller sees it.
fn shown(course: &Course, facts: Option<&Facts>, app: &App) -> CourseView {
    let missing = facts.map(|facts| facts.missing(course.id, app.engine.ports().clock.now()));
    let missing = missing.unwrap_or_default().iter().map(Into::into).collect();
    CourseView { id: course.id.0, course: course.into(), missing, version: course.version }
}

/// Courses, by title; for each, what you would have to complete first.
#[utoipa::path(get, path = "/v1/courses", tag = "catalogue", params(WhichCourses), responses((status = 200, body = Page<CourseView>)))]
async fn courses(
    State(app): State<App>,
    caller: Caller,
    Params(which): Params<WhichCourses>,
) -> Result<Json<Page<CourseView>>, Problem> {
    let after: Option<(String, Uuid)> = place(which.cursor.as_deref())?;
    let facts = caller.facts(&app).await?;
    let all = app.engine.catalogue().courses().clone();
    let finds = finder(which.q.as_ref());
    let place_of = |course: &&Course| (course.title.clone(), course.id.0);
    let mut found: Vec<_> = all
        .values()
        .filter(|course| {
            finds(&course.title) && which.programme_type.is_none_or(|kind| course.programme_type == kind)
        })
        .filter(|course| after.as_ref().is_none_or(|after| place_of(course) > *after))
        .collect();
    found.sort_by_key(place_of);
    let page = Page::of(
        found,
        which.limit,
        |it| cursor(&place_of(it)),
        |course| shown(course, facts.as_ref(), &app),
    );
    Ok(Json(page))
}

fn find_course(app: &App, id: CourseId) -> Result<Course, Problem> {
    let found = app.engine.catalogue().courses().get(&id).cloned();
    found.ok_or_else(|| Refusal::not_found("course").into())
}

/// One course.
#[utoipa::path(get, path = "/v1/courses/{id}", tag = "catalogue", params(("id" = Uuid, Path)), responses((status = 200, body = CourseView)))]
async fn course(State(app): State<App>, caller: Caller, Id(id): Id<CourseId>) -> Result<Response, Problem> {
    let course = find_course(&app, id)?;
    let facts = caller.facts(&app).await?;
    Ok(tagged(StatusCode::OK, course.version, shown(&course, facts.as_ref(), &app)))
}

/// Adds a course.
#[utoipa::path(post, path = "/v1/courses", tag = "catalogue", request_body = CourseBody, responses((status = 201, body = CourseView)))]
async fn add_course(
    State(app): State<App>,
    Admin(caller): Admin,
    posted: Posted<CourseBody>,
) -> Result<Response, Problem> {
    let (id, key) = (CourseId(app.engine.ports().ids.next()), posted.key(caller.id));
    let command = Command::SaveCourses(vec![posted.body.course(id, 0)]);
    Ok(answers::added(&save(&app, &caller, command, key).await?))
}

/// Changes a course: a merge patch, for the version you last saw.
#[utoipa::path(patch, path = "/v1/courses/{id}", tag = "catalogue", params(("id" = Uuid, Path)), request_body = CourseBody, responses((status = 200, body = CourseView)))]
async fn edit_course(
    State(app): State<App>,
    Admin(caller): Admin,
    Id(id): Id<CourseId>,
    patch: Patch,
) -> Result<Response, Problem> {
    // From the store: the catalogue of this host may be a moment behind.
    let ask = Ask { courses: [id].into(), ..Ask::default() };
    let world = app.engine.ports().reads.look(&ask).await?;
    let before = world.courses.get(&id).ok_or_else(|| Refusal::not_found("course"))?;
    let after = patch.onto(&CourseBody::from(before), ("course", before.version))?.course(id, before.version);
    let saved = save(&app, &caller, Command::SaveCourses(vec![after]), None).await;
    Ok(answers::changed(&saved.map_err(|problem| patch.lost(problem))?))
}

/// Locations, by name.
#[utoipa::path(get, path = "/v1/locations", tag = "catalogue", params(WhichLocations), responses((status = 200, body = Page<LocationView>)))]
async fn locations(
    State(app): State<App>,
    _caller: Caller,
    Params(which): Params<WhichLocations>,
) -> Result<Json<Page<LocationView>>, Problem> {
    let after: Option<(String, Uuid)> = place(which.cursor.as_deref())?;
    let all = app.engine.catalogue().locations().clone();
    let finds = finder(which.q.as_ref());
    let place_of = |location: &&Location| (location.name.clone(), location.id.0);
    let mut found: Vec<_> = all
        .values()
        .filter(|location| finds(&format!("{} {}", location.name, location.city)))
        .filter(|location| after.as_ref().is_none_or(|after| place_of(location) > *after))
        .collect();
    found.sort_by_key(place_of);
    Ok(Json(Page::of(found, which.limit, |it| cursor(&place_of(it)), LocationView::from)))
}

fn find_location(app: &App, id: LocationId) -> Result<Location, Problem> {
    let found = app.engine.catalogue().locations().get(&id).cloned();
    found.ok_or_else(|| Refusal::not_found("location").into())
}

/// One location.
#[utoipa::path(get, path = "/v1/locations/{id}", tag = "catalogue", params(("id" = Uuid, Path)), responses((status = 200, body = LocationView)))]
async fn location(
    State(app): State<App>,
    _caller: Caller,
    Id(id): Id<LocationId>,
) -> Result<Response, Problem> {
    let location = find_location(&app, id)?;
    Ok(tagged(StatusCode::OK, location.version, LocationView::from(&location)))
}

/// Adds a location.
#[utoipa::path(post, path = "/v1/locations", tag = "catalogue", request_body = LocationBody, responses((status = 201, body = LocationView)))]
async fn add_location(
    State(app): State<App>,
    Admin(caller): Admin,
    posted: Posted<LocationBody>,
) -> Result<Response, Problem> {
    let (id, key) = (LocationId(app.engine.ports().ids.next()), posted.key(caller.id));
    let command = Command::SaveLocations(vec![posted.body.location(id, 0)]);
    Ok(answers::added(&save(&app, &caller, command, key).await?))
}

/// Changes a location: a merge patch, for the version you last saw.
#[utoipa::path(patch, path = "/v1/locations/{id}", tag = "catalogue", params(("id" = Uuid, Path)), request_body = LocationBody, responses((status = 200, body = LocationView)))]
async fn edit_location(
    State(app): State<App>,
    Admin(caller): Admin,
    Id(id): Id<LocationId>,
    patch: Patch,
) -> Result<Response, Problem> {
    let ask = Ask { locations: [id].into(), ..Ask::default() };
    let world = app.engine.ports().reads.look(&ask).await?;
    let before = world.locations.get(&id).ok_or_else(|| Refusal::not_found("location"))?;
    let after =
        patch.onto(&LocationBody::from(before), ("location", before.version))?.location(id, before.version);
    let saved = save(&app, &caller, Command::SaveLocations(vec![after]), None).await;
    Ok(answers::changed(&saved.map_err(|problem| patch.lost(problem))?))
}
