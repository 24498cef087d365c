//! `Last-Event-ID`, by which a listener goes on where it was.

use axum::http::Method;

use crate::host::on_host;
use crate::script::{first_line, request};
use crate::{Target, answer, town};

pub const TARGET: Target = Target {
    name: "last-event-id",
    reads: "the header Last-Event-ID in the first line, and sessions in the second",
    run,
    words: &["0", "1", "18446744073709551615", "18446744073709551616", "+1", "-1", ",", town::SESSION],
};

fn run(input: &[u8]) {
    let (last, rest) = first_line(input);
    let sessions = first_line(rest).0;
    on_host(|host| {
        let which = std::str::from_utf8(sessions).unwrap_or_default();
        let query = if which.is_empty() { String::new() } else { format!("?sessions={which}") };
        let address = format!("/v1/live{query}");
        let headers = [(&b"last-event-id"[..], last)];
        let asked = request(host, (&Method::GET, &address), Some(town::ADA), &headers, Vec::new());
        let Some(asked) = asked else { return };
        let answer = host.ask(asked);
        answer::holds(input, &answer);
        let number = std::str::from_utf8(last).ok().and_then(|text| text.parse::<u64>().ok());
        if answer.status != 200 {
            let said = String::from_utf8_lossy(&answer.body);
            assert!(said.contains("Last-Event-ID") || said.contains('?'), "the place is named: {said}");
            return;
        }
        let number = number.expect("what is accepted is a number");
        let said = String::from_utf8_lossy(&answer.body);
        let told: Vec<u64> =
            said.lines().filter_map(|line| line.strip_prefix("id: ")?.parse().ok()).collect();
        assert!(told.is_sorted(), "{told:?}");
        // Whoever waits for what comes after a number that is not there would wait in vain.
        let is_ahead = number > host.head();
        assert_eq!(said.contains("event: reset"), is_ahead, "{number} of {}: {said}", host.head());
        assert!(is_ahead || told.iter().all(|id| *id > number), "{told:?} after {number}");
    });
}
