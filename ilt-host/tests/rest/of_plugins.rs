//! How what is done to plugins is asked for.

use serde_json::{Value, json};

use super::{Request, post};
use crate::asking::id_of;
use crate::harness::TestApp;
use crate::pretended::DIGEST;
use crate::town::{DORA, FIRST};

/// Brings about that the operation can be asked for, and answers how.
pub async fn request(app: &TestApp, operation: &str) -> Request {
    match operation {
        "post /v1/plugins" => post(DORA, "/v1/plugins", json!({ "component": DIGEST, "dealer": FIRST })),
        "post /v1/plugins/{id}/activate" => post(DORA, plugin(app, 1, "activate").await, reason("winter")),
        "post /v1/plugins/{id}/roll-back" => post(DORA, plugin(app, 2, "roll-back").await, reason("spring")),
        "post /v1/plugins/{id}/switch-off" => {
            post(DORA, plugin(app, 2, "switch-off").await, reason("spring"))
        }
        other => panic!("say here how `{other}` is asked for, so that its repetition is tried"),
    }
}

fn reason(why: &str) -> Value {
    json!({ "reason": why })
}

/// A plugin of Dora's dealer with so many editions, of which the last counts when there are several.
async fn plugin(app: &TestApp, editions: u32, what: &str) -> String {
    let dora = app.client(DORA);
    let body = json!({ "component": DIGEST, "dealer": FIRST });
    let at = format!("/v1/plugins/{}", id_of(&dora.post("/v1/plugins", body).await.json(201)));
    for edition in 1..editions {
        dora.post(format!("{at}/activate"), reason("winter")).await.json(200);
        let change = json!({ "settings": { "km": edition }, "version": 2 * edition });
        dora.patch(&at, change).await.json(200);
        dora.post(format!("{at}/activate"), reason("more winter")).await.json(200);
    }
    format!("{at}/{what}")
}
