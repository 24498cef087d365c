//! A request for each operation, as somebody would send it who means well.

use serde_json::{Value, json};

use super::scene::Ids;
use super::spots::Spot;
use crate::pretended::DIGEST;

/// The path and the body of a request with these ids; those of a list are sent alone. What the path is of, when it is not what the
/// question is about, is the usual.
pub fn ask(operation: &str, path: &str, spot: &Spot, ids: &Ids, usual: &Ids) -> (String, Option<String>) {
    let is_in_path = spot.name.starts_with("path ");
    let (path, mut query) = (filled(path, if is_in_path { ids } else { usual }), query(spot, ids));
    if operation == "clear_rule" {
        query += "&rule=registration-closes";
    }
    let body = body(operation, spot, ids).map(|it| it.to_string());
    (path + &query, body)
}

fn filled(path: &str, ids: &Ids) -> String {
    let id = match path.split('/').nth(2) {
        Some("people") => &ids.person,
        Some("registrations") => &ids.registration,
        Some("sessions") => &ids.session,
        Some("courses") => &ids.course,
        Some("locations") => &ids.location,
        Some("plugins") => &ids.plugin,
        _ => &ids.alternative,
    };
    path.replace("{id}", id)
        .replace("{dealer}", &ids.dealer)
        .replace("{secret}", "unheard-of")
        .replace("{digest}", DIGEST)
        .replace("{rehearsal}", &ids.plugin)
        .replace("{instance}", "calcom")
        .replace("{way}", "demo")
        .replace("{sign_in}", &ids.plugin)
        .replace("{api_key}", &ids.plugin)
}

fn query(spot: &Spot, ids: &Ids) -> String {
    let Some(name) = spot.name.strip_prefix('?') else { return String::new() };
    format!("?{name}={}", ids.chosen(spot.kind))
}

fn body(operation: &str, spot: &Spot, ids: &Ids) -> Option<Value> {
    let reason = json!({ "reason": "as agreed" });
    let part = json!({ "starts": "2027-06-01T09:00", "length": "PT2H", "room": "2.04" });
    let mut body = match operation {
        "add_course" => json!({ "title": "New", "programme_type": "compliance", "length": "PT6H" }),
        "add_location" => {
            json!({ "name": "New", "city": "Bonn", "lat": 50.7, "lon": 7.1, "zone": "Europe/Berlin" })
        }
        "add_person" => json!({ "name": "New Face", "email": "new@dealer.example", "zone": "Europe/Berlin",
            "dealer": ids.dealer, "roles": [{ "role": "learner", "dealer": ids.dealer }] }),
        "add_session" => {
            json!({ "course": ids.course, "location": ids.location, "capacity": 3, "parts": [part] })
        }
        "edit_course" => json!({ "title": "Another" }),
        "record_completion" => json!({ "course": ids.course, "completed_at": "2027-01-01T10:00:00Z" }),
        "make_api_key" => json!({ "name": "a shop", "scopes": ["sessions"] }),
        "set_rule" => json!({ "rule": "registration-closes", "value": 1 }),
        "decline_request"
        | "cancel_registration"
        | "cancel_session"
        | "activate_plugin"
        | "roll_back_plugin"
        | "switch_off_plugin" => reason,
        "prioritise" => json!({ "level": 1, "reason": "as agreed" }),
        "swap_registration" | "transfer_registration" => json!({ "session": ids.session }),
        "mark_attendance" => {
            json!({ "marks": [{ "registration": ids.registration, "part": 1,
            "at": "2027-03-15T09:00:00Z", "client": "90000000-0000-4000-8000-000000000001" }] })
        }
        "save_block" => json!({ "seats": 1 }),
        "add_plugin" => json!({ "component": DIGEST }),
        "edit_plugin" => json!({ "place": 7 }),
        "resize_session" if spot.name != "path id" => json!({ "capacity": 1,
            "displaced": [{ "registration": ids.registration, "to": null }] }),
        "resize_session" => json!({ "capacity": 10 }),
        "check_in" => json!({ "code": "0.0.0" }),
        "register_group" => json!({ "learners": [ids.person] }),
        "register" | "substitute_learner" | "walk_in" => json!({ "learner": ids.person }),
        "edit_location"
        | "edit_own"
        | "edit_person"
        | "edit_session"
        | "accept_offer"
        | "approve_registration"
        | "complete_session"
        | "decline_offer"
        | "publish_session"
        | "ask_plugin_anew"
        | "rehearse_plugin"
        | "renew_calendar_feed"
        | "resume_wait"
        | "sign_in"
        | "sign_out"
        | "take_alternative" => json!({}),
        _ => return None,
    };
    if let Some(place) = spot.name.strip_prefix('/') {
        put(&mut body, place, ids.chosen(spot.kind));
    }
    Some(body)
}

/// Puts an id at a place such as `roles[].dealer`.
fn put(body: &mut Value, place: &str, id: &str) {
    let (first, rest) = match place.find(['/', '.']) {
        Some(at) => (&place[..at], Some(&place[at + 1..])),
        None => (place, None),
    };
    let (name, is_list) = first.strip_suffix("[]").map_or((first, false), |name| (name, true));
    match (rest, is_list) {
        (None, false) => body[name] = json!(id),
        (None, true) => body[name] = json!([id]),
        (Some(rest), true) => {
            if !body[name].is_array() {
                body[name] = json!([if name == "roles" { json!({ "role": "learner" }) } else { json!({}) }]);
            }
            put(&mut body[name][0], rest, id);
        }
        (Some(rest), false) => put(&mut body[name], rest, id),
    }
}
