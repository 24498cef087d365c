//! Who may ask for what, as the contract says it: `x-needs` of each operation, from which `docs/authorization.md` is made.
//!
//! # Not here
//! The decision. It is made where roles and scope are looked at together ([`ilt_core::access`]); a test asks every operation as every
//! role, and holds the answers against what is said here.

use axum::http::Method;
use serde_json::{Map, Value, json};
use utoipa::openapi::extensions::Extensions;
use utoipa::openapi::{OpenApi, PathItem};

/// A role, or whoever is signed in (`anybody`), or not (`nobody`); and about whom they may ask.
type Grant = (&'static str, &'static str);

const OPEN: &[Grant] = &[("nobody", "everything")];
const SIGNED_IN: &[Grant] = &[("anybody", "everything")];
const THEMSELVES: &[Grant] = &[("anybody", "own")];
const FOR_LEARNERS: &[Grant] =
    &[("anybody", "own"), ("manager", "team"), ("dealer-admin", "dealer"), ("admin", "everything")];
const LEADING: &[Grant] = &[("manager", "team"), ("dealer-admin", "dealer"), ("admin", "everything")];
const TEACHING: &[Grant] = &[("instructor", "taught"), ("admin", "everything")];
const SEEING_WHO_COMES: &[Grant] =
    &[("instructor", "taught"), ("manager", "team"), ("dealer-admin", "dealer"), ("admin", "everything")];
const AT_A_DEALER: &[Grant] = &[("dealer-admin", "dealer"), ("admin", "everything")];
const AT_A_DEALER_OR_NOTHING: &[Grant] =
    &[("anybody", "own"), ("dealer-admin", "dealer"), ("admin", "everything")];
const OWN_OR_ANYBODYS: &[Grant] = &[("anybody", "own"), ("admin", "everything")];
const PLANNING: &[Grant] = &[("admin", "everything")];

/// Who may ask for it; nothing for an operation that nobody has thought about.
fn grants(operation: &str) -> Option<&'static [Grant]> {
    Some(match operation {
        "calendar_feed" | "health_live" | "health_ready" | "metrics" | "receive_webhook" | "sign_in"
        | "ways_in" => OPEN,
        "course" | "courses" | "live" | "location" | "locations" | "rules" | "session" | "sessions" => {
            SIGNED_IN
        }
        "check_in"
        | "edit_own"
        | "me"
        | "own"
        | "registration_check_in_key"
        | "renew_calendar_feed"
        | "sign_out" => THEMSELVES,
        "accept_offer"
        | "alternatives"
        | "cancel_registration"
        | "completions"
        | "decline_offer"
        | "people"
        | "person"
        | "register"
        | "register_group"
        | "registration"
        | "registration_calendar"
        | "registrations"
        | "resume_wait"
        | "swap_registration"
        | "take_alternative"
        | "transfer_registration" => FOR_LEARNERS,
        "approve_registration" | "decline_request" | "substitute_learner" => LEADING,
        "complete_session" | "mark_attendance" | "session_calendars" | "session_check_in_key" | "walk_in" => {
            TEACHING
        }
        "roster" => SEEING_WHO_COMES,
        "activate_plugin" | "add_person" | "add_plugin" | "ask_plugin_anew" | "component"
        | "drop_rehearsal" | "edit_person" | "edit_plugin" | "plugin" | "plugin_history" | "plugin_log"
        | "plugin_rehearsal" | "plugins" | "rehearse_plugin" | "release_block" | "remove_plugin"
        | "roll_back_plugin" | "save_block" | "switch_off_plugin" | "upload_component" => AT_A_DEALER,
        "blocks" => AT_A_DEALER_OR_NOTHING,
        "api_keys" | "end_api_key" | "end_sign_in" | "end_sign_ins" | "make_api_key" | "sign_ins" => {
            OWN_OR_ANYBODYS
        }
        "add_course" | "add_location" | "add_session" | "cancel_session" | "clear_rule" | "edit_course"
        | "edit_location" | "edit_session" | "journal" | "monthly_numbers" | "prioritise"
        | "publish_session" | "record_completion" | "resize_session" | "set_rule" => PLANNING,
        _ => return None,
    })
}

/// Whoever watches a host asks often: nobody counts that.
pub const UNCOUNTED: [&str; 3] = ["/health/live", "/health/ready", "/metrics"];

/// What of a person's requests is counted by itself, besides all of them together.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Costly {
    /// Looking for people.
    People,
    /// Looking for alternatives.
    Alternatives,
}

impl Costly {
    /// What a request to this address of the contract is counted as.
    pub fn of(method: &Method, route: &str) -> Option<Self> {
        match route {
            "/v1/people" if method == Method::GET => Some(Self::People),
            "/v1/sessions/{id}/alternatives" => Some(Self::Alternatives),
            _ => None,
        }
    }

    /// What its limit is called.
    pub fn word(self) -> &'static str {
        match self {
            Self::People => "people",
            Self::Alternatives => "alternatives",
        }
    }
}

/// Says of each operation what it needs.
pub fn complete(openapi: &mut OpenApi) {
    for (path, item) in &mut openapi.paths.paths {
        let PathItem { get, put, post, patch, delete, .. } = item;
        let methods = [Method::GET, Method::PUT, Method::POST, Method::PATCH, Method::DELETE];
        for (method, operation) in methods.iter().zip([get, put, post, patch, delete]) {
            let Some(operation) = operation else { continue };
            let needs = operation.operation_id.as_deref().and_then(|name| needs(name, method, path));
            let said: Extensions = needs.map(|needs| ("x-needs", needs)).into_iter().collect();
            operation.extensions.get_or_insert_default().merge(said);
        }
    }
}

fn needs(name: &str, method: &Method, path: &str) -> Option<Value> {
    let roles: Map<_, _> =
        grants(name)?.iter().map(|(role, scope)| ((*role).to_owned(), json!(scope))).collect();
    let limits: Vec<_> = if UNCOUNTED.contains(&path) {
        Vec::new()
    } else if roles.contains_key("nobody") {
        vec!["address"]
    } else {
        std::iter::once("person").chain(Costly::of(method, path).map(Costly::word)).collect()
    };
    Some(json!({ "roles": roles, "limits": limits }))
}
