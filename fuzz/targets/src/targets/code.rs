//! Codes by which people check themselves in.

use axum::http::Method;
use ilt_core::ids::{RegistrationId, SessionId};
use ilt_engine::check_in::subject_of;
use serde_json::json;

use crate::host::{Host, on_host};
use crate::script::request;
use crate::{Target, answer, town};

pub const TARGET: Target = Target {
    name: "code",
    reads: "codes by which people check themselves in, through the router, and our own with a byte changed",
    run,
    words: &["50000000-0000-4000-8000-000000000001", ".", "120588480", "-1", "9223372036854775807"],
};

fn run(input: &[u8]) {
    on_host(|host| {
        ours(host, input);
        let Ok(code) = std::str::from_utf8(input) else { return };
        let address = format!("/v1/sessions/{}/check-in", town::SESSION);
        let body = json!({ "code": code }).to_string().into_bytes();
        let asked = request(host, (&Method::POST, &address), Some(town::ADA), &[], body);
        let answer = host.ask(asked.expect("a request"));
        answer::holds(input, &answer);
        let session: SessionId = town::id(town::SESSION);
        let is_good = host.check_in.session(session).verifies(session.0, code, town::now());
        assert!(is_good || answer.status >= 400, "a code that is not ours");
    });
}

/// A code that we made can be used by the letter only.
fn ours(host: &Host, input: &[u8]) {
    let (session, registration): (SessionId, RegistrationId) = (town::id(town::SESSION), host.registration);
    let key = host.check_in.session(session).registration(registration);
    let code = key.code(registration.0, town::now());
    assert_eq!(subject_of(&code), Some(registration.0));
    assert!(key.verifies(registration.0, &code, town::now()), "our own code");
    let [place, byte, ..] = *input else { return };
    let mut changed = code.clone().into_bytes();
    let place = usize::from(place) % changed.len();
    changed[place] = byte;
    let Ok(changed) = String::from_utf8(changed) else { return };
    let is_ours = changed == code;
    assert_eq!(key.verifies(registration.0, &changed, town::now()), is_ours, "byte {place} changed");
}
