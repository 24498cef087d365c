//! Who the caller is.

use axum::Json;
use axum::extract::State;
use serde::Serialize;
use utoipa::ToSchema;
use utoipa_axum::router::OpenApiRouter;
use utoipa_axum::routes;
use uuid::Uuid;

use super::App;
use super::caller::Caller;
use super::problem::Problem;
use super::views::PersonView;

pub fn routes() -> OpenApiRouter<App> {
    OpenApiRouter::new().routes(routes!(me))
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
