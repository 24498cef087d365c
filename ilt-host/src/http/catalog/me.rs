//! Who the caller is, and what they would rather have.

use axum::Json;
use axum::extract::State;
use axum::http::StatusCode;
use axum::response::Response;
use ilt_core::catalog::Person;
use ilt_core::desk::{Ask, Command, Picture, Refusal};
use ilt_core::ids::PersonId;
use serde::Serialize;
use utoipa::ToSchema;
use utoipa_axum::router::OpenApiRouter;
use utoipa_axum::routes;
use uuid::Uuid;

use crate::http::App;
use crate::http::access::caller::Caller;
use crate::http::catalog::reference::save;
use crate::http::views::answers::tagged;
use crate::http::views::{OwnBody, PersonView};
use crate::http::wire::extract::Patch;
use crate::http::wire::problem::Problem;

pub fn routes() -> OpenApiRouter<App> {
    OpenApiRouter::new().routes(routes!(me)).routes(routes!(own, edit_own))
}

#[derive(Serialize, ToSchema)]
struct DealerBrief {
    id: Uuid,
    name: String,
    group: Option<String>,
    region: Option<String>,
    city: String,
}

/// The caller, with everything that decides what they may do.
#[derive(Serialize, ToSchema)]
struct MeView {
    #[serde(flatten)]
    person: PersonView,
    dealer_details: Option<DealerBrief>,
}

/// Who you are: roles with scopes, dealer, preferences.
#[utoipa::path(get, path = "/v1/me", tag = "people", responses((status = 200, body = MeView)))]
async fn me(State(app): State<App>, caller: Caller) -> Result<Json<MeView>, Problem> {
    let catalogue = app.engine.catalogue();
    let dealer = caller.dealer.and_then(|id| catalogue.dealers().get(&id));
    let dealer_details = dealer.map(|dealer| DealerBrief {
        id: dealer.id.0,
        name: dealer.name.clone(),
        group: dealer.group.clone(),
        region: dealer.region.clone(),
        city: dealer.city.clone(),
    });
    Ok(Json(MeView { person: (&*caller).into(), dealer_details }))
}

/// What the caller would rather have.
#[derive(Serialize, ToSchema)]
struct OwnView {
    #[serde(flatten)]
    own: OwnBody,
    /// Raised by one with every change of the person.
    version: u64,
}

/// Somebody as the store has them: people that are kept in memory may be some seconds old.
async fn stored(app: &App, id: PersonId) -> Result<Person, Problem> {
    let ask = Ask { named: [id].into(), ..Ask::default() };
    let world = app.engine.ports().reads.look(&ask).await?;
    Ok(world.people.get(&id).cloned().ok_or_else(|| Refusal::not_found("person"))?)
}

fn shown(person: &Person) -> Response {
    let view = OwnView { own: person.into(), version: person.version };
    tagged(StatusCode::OK, person.version, view)
}

/// Where, when and about what you would rather be trained, and how you are told.
#[utoipa::path(get, path = "/v1/me/preferences", tag = "people", responses((status = 200, body = OwnView)))]
async fn own(State(app): State<App>, caller: Caller) -> Result<Response, Problem> {
    Ok(shown(&stored(&app, caller.id).await?))
}

/// Changes what you would rather have: a merge patch, for the version you last saw.
#[utoipa::path(patch, path = "/v1/me/preferences", tag = "people", request_body = OwnBody, responses((status = 200, body = OwnView)))]
async fn edit_own(State(app): State<App>, caller: Caller, patch: Patch) -> Result<Response, Problem> {
    let before = stored(&app, caller.id).await?;
    let after = patch.onto(&OwnBody::from(&before), ("person", before.version))?;
    let zone = after.zone.clone();
    let command =
        Command::SavePreferences { preferences: after.preferences(), zone, version: before.version };
    match save(&app, &caller, command, None).await.map_err(|problem| patch.lost(problem))? {
        Picture::Person(picture) => Ok(shown(&picture.person())),
        _ => Err(Problem::broken("the desk answered without the person")),
    }
}
