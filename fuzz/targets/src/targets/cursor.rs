//! Cursors of pages: as they come, and as JSON that is not yet written the way cursors are.

use axum::http::Method;
use base64::Engine as _;
use base64::engine::general_purpose::URL_SAFE_NO_PAD;
use serde_json::Value;

use crate::host::{Host, on_host};
use crate::script::request;
use crate::{Target, answer, town};

pub const TARGET: Target = Target {
    name: "cursor",
    reads: "cursors of every list, through the router",
    run,
    words: &[
        "[",
        "]",
        "\"\"",
        "\"2027-03-15T08:00:00Z\"",
        "\"9999-12-31T23:59:59Z\"",
        "\"50000000-0000-4000-8000-000000000001\"",
        "\"2027-02\"",
        "1e400",
        "18446744073709551615",
        "null",
        "\"\\u0000\"",
        ",",
    ],
};

/// Lists that have pages, each with one line to a page.
const LISTS: [&str; 9] = [
    "/v1/courses?limit=1",
    "/v1/locations?limit=1",
    "/v1/people?limit=1",
    "/v1/people/10000000-0000-4000-8000-0000000000a1/completions?limit=1",
    "/v1/registrations?limit=1",
    "/v1/sessions?limit=1",
    "/v1/sessions?limit=1&status=running",
    "/v1/sessions?limit=1&sort=distance&near=50.94,6.96",
    "/v1/analytics/monthly?limit=1",
];

fn run(input: &[u8]) {
    let written = URL_SAFE_NO_PAD.encode(input);
    // One list for each input; its neighbours lead to others.
    let list = LISTS[input.iter().fold(input.len(), |sum, byte| sum + usize::from(*byte)) % LISTS.len()];
    on_host(|host| {
        for cursor in [Some(written.as_str()), std::str::from_utf8(input).ok()].into_iter().flatten() {
            page(host, &format!("{list}&cursor={cursor}"), input);
        }
    });
}

/// A page, and the one after it: what we say is next is understood.
fn page(host: &Host, address: &str, input: &[u8]) {
    let ask = |address: &str| {
        let asked = request(host, (&Method::GET, address), Some(town::ROOT), &[], Vec::new())?;
        let answer = host.ask(asked);
        answer::holds(input, &answer);
        Some(answer)
    };
    let Some(answer) = ask(address) else { return };
    let body: Value = serde_json::from_slice(&answer.body).expect("JSON");
    if answer.status == 200 {
        let (list, _) = address.split_once("&cursor=").expect("a cursor");
        let Some(next) = body["next"].as_str() else { return };
        let after = ask(&format!("{list}&cursor={next}")).expect("a cursor of ours can be sent");
        assert_eq!(after.status, 200, "{list} says next is {next}, and does not understand it");
    } else {
        // 422 is for NUL, which can be read and is not kept.
        assert!(matches!(answer.status, 400 | 422), "{body}");
        let is_named =
            body["fields"].as_array().is_some_and(|it| it.iter().any(|it| it["pointer"] == "?cursor"));
        let is_alone = !input.iter().any(|byte| b"&#".contains(byte));
        assert!(is_named || !is_alone, "the cursor is not named: {body}");
    }
}
