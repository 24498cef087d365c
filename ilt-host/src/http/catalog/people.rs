//! People and what they completed.

use std::collections::BTreeMap;

use axum::Json;
use axum::extract::State;
use axum::http::StatusCode;
use axum::response::Response;
use ilt_core::access::{self, Sight};
use ilt_core::catalog::{Completion, Person};
use ilt_core::desk::{Ask, Command, CompletionPicture, Reference, Refusal};
use ilt_core::ids::{CourseId, PersonId};
use ilt_core::ports::{Cursor, PeopleQuery};
use ilt_core::text::folded;
use ilt_core::world::World;
use jiff::Timestamp;
use serde::Deserialize;
use utoipa::{IntoParams, ToSchema};
use utoipa_axum::router::OpenApiRouter;
use utoipa_axum::routes;
use uuid::Uuid;

use crate::http::App;
use crate::http::access::caller::{Admin, Caller};
use crate::http::catalog::reference::save;
use crate::http::contract::words;
use crate::http::views::answers::{self, tagged};
use crate::http::views::{CompletionView, PersonBody, PersonView};
use crate::http::wire::extract::{Id, Params, Patch, Posted};
use crate::http::wire::page::{Limit, Page, cursor, place};
use crate::http::wire::problem::Problem;

pub fn routes() -> OpenApiRouter<App> {
    OpenApiRouter::new()
        .routes(routes!(people, add_person))
        .routes(routes!(person, edit_person))
        .routes(routes!(completions, record_completion))
}

#[derive(Deserialize, IntoParams)]
#[into_params(parameter_in = Query)]
#[serde(deny_unknown_fields)]
struct PeopleParams {
    /// Part of a name or a mail address.
    q: Option<String>,
    /// Only people of this dealer.
    dealer: Option<Uuid>,
    /// 1 to 200; 50 when absent.
    #[serde(default)]
    #[param(value_type = Option<u32>, minimum = 1, maximum = 200)]
    limit: Limit,
    /// The `next` of the page before.
    #[param(schema_with = words::cursor)]
    cursor: Option<String>,
}

/// The people you may see, by name.
#[utoipa::path(get, path = "/v1/people", tag = "people", params(PeopleParams), responses((status = 200, body = Page<PersonView>)))]
async fn people(
    State(app): State<App>,
    caller: Caller,
    Params(params): Params<PeopleParams>,
) -> Result<Json<Page<PersonView>>, Problem> {
    let after: Option<(String, Uuid)> = place(params.cursor.as_deref())?;
    let query = PeopleQuery {
        sight: Sight::of(&caller),
        text: params.q,
        dealer: params.dealer,
        after: after.map(|(value, id)| Cursor { value, id }),
        limit: params.limit.0 + 1,
    };
    let found = app.engine.ports().reads.people(&query).await?;
    let place_of = |person: &Person| cursor(&(folded(&person.name), person.id));
    Ok(Json(Page::of(found, params.limit, place_of, |person| PersonView::from(&person))))
}

/// Somebody the caller may see.
pub async fn visible(app: &App, caller: &Caller, id: PersonId) -> Result<std::sync::Arc<Person>, Problem> {
    let may = |person: &Person| access::over(caller, person).is_ok();
    let person = app.engine.people().looked_for(id, may).await?;
    let person = person.ok_or_else(|| Refusal::not_found("person"))?;
    access::over(caller, &person)?;
    Ok(person)
}

/// One person.
#[utoipa::path(get, path = "/v1/people/{id}", tag = "people", params(("id" = Uuid, Path)), responses((status = 200, body = PersonView)))]
async fn person(State(app): State<App>, caller: Caller, Id(id): Id<PersonId>) -> Result<Response, Problem> {
    let person = visible(&app, &caller, id).await?;
    Ok(tagged(StatusCode::OK, person.version, PersonView::from(&*person)))
}

/// Adds a person; a dealer admin adds those of the dealer.
#[utoipa::path(post, path = "/v1/people", tag = "people", request_body = PersonBody, responses((status = 201, body = PersonView)))]
async fn add_person(
    State(app): State<App>,
    caller: Caller,
    posted: Posted<PersonBody>,
) -> Result<Response, Problem> {
    let (id, key) = (PersonId(app.engine.ports().ids.next()), posted.key(caller.id));
    let command = Command::SavePeople(vec![posted.body.person(id, 0)]);
    Ok(answers::added(&save(&app, &caller, command, key).await?))
}

/// Changes a person: a merge patch, for the version you last saw. A dealer admin changes those of the dealer, who stay there.
#[utoipa::path(patch, path = "/v1/people/{id}", tag = "people", params(("id" = Uuid, Path)), request_body = PersonBody, responses((status = 200, body = PersonView)))]
async fn edit_person(
    State(app): State<App>,
    caller: Caller,
    Id(id): Id<PersonId>,
    patch: Patch,
) -> Result<Response, Problem> {
    // From the store: people that are kept in memory may be some seconds old.
    let ask = Ask { named: [id].into(), ..Ask::default() };
    let world = app.engine.ports().reads.look(&ask).await?;
    let before = world.people.get(&id).ok_or_else(|| Refusal::not_found("person"))?;
    access::manage(&caller, Some(before), before)?;
    let after = patch.onto(&PersonBody::from(before), ("person", before.version))?.person(id, before.version);
    let saved = save(&app, &caller, Command::SavePeople(vec![after]), None).await;
    Ok(answers::changed(&saved.map_err(|problem| patch.lost(problem))?))
}

#[derive(Deserialize, IntoParams)]
#[into_params(parameter_in = Query)]
#[serde(deny_unknown_fields)]
struct CompletionParams {
    /// 1 to 200; 50 when absent.
    #[serde(default)]
    #[param(value_type = Option<u32>, minimum = 1, maximum = 200)]
    limit: Limit,
    /// The `next` of the page before.
    #[param(schema_with = words::cursor)]
    cursor: Option<String>,
}

/// What a person completed, latest first.
#[utoipa::path(get, path = "/v1/people/{id}/completions", tag = "people", params(("id" = Uuid, Path), CompletionParams), responses((status = 200, body = Page<CompletionView>)))]
async fn completions(
    State(app): State<App>,
    caller: Caller,
    Id(id): Id<PersonId>,
    Params(params): Params<CompletionParams>,
) -> Result<Json<Page<CompletionView>>, Problem> {
    visible(&app, &caller, id).await?;
    let before: Option<(Timestamp, CourseId)> = place(params.cursor.as_deref())?;
    let ask = Ask { histories: [id].into(), ..Ask::default() };
    let world = app.engine.ports().reads.look(&ask).await?;
    let now = app.engine.ports().clock.now();
    let place_of = |it: &Completion| (it.completed_at, it.course);
    let mut found = world.completions_of(id).to_vec();
    found.retain(|it| before.is_none_or(|before| place_of(it) < before));
    found.sort_by_key(|it| std::cmp::Reverse(place_of(it)));
    let catalogue = app.engine.catalogue();
    let ends = ends(&world, id);
    let (courses, locations) = (catalogue.courses(), catalogue.locations());
    let reference = Reference { courses, locations, rules: catalogue.rules() };
    let show = |it: Completion| {
        let end = ends.get(&it).copied().flatten();
        CompletionView::of(&CompletionPicture::of(it, end, reference, now), &catalogue)
    };
    Ok(Json(Page::of(found, params.limit, |it| cursor(&place_of(it)), show)))
}

/// When each of a person's completions ends.
fn ends(world: &World, person: PersonId) -> BTreeMap<Completion, Option<Timestamp>> {
    let known = world.completions_of(person);
    let of_courses = known.chunk_by(|one, next| one.course == next.course);
    let ends = of_courses.flat_map(|of_course| of_course.iter().copied().zip(world.book().ends(of_course)));
    ends.collect()
}

#[derive(Deserialize, ToSchema)]
#[serde(deny_unknown_fields)]
struct CompletionBody {
    course: Uuid,
    #[schema(value_type = String, format = DateTime)]
    completed_at: Timestamp,
}

/// Records that a person completed a course.
#[utoipa::path(post, path = "/v1/people/{id}/completions", tag = "people", params(("id" = Uuid, Path)), request_body = CompletionBody, responses((status = 201, body = CompletionView)))]
async fn record_completion(
    State(app): State<App>,
    Admin(caller): Admin,
    Id(person): Id<PersonId>,
    posted: Posted<CompletionBody>,
) -> Result<Response, Problem> {
    app.engine.people().get(person).await?.ok_or_else(|| Refusal::not_found("person"))?;
    let (course, completed_at) = (CourseId(posted.body.course), posted.body.completed_at);
    let completion = Completion { person, course, completed_at };
    let command = Command::RecordCompletions(vec![completion]);
    Ok(answers::added(&save(&app, &caller, command, posted.key(caller.id)).await?))
}
