//! Query strings: an operation and who asks in the first line, the query in the second, what stands for an id in the path in the third.

use crate::host::on_host;
use crate::script::{first_line, request, who_asks_what};
use crate::{Target, answer};

pub const TARGET: Target = Target {
    name: "query",
    reads: "the query and the ids of every operation, through the router",
    run,
    words: &[
        "&",
        "=",
        "%00",
        "%ff",
        "%2",
        "+",
        "limit=1",
        "limit=201",
        "cursor=",
        "near=50.94,6.96",
        "near=NaN,inf",
        "near=91,181",
        "radius_km=1e308",
        "from=2027-03-01T00:00:00Z",
        "to=9999-12-31T23:59:59Z",
        "from=-009999-01-01T00:00:00Z",
        "from=2027-01",
        "status=confirmed,waitlisted",
        "q=ada%40dealer.example",
        "learner=ada@dealer.example",
        "sort=distance",
        "eligible=true",
        "open_seats=4294967296",
        "50000000-0000-4000-8000-000000000001",
    ],
};

fn run(input: &[u8]) {
    let (line, rest) = first_line(input);
    let (query, rest) = first_line(rest);
    let id = first_line(rest).0;
    let (operation, person) = who_asks_what(line);
    let (Ok(query), Ok(id)) = (std::str::from_utf8(query), std::str::from_utf8(id)) else { return };
    if operation.path.starts_with("/health") || operation.path.starts_with("/metrics") {
        return;
    }
    on_host(|host| {
        let path = operation.address(host, Some(id).filter(|id| !id.is_empty()));
        let address = format!("{path}?{query}");
        let Some(request) = request(host, (&operation.method, &address), person, &[], Vec::new()) else {
            return;
        };
        answer::holds(input, &host.ask(request));
    });
}
