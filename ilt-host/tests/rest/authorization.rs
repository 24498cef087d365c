//! `docs/authorization.md` is made of what the contract says that each operation needs.
//!
//! `ILT_UPDATE=1 cargo test -p ilt-host --test rest authorization` writes it anew.

use std::collections::BTreeMap;
use std::fmt::Write as _;
use std::path::PathBuf;

use serde_json::Value;

const HEADING: &str = "\
# Who may do what

Made from `x-needs` of each operation in [openapi.json](openapi.json), not by hand. A test asks every operation with every id that it takes as every role, as
nobody, as somebody who has left and as the same role at another dealer, and holds the answers against this page
(`ilt-host/tests/rest/rights.rs`; its table of answers is `ilt-host/tests/rest/rights/table.txt`).

A role reaches so far:

| scope | about whom or what |
|---|---|
| own | whoever asks, and what is theirs |
| taught | the sessions that name them as an instructor |
| team | who names them as manager, or a manager they stand in for, at a dealer at which they have the role manager |
| dealer | the people, seat blocks and plugins of the dealers that they look after |
| everything | everybody and everything; of drafts, only admins and their instructors hear |

People beyond somebody's scope are `forbidden` within the same dealer and `not-found` beyond it; registrations, plugins and drafts beyond it are `not-found`: nobody learns that they exist. A list has
what is within the scope, and nothing else. Whoever holds several roles may do what any of them may. Only somebody with the role learner is registered, and nobody but an admin changes an admin.

Another system asks with a key of somebody's: it may do what its owner may at the time, within its scopes. A scope is a heading below (`sessions`), or one with `:read` for what changes
nothing. No key opens `keys` and `sign-in`.

A minute has so many requests, unless it is configured otherwise (`[http]`); answers say in `RateLimit` what is left, and a refusal in
`Retry-After` how long to wait:

| limit | a minute | whose |
|---|---|---|
| person | 600 | all requests of one person |
| people | 60 | of these, looking for people |
| alternatives | 60 | of these, looking for alternatives |
| key | 1,200 | requests with one key, in the place of its owner's |
| address | 60 | requests from one address (of IPv6: one /64) by whoever is not known; without a valid token, every request is one |
";

const COLUMNS: [&str; 6] = ["nobody", "anybody", "instructor", "manager", "dealer-admin", "admin"];

#[test]
fn the_committed_page_is_what_the_contract_says() {
    let contract = serde_json::to_value(ilt_host::http::openapi()).expect("JSON");
    let mut by_tag: BTreeMap<&str, Vec<String>> = BTreeMap::new();
    for (path, methods) in contract["paths"].as_object().expect("paths") {
        for (method, operation) in methods.as_object().expect("methods") {
            let tag = operation["tags"][0].as_str().unwrap_or("other");
            by_tag.entry(tag).or_default().push(line(path, method, operation));
        }
    }
    let mut page = HEADING.to_owned();
    for (tag, lines) in by_tag {
        let _ = write!(page, "\n## {tag}\n\n| | request | {} | limits |\n", COLUMNS.join(" | "));
        let _ = writeln!(page, "|---|---|{}---|", "---|".repeat(COLUMNS.len()));
        page.extend(lines);
    }
    let file = PathBuf::from(env!("CARGO_MANIFEST_DIR")).join("../docs/authorization.md");
    if std::env::var_os("ILT_UPDATE").is_some() {
        std::fs::write(&file, &page).expect("docs can be written");
    }
    let committed = std::fs::read_to_string(&file).unwrap_or_default();
    assert!(
        committed == page,
        "docs/authorization.md is out of date: ILT_UPDATE=1 cargo test -p ilt-host --test rest authorization"
    );
}

fn line(path: &str, method: &str, operation: &Value) -> String {
    let needs = &operation["x-needs"];
    let name = operation["operationId"].as_str().expect("a name");
    let scopes = COLUMNS.map(|role| needs["roles"][role].as_str().unwrap_or(""));
    let limits: Vec<_> = needs["limits"].as_array().into_iter().flatten().filter_map(Value::as_str).collect();
    format!(
        "| `{name}` | `{} {path}` | {} | {} |\n",
        method.to_uppercase(),
        scopes.join(" | "),
        limits.join(", ")
    )
}
