//! What many cases ask for.

use serde_json::{Value, json};

use crate::harness::Client;
use crate::reply::Reply;

/// Where seats of a session are asked for.
pub fn registrations(session: &str) -> String {
    format!("/v1/sessions/{session}/registrations")
}

/// Asks for a seat of a session, for oneself.
pub async fn register(client: &Client<'_>, session: &str) -> Reply {
    client.post(registrations(session), json!({})).await
}

/// The id of what was answered.
pub fn id_of(body: &Value) -> String {
    body["id"].as_str().expect("an id").to_owned()
}
