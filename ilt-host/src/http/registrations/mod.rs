//! Registering, cancelling, offers, alternatives, rosters.

mod alternatives;
mod approval;
mod claim;
mod group;
mod hand_on;
mod help;
mod list;
mod roster;

use ilt_core::ids::{PersonId, SessionId};
use ilt_core::registration::Registration;
use ilt_core::session::{Seats, Session};
use utoipa_axum::router::OpenApiRouter;
use utoipa_axum::routes;

use super::App;
use super::problem::Problem;
use super::views::{MineView, PersonBrief, RegistrationView, SessionView, Shower};

pub use claim::Nothing;
pub use list::visible;

pub fn routes() -> OpenApiRouter<App> {
    OpenApiRouter::new()
        .routes(routes!(claim::register))
        .routes(routes!(list::registrations))
        .routes(routes!(list::registration))
        .routes(routes!(claim::cancel))
        .routes(routes!(claim::accept))
        .routes(routes!(claim::decline))
        .routes(routes!(claim::resume))
        .routes(routes!(claim::prioritise))
        .routes(routes!(approval::approve))
        .routes(routes!(approval::decline))
        .routes(routes!(group::register_group))
        .routes(routes!(hand_on::swap))
        .routes(routes!(hand_on::transfer))
        .routes(routes!(hand_on::substitute))
        .routes(routes!(alternatives::alternatives))
        .routes(routes!(alternatives::take))
        .routes(routes!(roster::roster))
}

/// The name of a person, as far as they are known.
async fn brief(app: &App, id: PersonId) -> Result<PersonBrief, Problem> {
    Ok(PersonBrief::of(id, app.engine.people().get(id).await?.as_ref()))
}

/// A session from the catalogue, else from the store.
async fn session_of(app: &App, id: SessionId) -> Result<Option<Session>, Problem> {
    let known = app.engine.catalogue().session(id).cloned();
    match known {
        Some(session) => Ok(Some(session)),
        None => Ok(app.engine.ports().reads.sessions(&[id]).await?.pop()),
    }
}

/// The session of a registration; `seats` are its seats when they are known better.
async fn session_shown(app: &App, id: SessionId, seats: Option<Seats>) -> Result<SessionView, Problem> {
    let session = session_of(app, id).await?;
    let mut session = session.ok_or_else(|| Problem::broken("a registration's session is missing"))?;
    session.seats = seats.unwrap_or(session.seats);
    Ok(Shower::of(&app.engine, &[&session]).await?.show(&session))
}

/// A registration as the caller sees it; `seats` are those of its session when they are known better.
async fn view(
    app: &App,
    caller: PersonId,
    registration: &Registration,
    position: Option<u32>,
    seats: Option<Seats>,
) -> Result<RegistrationView, Problem> {
    let mut shown = session_shown(app, registration.session, seats).await?;
    if registration.learner == caller && registration.status.is_live() {
        shown.mine = Some(MineView::from(registration));
    }
    Ok(RegistrationView::of(registration, position, brief(app, registration.learner).await?, shown))
}
