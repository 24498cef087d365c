//! Parts that the schemas of statements share.

use serde_json::{Value, json};

/// An absolute address.
const IRI: &str = r"^[A-Za-z][A-Za-z0-9+.-]*:[^\s]+$";
/// An instant in UTC, always with three digits of a second.
const INSTANT: &str = r"^\d{4}-\d{2}-\d{2}T\d{2}:\d{2}:\d{2}\.\d{3}Z$";
const UUID: &str = "[0-9a-f]{8}-[0-9a-f]{4}-[0-9a-f]{4}-[0-9a-f]{4}-[0-9a-f]{12}";

pub fn text() -> Value {
    json!({"type": "string", "minLength": 1})
}

pub fn iri() -> Value {
    json!({"type": "string", "pattern": IRI})
}

pub fn uuid() -> Value {
    json!({"type": "string", "pattern": format!("^{UUID}$")})
}

pub fn instant() -> Value {
    json!({"type": "string", "pattern": INSTANT})
}

pub fn one_of(words: &[&str]) -> Value {
    json!({"type": "string", "enum": words})
}

/// Texts by language, at least one.
fn languages() -> Value {
    json!({"type": "object", "minProperties": 1, "additionalProperties": text()})
}

/// The verb with this identifier.
pub fn verb(iri: &str) -> Value {
    json!({
        "type": "object",
        "required": ["id", "display"],
        "properties": {"id": {"const": iri}, "display": languages()},
    })
}

/// Somebody, by exactly one identifier.
pub fn agent() -> Value {
    json!({
        "type": "object",
        "required": ["objectType"],
        "properties": {
            "objectType": {"const": "Agent"},
            "name": text(),
            "mbox": {"type": "string", "pattern": r"^mailto:[^@\s]+@[^@\s]+$"},
            "account": {
                "type": "object",
                "required": ["homePage", "name"],
                "properties": {"homePage": iri(), "name": text()},
            },
        },
        "oneOf": [{"required": ["mbox"]}, {"required": ["account"]}],
    })
}

/// An activity below `base`; its name is there unless nobody knows it any more.
pub fn activity(base: &str, kind: &str) -> Value {
    json!({
        "type": "object",
        "required": ["objectType", "id"],
        "properties": {
            "objectType": {"const": "Activity"},
            "id": {"type": "string", "pattern": format!("^{}/{UUID}$", literally(base))},
            "definition": {
                "type": "object",
                "required": ["name", "type"],
                "properties": {"name": languages(), "description": languages(), "type": {"const": kind}},
            },
        },
    })
}

/// The statement that is taken back.
pub fn statement_ref() -> Value {
    json!({
        "type": "object",
        "required": ["objectType", "id"],
        "properties": {"objectType": {"const": "StatementRef"}, "id": uuid()},
    })
}

/// A list of activities, of which one may be required.
pub fn activities(of: &Value) -> Value {
    json!({"type": "array", "minItems": 1, "items": of})
}

/// A text as a regular expression that means just this text. Nothing else may be escaped, where Unicode is on (ECMA-262).
fn literally(text: &str) -> String {
    let is_syntax = |it| r"^$\.*+?()[]{}|".contains(it);
    text.chars().flat_map(|it| is_syntax(it).then_some('\\').into_iter().chain([it])).collect()
}
