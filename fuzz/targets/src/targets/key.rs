//! Idempotency keys: the key in the first line, then a body.

use axum::http::Method;
use ilt_core::desk::Key;

use crate::host::on_host;
use crate::script::{first_line, request};
use crate::{Target, answer, town};

pub const TARGET: Target = Target {
    name: "key",
    reads: "the header Idempotency-Key, and what is asked again under it",
    run,
    words: &["once", " ", "\t", "\u{e9}", "{}", "{\"on_full\":\"waitlist\"}", "{\"learner\":null}"],
};

fn run(input: &[u8]) {
    let (key, body) = first_line(input);
    on_host(|host| {
        let address = format!("/v1/sessions/{}/registrations", town::LATER);
        let headers = [(&b"idempotency-key"[..], key)];
        let ask = || {
            let asked = request(host, (&Method::POST, &address), Some(town::BOB), &headers, body.to_vec())?;
            Some(host.ask(asked))
        };
        let (Some(first), Some(again)) = (ask(), ask()) else { return };
        answer::holds(input, &first);
        // What HTTP takes off the ends of a header's value is no part of it here either way.
        let is_good = std::str::from_utf8(key).is_ok_and(Key::is_plain);
        assert_eq!(first, again, "the same request under the same key");
        if !is_good {
            assert_eq!(first.status, 400, "{}", String::from_utf8_lossy(&first.body));
            assert!(String::from_utf8_lossy(&first.body).contains("Idempotency-Key"), "the header is named");
        }
    });
}
