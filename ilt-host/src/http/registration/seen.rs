//! A registration as whoever asks may see it.

use ilt_core::access::Sight;
use ilt_core::desk::Refusal;
use ilt_core::ids::{PersonId, RegistrationId, SessionId};
use ilt_core::registration::Registration;
use ilt_core::session::{Seats, Session};

use crate::http::App;
use crate::http::access::caller::Caller;
use crate::http::views::{MineView, PersonBrief, RegistrationView, SessionView, Shower};
use crate::http::wire::problem::Problem;

/// A registration that the caller may see, with its place in the queue.
pub async fn visible(
    app: &App,
    caller: &Caller,
    id: RegistrationId,
) -> Result<(Registration, Option<u32>), Problem> {
    let missing = || Problem::from(Refusal::not_found("registration"));
    let found = app.engine.ports().reads.registration(id).await?.ok_or_else(missing)?;
    let learner = app.engine.people().get(found.0.learner).await?.ok_or_else(missing)?;
    if Sight::of(caller).reaches(&learner) { Ok(found) } else { Err(missing()) }
}

/// The name of a person, as far as they are known.
pub async fn brief(app: &App, id: PersonId) -> Result<PersonBrief, Problem> {
    Ok(PersonBrief::of(id, app.engine.people().get(id).await?.as_ref()))
}

/// A session from the catalogue, else from the store.
pub async fn session_of(app: &App, id: SessionId) -> Result<Option<Session>, Problem> {
    let known = app.engine.catalogue().session(id).cloned();
    match known {
        Some(session) => Ok(Some(session)),
        None => Ok(app.engine.ports().reads.sessions(&[id]).await?.pop()),
    }
}

/// The session of a registration; `seats` are its seats when they are known better.
pub async fn session_shown(app: &App, id: SessionId, seats: Option<Seats>) -> Result<SessionView, Problem> {
    let session = session_of(app, id).await?;
    let mut session = session.ok_or_else(|| Problem::broken("a registration's session is missing"))?;
    session.seats = seats.unwrap_or(session.seats);
    Ok(Shower::of(&app.engine, &[&session]).await?.show(&session))
}

/// A registration as the caller sees it; `seats` are those of its session when they are known better.
pub async fn view(
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
