//! Bearer tokens: what stands in the header `Authorization`.

use axum::http::{Method, Request};
use ilt_core::ids::PersonId;

use crate::host::{Host, on_host};
use crate::script::request;
use crate::{Target, answer, town};

pub const TARGET: Target = Target {
    name: "token",
    reads: "the header Authorization, and our own tokens with a byte changed",
    run,
    words: &["Bearer ", "bearer ", "eyJhbGciOiJub25lIn0.", "eyJhbGciOiJIUzI1NiJ9.", ".e30.", "=", " "],
};

/// A part of a token that is shorter may be in an answer by chance.
const WORTH_HIDING: usize = 12;

fn run(input: &[u8]) {
    on_host(|host| {
        let ours = host.token(town::id::<PersonId>(town::ADA));
        assert_eq!(host.wait(host.auth.subject(&ours)), Ok(town::id(town::ADA)), "our own token");
        changed(host, &ours, input);
        let headers = [(&b"authorization"[..], input)];
        let Some(request) = request(host, (&Method::GET, "/v1/me"), None, &headers, Vec::new()) else {
            return;
        };
        let answer = host.ask(request);
        answer::holds(input, &answer);
        assert_eq!(answer.status, 401, "somebody else's token");
        let said = String::from_utf8_lossy(&answer.body);
        let parts = std::str::from_utf8(input).unwrap_or_default().split([' ', '.']);
        // What is said to whoever sends nothing is no secret.
        let words = String::from_utf8_lossy(&host.ask(nobody(host)).body).into_owned();
        for part in parts.filter(|part| part.len() >= WORTH_HIDING && !words.contains(part)) {
            assert!(!said.contains(part), "an error repeats a token");
        }
    });
}

fn nobody(host: &Host) -> Request<Vec<u8>> {
    request(host, (&Method::GET, "/v1/me"), None, &[], Vec::new()).expect("a request")
}

/// Our token, with one byte another.
fn changed(host: &Host, ours: &str, input: &[u8]) {
    let [place, more, byte, ..] = *input else { return };
    let mut token = ours.as_bytes().to_vec();
    let place = (usize::from(place) << 8 | usize::from(more)) % token.len();
    token[place] = byte;
    let Ok(token) = String::from_utf8(token) else { return };
    let is_ours = token == ours;
    assert_eq!(host.wait(host.auth.subject(&token)).is_ok(), is_ours, "a token with byte {place} changed");
}
