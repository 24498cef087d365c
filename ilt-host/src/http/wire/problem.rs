//! Faults as problem documents (RFC 9457), from one table.

use axum::Json;
use axum::http::header::{CONTENT_TYPE, RETRY_AFTER};
use axum::http::{HeaderValue, StatusCode};
use axum::response::{IntoResponse, Response};
use ilt_core::desk::Refusal;
use ilt_core::fault::{Fault, FieldProblem};
use ilt_core::ports::StoreError;
use serde::Serialize;
use serde_json::{Map, Value, json};
use utoipa::ToSchema;

use ilt_engine::Trouble;

/// One row of the table: code, status, title, what to do about it.
pub type Row = (&'static str, u16, &'static str, &'static str);

/// Fields that one problem tells of. Whoever looks for what is wrong may stop at one more.
pub const MOST_TOLD: usize = 50;

/// Every problem there is. Codes are never reworded.
pub const TABLE: [Row; 41] = [
    (
        "invalid-request",
        422,
        "The request is not valid",
        "Each entry of `fields` names a field and what is wrong with it.",
    ),
    (
        "unauthenticated",
        401,
        "Who are you?",
        "Send a valid token: `Authorization: Bearer …`. Tokens expire; get a new one.",
    ),
    (
        "unsigned",
        401,
        "It is not signed by whom it should be",
        "Set the same secret on both sides. A host registers its webhooks with its own by itself.",
    ),
    ("forbidden", 403, "Not allowed", "Ask somebody who holds the role that `detail` names."),
    (
        "not-found",
        404,
        "Not found",
        "Check the id. What you may not see looks the same as what does not exist.",
    ),
    (
        "session-full",
        409,
        "The session is full",
        "Take one of `alternatives`, or ask again with `on_full: waitlist`.",
    ),
    (
        "group-refused",
        409,
        "Not everybody of the group can be registered",
        "`refused` says who cannot, and why. Nobody was registered; ask again without them.",
    ),
    (
        "group-too-large",
        409,
        "There are not seats enough for the group",
        "The group stays in line until there are.",
    ),
    (
        "group-held-up",
        409,
        "Somebody of the group cannot take a seat",
        "The group stays in line; whoever leaves it no longer holds it up.",
    ),
    (
        "dealer-cap-reached",
        409,
        "Your dealer has its share of this session",
        "Wait until a colleague gives a seat back, or choose another session; `alternatives` has some.",
    ),
    (
        "double-booked",
        409,
        "An instructor or a room is taken",
        "`conflicts` lists the other sessions, and what is in instructors' own calendars. Choose another time or room, or say in `override_reason` why it is right.",
    ),
    ("registration-not-open", 409, "Registration has not opened", "Wait until the session is published."),
    (
        "registration-closed",
        409,
        "Registration has closed",
        "Choose a later session; `alternatives` has some.",
    ),
    (
        "session-cancelled",
        409,
        "The session was cancelled",
        "Choose another session; `alternatives` has some.",
    ),
    (
        "prerequisites-missing",
        409,
        "Courses must be completed first",
        "`missing` lists them, `sessions` where they can be taken.",
    ),
    (
        "prerequisites-unknown",
        409,
        "It could not be found out whether courses were completed elsewhere",
        "Try again in a minute, with the same key if you like; `missing` lists them.",
    ),
    (
        "clash",
        409,
        "It clashes with another session",
        "`with` lists what is in the way, travel time included.",
    ),
    (
        "already-cancelled",
        409,
        "It is already cancelled",
        "Nothing to do. Register again if you want the seat back.",
    ),
    (
        "not-confirmed",
        409,
        "There is no seat to hand on",
        "Only a confirmed seat can be moved to another session or given to somebody else. Leave the queue, or answer the offer, first.",
    ),
    (
        "not-waiting",
        409,
        "It is no place in a waitlist",
        "Only one who waits can be let before others. Look where the registration is now.",
    ),
    (
        "not-requested",
        409,
        "There is no request to decide",
        "It was decided before, taken back, or needs no approval. Look where the registration is now.",
    ),
    (
        "attendance-not-open",
        409,
        "It is too early",
        "Attendance opens shortly before the start: see `opens_at`.",
    ),
    (
        "attendance-unmarked",
        409,
        "Attendance is not marked",
        "Mark each of `registrations` first: nobody is a no-show because nobody looked.",
    ),
    (
        "check-in-refused",
        409,
        "This code does not check anybody in",
        "Codes last half a minute. Scan the one that is shown now, in the session you are registered for.",
    ),
    (
        "late-cancellation-needs-reason",
        409,
        "Cancelling this late needs a reason",
        "Send `reason` with one sentence.",
    ),
    (
        "offer-expired",
        409,
        "There is no offer to answer",
        "You are still in line if you were; look at the registration.",
    ),
    ("alternative-expired", 409, "The alternative is gone", "`alternatives` has fresh ones."),
    ("capacity-below-taken", 409, "More seats are taken", "Move or cancel registrations first."),
    (
        "prerequisite-cycle",
        409,
        "Courses would require each other",
        "Remove one of the prerequisites along `path`.",
    ),
    (
        "time-does-not-exist",
        422,
        "This time does not exist",
        "Clocks are put forward over it: choose an earlier or later start.",
    ),
    (
        "time-is-ambiguous",
        422,
        "This time happens twice",
        "Clocks are put back over it: choose a start outside that hour.",
    ),
    ("stale", 409, "Somebody else changed it first", "Read it again and repeat your change."),
    (
        "idempotency-key-reused",
        422,
        "The key was used for another request",
        "Use a new key for a new request.",
    ),
    ("too-large", 413, "The request is too large", "Send less at a time."),
    ("too-many-requests", 429, "Too many requests", "Wait as long as `Retry-After` says."),
    (
        "cross-site",
        403,
        "Another site asked",
        "Do it on a page of this host. A program that is no page sends a token, and no cookie.",
    ),
    ("method-not-allowed", 405, "This cannot be done here", "See `/openapi.json` for what can."),
    ("unsupported-media-type", 415, "JSON was expected", "Send `Content-Type: application/json`."),
    (
        "busy",
        503,
        "Try again shortly",
        "Repeat the request, with the same key if it had one, after `Retry-After` seconds.",
    ),
    (
        "no-plugins",
        501,
        "This host has no plugins",
        "Ask another host, or whoever runs this one: it was built without them.",
    ),
    ("broken", 500, "Something broke on our side", "Tell us the `trace_id`; the log knows more."),
];

/// A problem document, before it has a trace id.
#[derive(Debug, Clone)]
pub struct Problem {
    code: &'static str,
    status: u16,
    detail: Option<String>,
    facts: Map<String, Value>,
    retry_after: Option<u64>,
}

/// What a problem document looks like; facts of the case stand beside these.
#[derive(Serialize, ToSchema)]
#[schema(as = Problem)]
pub struct ProblemView {
    /// `/problems/<code>`, a page that explains it.
    r#type: String,
    /// The same for every problem of this code.
    title: String,
    status: u16,
    /// What happened in this case.
    detail: Option<String>,
    /// Stable; switch on this.
    code: String,
    /// What the log calls this request.
    trace_id: String,
}

fn row(code: &str) -> &'static Row {
    TABLE.iter().find(|row| row.0 == code).unwrap_or(&TABLE[TABLE.len() - 1])
}

impl Problem {
    /// A problem of this code, with a sentence about the case.
    pub fn new(code: &'static str, detail: impl Into<String>) -> Self {
        let (code, status, ..) = *row(code);
        let retry_after = matches!(code, "busy" | "too-many-requests").then_some(1);
        Self { code, status, detail: Some(detail.into()), facts: Map::new(), retry_after }
    }

    /// A request that cannot even be read.
    pub fn unreadable(pointer: impl Into<String>, detail: impl Into<String>) -> Self {
        Self::unreadable_fields(&[FieldProblem::new(pointer, detail)])
    }

    /// A request of which these fields cannot even be read; the first [`MOST_TOLD`] of them are told of, and nobody's mail address.
    pub fn unreadable_fields(fields: &[FieldProblem]) -> Self {
        let has_more = fields.len() > MOST_TOLD;
        let fields: Vec<_> = fields.iter().take(MOST_TOLD).map(FieldProblem::without_mails).collect();
        let detail = match fields.as_slice() {
            _ if has_more => format!("more than {MOST_TOLD} fields of the request cannot be read"),
            [only] if only.pointer.is_empty() => format!("the request cannot be read: {}", only.detail),
            [only] => format!("`{}` cannot be read: {}", only.pointer, only.detail),
            _ => format!("{} fields of the request cannot be read", fields.len()),
        };
        Self { status: 400, ..Self::new("invalid-request", detail) }.with("fields", json!(fields))
    }

    /// A fault of ours. What happened is for the log, not for the client.
    pub fn broken(what: &str) -> Self {
        tracing::error!(what, "request failed");
        Self { detail: None, ..Self::new("broken", "") }
    }

    /// The same with another status, such as 412 for a lost race when the client sent `If-Match`.
    #[must_use]
    pub fn status(self, status: u16) -> Self {
        Self { status, ..self }
    }

    /// The same with another fact.
    #[must_use]
    pub fn with(mut self, name: &str, value: Value) -> Self {
        self.facts.insert(name.to_owned(), value);
        self
    }

    /// The same with another pause before a repetition, in seconds.
    #[must_use]
    pub fn retry_after(self, seconds: u64) -> Self {
        Self { retry_after: Some(seconds), ..self }
    }

    /// Its code.
    pub fn code(&self) -> &'static str {
        self.code
    }

    fn of(fault: &(impl Fault + 'static)) -> Self {
        let (code, status, ..) = *row(fault.code());
        let mut problem = Self::new(code, fault.to_string());
        problem.facts = fault.facts();
        if code == "broken" {
            tracing::error!(error = fault as &dyn std::error::Error, "request failed");
            // The log knows; the client need not.
            return Self { detail: None, facts: Map::new(), ..problem };
        }
        if status == 503 {
            tracing::warn!(error = fault as &dyn std::error::Error, "request turned away");
            problem.detail = Some("too much is going on just now; nothing is lost".to_owned());
        }
        problem
    }

    /// The document, with the id under which the log knows the request.
    pub fn document(&self, trace_id: &str) -> Response {
        let (_, _, title, _) = row(self.code);
        let mut body = json!({
            "type": format!("/problems/{}", self.code),
            "title": title,
            "status": self.status,
            "code": self.code,
            "trace_id": trace_id,
        });
        if let Value::Object(body) = &mut body {
            body.extend(self.detail.iter().map(|detail| ("detail".to_owned(), json!(detail))));
            body.extend(self.facts.clone());
        }
        let status = StatusCode::from_u16(self.status).unwrap_or(StatusCode::INTERNAL_SERVER_ERROR);
        let mut response = (status, Json(body)).into_response();
        let headers = response.headers_mut();
        headers.insert(CONTENT_TYPE, HeaderValue::from_static("application/problem+json"));
        if let Some(seconds) = self.retry_after {
            headers.insert(RETRY_AFTER, HeaderValue::from(seconds));
        }
        if self.status == 401 && self.code != "unsigned" {
            headers.insert("www-authenticate", HeaderValue::from_static("Bearer"));
        }
        response
    }
}

impl IntoResponse for Problem {
    /// Carried to [`super::trace`], which knows the trace id and writes the document.
    fn into_response(self) -> Response {
        let status = StatusCode::from_u16(self.status).unwrap_or(StatusCode::INTERNAL_SERVER_ERROR);
        let mut response = status.into_response();
        response.extensions_mut().insert(self);
        response
    }
}

impl From<Trouble> for Problem {
    fn from(trouble: Trouble) -> Self {
        let problem = Self::of(&trouble);
        match trouble {
            Trouble::Busy { retry_after } => problem.retry_after(retry_after.as_secs().max(1)),
            _ => problem,
        }
    }
}

impl From<Refusal> for Problem {
    fn from(refusal: Refusal) -> Self {
        Self::of(&refusal)
    }
}

impl From<StoreError> for Problem {
    fn from(error: StoreError) -> Self {
        Self::of(&error)
    }
}

#[cfg(test)]
mod tests {
    use super::TABLE;

    #[test]
    fn every_code_stands_once() {
        let mut codes: Vec<_> = TABLE.iter().map(|row| row.0).collect();
        codes.sort_unstable();
        codes.dedup();
        assert_eq!(codes.len(), TABLE.len());
    }
}
