//! The character NUL at the door: no text of ours has it, and PostgreSQL has no place for it. One gate for every body, query and
//! cursor, so that it is refused where it stands; what comes in otherwise is looked at by the desk.

use ilt_core::desk::{NO_NUL, Refusal};
use ilt_core::fault::FieldProblem;
use serde_json::Value;

use crate::http::wire::problem::{MOST_TOLD, Problem};
use crate::http::wire::shape::pointer_to;

/// Whether JSON may hold a NUL: there it is always written as this escape.
pub fn may_be_in(json: &[u8]) -> bool {
    json.windows(ESCAPE.len()).any(|part| part == ESCAPE)
}

const ESCAPE: &[u8] = br"\u0000";

/// Refuses a body with NUL in one of its texts, or names.
pub fn refuse_in_body(json: &[u8]) -> Result<(), Problem> {
    if !may_be_in(json) {
        return Ok(());
    }
    // What is no JSON is told of where it is read.
    let Ok(value) = serde_json::from_slice(json) else { return Ok(()) };
    let mut fields = Vec::new();
    look(&value, "", &mut fields);
    refuse(fields)
}

/// Refuses a query with NUL in it.
pub fn refuse_in_query(query: &str) -> Result<(), Problem> {
    let has_nul = |pair: &&str| pair.contains("%00") || pair.contains('\0');
    let name = |pair: &str| format!("?{}", pair.split('=').next().unwrap_or_default());
    let fields = query.split('&').filter(has_nul).map(|pair| FieldProblem::new(name(pair), NO_NUL));
    refuse(fields.take(MOST_TOLD).collect())
}

fn refuse(fields: Vec<FieldProblem>) -> Result<(), Problem> {
    if fields.is_empty() { Ok(()) } else { Err(Refusal::InvalidRequest { fields }.into()) }
}

fn look(value: &Value, pointer: &str, fields: &mut Vec<FieldProblem>) {
    if fields.len() >= MOST_TOLD {
        return;
    }
    match value {
        Value::String(text) if text.contains('\0') => fields.push(FieldProblem::new(pointer, NO_NUL)),
        Value::Array(items) => {
            for (at, item) in items.iter().enumerate() {
                look(item, &format!("{pointer}/{at}"), fields);
            }
        }
        Value::Object(items) => {
            for (name, item) in items {
                if name.contains('\0') {
                    fields.push(FieldProblem::new(pointer, "a name must not contain the character NUL"));
                }
                look(item, &pointer_to(pointer, name), fields);
            }
        }
        Value::String(_) | Value::Null | Value::Bool(_) | Value::Number(_) => {}
    }
}
