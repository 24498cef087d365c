//! The journal, for whoever has to know who did what, to whom, when and why.

use std::collections::BTreeSet;

use axum::Json;
use axum::extract::State;
use ilt_core::ids::{PersonId, RegistrationId, SessionId};
use ilt_core::journal::{Actor, Entry};
use ilt_core::ports::EntryQuery;
use jiff::Timestamp;
use serde::{Deserialize, Serialize};
use serde_json::{Map, Value, json};
use utoipa::{IntoParams, ToSchema};
use utoipa_axum::router::OpenApiRouter;
use utoipa_axum::routes;
use uuid::Uuid;

use crate::http::App;
use crate::http::access::caller::Admin;
use crate::http::contract::words;
use crate::http::views::{PersonBrief, SeatsView};
use crate::http::wire::extract::Params;
use crate::http::wire::page::{Limit, Page, cursor, place};
use crate::http::wire::problem::Problem;

pub fn routes() -> OpenApiRouter<App> {
    OpenApiRouter::new().routes(routes!(journal))
}

#[derive(Deserialize, IntoParams)]
#[into_params(parameter_in = Query)]
#[serde(deny_unknown_fields)]
struct About {
    /// Only what this one did: a person's id, or a part of the system such as `system:timer`.
    #[param(schema_with = words::actor)]
    by: Option<String>,
    /// Only what happened to this person.
    learner: Option<Uuid>,
    /// Only what happened to this session.
    session: Option<Uuid>,
    /// Only what happened to this registration.
    registration: Option<Uuid>,
    /// Only what this request caused: its `trace_id`.
    request: Option<Uuid>,
    /// Only what is called so: `registration.confirmed`, or `registration` for all that begins with it.
    #[param(example = "registration.confirmed")]
    what: Option<String>,
    /// Only what happened then or later.
    #[param(value_type = Option<String>, format = DateTime)]
    from: Option<Timestamp>,
    /// Only what happened before.
    #[param(value_type = Option<String>, format = DateTime)]
    to: Option<Timestamp>,
    /// 1 to 200; 50 when absent.
    #[serde(default)]
    #[param(value_type = Option<u32>, minimum = 1, maximum = 200)]
    limit: Limit,
    /// The `next` of the page before.
    #[param(schema_with = words::cursor)]
    cursor: Option<String>,
}

impl About {
    fn query(self) -> Result<EntryQuery, Problem> {
        let unknown = "must be a person's id, or a part of the system such as system:timer";
        let known = |by: &str| actor(by).ok_or_else(|| Problem::unreadable("?by", unknown));
        Ok(EntryQuery {
            actor: self.by.as_deref().map(known).transpose()?,
            learner: self.learner.map(PersonId),
            session: self.session.map(SessionId),
            registration: self.registration.map(RegistrationId),
            correlation: self.request,
            what: self.what,
            from: self.from,
            to: self.to,
            before: place(self.cursor.as_deref())?,
            limit: self.limit.0 + 1,
        })
    }
}

/// Who did something, in the form that the contract gives it.
fn actor(by: &str) -> Option<Actor> {
    let is_name =
        |part: &str| !part.is_empty() && part.bytes().all(|it| it.is_ascii_lowercase() || it == b'-');
    by.parse().ok().filter(|_| by.strip_prefix("system:").is_none_or(is_name))
}

/// Something that happened.
#[derive(Serialize, ToSchema)]
struct JournalEntryView {
    /// Its number: without gaps, in the order of time.
    number: u64,
    #[schema(value_type = String, format = DateTime)]
    at: Timestamp,
    #[schema(example = "registration.confirmed")]
    what: &'static str,
    /// The person who did it; absent where the system did.
    by: Option<PersonBrief>,
    /// The part of the system that did it; absent where a person did.
    by_system: Option<String>,
    /// To whom it happened.
    learner: Option<PersonBrief>,
    session: Option<Uuid>,
    registration: Option<Uuid>,
    /// As whoever did it said.
    why: Option<String>,
    /// What else is known of it, as it was saved.
    #[schema(value_type = Object)]
    facts: Value,
    /// The session's seats afterwards.
    seats: Option<SeatsView>,
    /// The request that caused it; the log calls it by the same id.
    request: Uuid,
}

/// What happened, latest first: by whom, to whom, why.
#[utoipa::path(get, path = "/v1/journal", tag = "journal", params(About), responses((status = 200, body = Page<JournalEntryView>)))]
async fn journal(
    State(app): State<App>,
    _: Admin,
    Params(about): Params<About>,
) -> Result<Json<Page<JournalEntryView>>, Problem> {
    let limit = about.limit;
    let found = app.engine.ports().journal.find(&about.query()?).await?;
    let named: BTreeSet<_> =
        found.iter().flat_map(|entry| [entry.actor.person(), entry.learner]).flatten().collect();
    let people = app.engine.people().several(named).await?;
    let brief = |id: PersonId| PersonBrief::of(id, people.get(&id));
    let show = |entry: Entry| JournalEntryView {
        number: entry.sequence,
        at: entry.at,
        what: entry.event.word(),
        by: entry.actor.person().map(brief),
        by_system: match &entry.actor {
            Actor::Person(_) => None,
            Actor::System(part) => Some(part.clone()),
        },
        learner: entry.learner.map(brief),
        session: entry.session.map(|id| id.0),
        registration: entry.registration.map(|id| id.0),
        facts: facts(&entry),
        why: entry.reason,
        seats: entry.seats.map(SeatsView::from),
        request: entry.correlation,
    };
    Ok(Json(Page::of(found, limit, |entry| cursor(&entry.sequence), show)))
}

/// What an event says of itself; what is no object stands under `items` or `is`.
fn facts(entry: &Entry) -> Value {
    let said = serde_json::to_value(&entry.event).unwrap_or_default();
    let inside = said.as_object().and_then(|it| it.values().next()).cloned();
    match inside {
        None | Some(Value::Null) => Value::Object(Map::new()),
        Some(Value::Object(facts)) => Value::Object(facts),
        Some(Value::Array(items)) => json!({ "items": items }),
        Some(one) => json!({ "is": one }),
    }
}
