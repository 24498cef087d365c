//! What the contract says that an operation needs, held against what it answers.

use std::collections::BTreeMap;

use serde_json::Value;

use super::scene::Subject;

/// About whom each role may ask, or whoever is signed in (`anybody`), or not (`nobody`).
pub struct Needs(BTreeMap<String, String>);

impl Needs {
    /// Of each operation.
    pub fn all() -> BTreeMap<String, Self> {
        let contract = serde_json::to_value(ilt_host::http::openapi()).expect("JSON");
        let paths = contract["paths"].as_object().expect("paths").values();
        let operations = paths.flat_map(|methods| methods.as_object().expect("methods").values());
        let needs = |operation: &Value| {
            let name = operation["operationId"].as_str()?.to_owned();
            let roles = serde_json::from_value(operation["x-needs"]["roles"].clone());
            let roles = roles.unwrap_or_else(|_| panic!("{name}: who may ask for it? See contract/needs.rs"));
            Some((name, Self(roles)))
        };
        operations.filter_map(needs).collect()
    }

    /// About whom this role may ask; nothing when it may not at all.
    pub fn scope(&self, role: &str) -> Option<&str> {
        [role, "anybody", "nobody"].iter().find_map(|it| self.0.get(*it)).map(String::as_str)
    }

    /// Whether nobody need be signed in.
    pub fn is_open(&self) -> bool {
        self.0.contains_key("nobody")
    }

    /// Whether a role may ask about a subject: the learner is Ada, the manager leads Ada, the dealer admin looks after Ada and Bob.
    pub fn reach(&self, role: &str, subject: Subject) -> bool {
        match (self.scope(role), subject) {
            (None, _)
            | (Some("own" | "team"), Subject::Bob)
            | (Some("own" | "team" | "dealer"), Subject::Otto)
            | (Some("dealer"), Subject::Second)
            | (Some("taught"), Subject::Other) => false,
            (Some("own"), Subject::Ada) => role == "learner",
            _ => true,
        }
    }
}

/// Whether an answer is that of somebody who may not, or may not know of it.
pub fn is_refused(status: u16) -> bool {
    status == 403 || status == 404
}
