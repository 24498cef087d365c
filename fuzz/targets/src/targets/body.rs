//! Bodies of requests: an operation and who asks, headers, an empty line, JSON or what should be.

use crate::host::on_host;
use crate::script::{first_line, headers, request, who_asks_what};
use crate::{Target, answer};

pub const TARGET: Target = Target {
    name: "body",
    reads: "JSON bodies and headers of every operation, through the router",
    run,
    words: &[
        "null",
        "[]",
        "{}",
        "\"\\u0000\"",
        "\"ada@dealer.example\"",
        "\"starts\":",
        "\"9999-12-31T23:59\"",
        "\"-009999-01-01T00:00\"",
        "\"PT0S\"",
        "\"P9999Y\"",
        "\"zone\":\"Europe/Berlin\"",
        "1e400",
        "if-match: \"1\"\n",
        "idempotency-key: once\n",
        "\"version\":1",
        "\"50000000-0000-4000-8000-000000000001\"",
        "\"10000000-0000-4000-8000-0000000000a1\"",
    ],
};

fn run(input: &[u8]) {
    let (line, rest) = first_line(input);
    let (operation, person) = who_asks_what(line);
    let (headers, body) = headers(rest);
    on_host(|host| {
        let address = operation.address(host, None);
        let way = (&operation.method, address.as_str());
        let Some(request) = request(host, way, person, &headers, body.to_vec()) else { return };
        // Whether it is ready, and what is measured, is no parser's business.
        if address.starts_with("/health") || address.starts_with("/metrics") {
            return;
        }
        answer::holds(input, &host.ask(request));
    });
}
