//! Live seats: Server-Sent Events that follow the journal.
//!
//! An event's id is its journal number. A listener first subscribes, then reads what it missed from the journal, then follows
//! its subscription; one that falls too far behind reads the journal again. So nothing is missed, and nothing comes twice.

use std::collections::{BTreeSet, VecDeque};
use std::convert::Infallible;
use std::sync::Arc;
use std::time::Duration;

use axum::extract::State;
use axum::http::{HeaderMap, HeaderValue};
use axum::response::IntoResponse;
use axum::response::sse::{Event as Sse, KeepAlive, Sse as SseAnswer};
use ilt_core::access;
use ilt_core::ids::SessionId;
use ilt_core::journal::{Entry, Event};
use serde::Deserialize;
use serde_json::json;
use tokio::sync::broadcast;
use tokio::sync::broadcast::error::RecvError;
use utoipa::IntoParams;
use utoipa_axum::router::OpenApiRouter;
use utoipa_axum::routes;

use crate::http::App;
use crate::http::access::caller::Caller;
use crate::http::contract::words;
use crate::http::views::SeatsView;
use crate::http::wire::extract::Params;
use crate::http::wire::problem::Problem;

/// Sessions that one listener can name.
const MOST_SESSIONS: usize = 200;
/// Entries read from the journal at once.
const PAGE: u32 = 1_000;
/// How often it is looked whether a listener is still known here, at least.
const LOOK: Duration = Duration::from_secs(5);

pub fn routes() -> OpenApiRouter<App> {
    OpenApiRouter::new().routes(routes!(live))
}

#[derive(Deserialize, IntoParams)]
#[into_params(parameter_in = Query)]
#[serde(deny_unknown_fields)]
struct Which {
    /// Session ids, separated by commas; all published sessions when absent.
    #[param(schema_with = words::ids)]
    sessions: Option<String>,
}

/// Seats and plans as they change: events `seats` and `session`.
///
/// `Last-Event-ID` resumes without a gap. An event `reset` says that the journal is not the one that the id was of: read anew what
/// you show. The stream ends with the token that it was asked for with, and with the account of whoever listens.
#[utoipa::path(get, path = "/v1/live", tag = "sessions", params(Which, ("Last-Event-ID" = Option<u64>, Header)), responses((status = 200, content_type = "text/event-stream", body = String)))]
async fn live(
    State(app): State<App>,
    caller: Caller,
    Params(which): Params<Which>,
    headers: HeaderMap,
) -> Result<impl IntoResponse, Problem> {
    let sessions = named(which.sessions.as_deref())?;
    let entries = app.engine.feed().listen();
    let resume = headers.get("last-event-id").map(event_id);
    let mut ready = VecDeque::new();
    let seen = match resume {
        None => app.engine.feed().seen(),
        Some(Some(seen)) => {
            let head = app.engine.ports().journal.head().await?;
            // Of a journal that was set back to an older copy: whoever waits for what comes after it would wait in vain.
            if seen > head {
                ready.push_back(Sse::default().id(head.to_string()).event("reset").data("{}"));
            }
            seen.min(head)
        }
        Some(None) => return Err(Problem::unreadable("Last-Event-ID", "must be the id of an event")),
    };
    // Beginning with a catch-up closes the gap between what was seen and the subscription.
    let listener = Listener { app, caller, sessions, entries, seen, ready, is_behind: true };
    let events = futures::stream::unfold(listener, async |mut listener| {
        Some((Ok::<_, Infallible>(listener.next().await?), listener))
    });
    let alive = KeepAlive::new().interval(Duration::from_secs(15)).text("still here");
    // A proxy that gathers what it passes on would hold each event back until the next ones come.
    Ok(([("x-accel-buffering", "no")], SseAnswer::new(events).keep_alive(alive)))
}

/// A number that the journal can have; nothing for anything else.
fn event_id(value: &HeaderValue) -> Option<u64> {
    let number: u64 = value.to_str().ok()?.parse().ok()?;
    (number <= i64::MAX.unsigned_abs()).then_some(number)
}

fn named(sessions: Option<&str>) -> Result<Option<BTreeSet<SessionId>>, Problem> {
    let Some(list) = sessions else { return Ok(None) };
    let ids: Result<BTreeSet<SessionId>, _> = list.split(',').map(str::parse).collect();
    let ids = ids.map_err(|bad| Problem::unreadable("?sessions", bad.to_string()))?;
    if ids.len() > MOST_SESSIONS {
        return Err(Problem::unreadable("?sessions", format!("at most {MOST_SESSIONS} can be named")));
    }
    Ok(Some(ids))
}

struct Listener {
    app: App,
    caller: Caller,
    sessions: Option<BTreeSet<SessionId>>,
    entries: broadcast::Receiver<Arc<Entry>>,
    seen: u64,
    ready: VecDeque<Sse>,
    is_behind: bool,
}

impl Listener {
    /// The next event; `None` when the host stops, or the listener is no longer known here.
    async fn next(&mut self) -> Option<Sse> {
        loop {
            if !self.caller.is_still_known(&self.app).await {
                return None;
            }
            if let Some(event) = self.ready.pop_front() {
                return Some(event);
            }
            if self.is_behind {
                self.catch_up().await;
                continue;
            }
            tokio::select! {
                () = self.app.engine.stopped() => return None,
                () = tokio::time::sleep(LOOK) => {}
                entry = self.entries.recv() => match entry {
                    Ok(entry) => self.take(&[entry]),
                    Err(RecvError::Lagged(_)) => self.is_behind = true,
                    Err(RecvError::Closed) => return None,
                },
            }
        }
    }

    /// Reads from the journal what was missed.
    async fn catch_up(&mut self) {
        match self.app.engine.ports().journal.after(self.seen, PAGE).await {
            Ok(entries) => {
                self.is_behind = entries.len() == PAGE as usize;
                let entries: Vec<_> = entries.into_iter().map(Arc::new).collect();
                self.take(&entries);
            }
            Err(error) => {
                tracing::warn!(
                    error = &error as &dyn std::error::Error,
                    "a listener could not read the journal"
                );
                tokio::time::sleep(Duration::from_secs(1)).await;
            }
        }
    }

    /// Turns entries into events.
    fn take(&mut self, entries: &[Arc<Entry>]) {
        for entry in entries.iter().filter(|entry| entry.sequence > self.seen) {
            if let Some(session) = entry.session.filter(|id| self.wants(*id)) {
                self.ready.push_back(event(session, entry));
            }
        }
        if let Some(last) = entries.last() {
            self.seen = self.seen.max(last.sequence);
        }
    }

    fn wants(&self, session: SessionId) -> bool {
        let is_known = || {
            let catalogue = self.app.engine.catalogue();
            catalogue.session(session).is_none_or(|it| access::know_of(&self.caller, it))
        };
        self.sessions.as_ref().is_none_or(|named| named.contains(&session)) && is_known()
    }
}

fn event(session: SessionId, entry: &Entry) -> Sse {
    let is_plan = matches!(
        entry.event,
        Event::SessionScheduled(_)
            | Event::SessionChanged(_)
            | Event::SessionPublished
            | Event::SessionCancelled
            | Event::SessionCompleted
    );
    let seats = entry.seats.map(SeatsView::from);
    let data = json!({ "session": session, "seats": seats, "what": entry.event.word(), "at": entry.at });
    let name = if is_plan { "session" } else { "seats" };
    Sse::default().id(entry.sequence.to_string()).event(name).data(data.to_string())
}
