//! What is wrong with a body that could not be read: every field at once, by the schema that the contract shows.
//!
//! Whether a body is accepted is serde's decision alone; the schema is only asked to explain a no, since serde stops at the first
//! field that is wrong.

use std::collections::BTreeMap;

use ilt_core::fault::FieldProblem;
use serde_json::{Map, Value};
use utoipa::ToSchema;
use utoipa::openapi::RefOr;
use utoipa::openapi::schema::Schema;

use crate::http::wire::problem::MOST_TOLD;
use crate::http::wire::wanted;

/// The fields of `value` that the schema of `T` does not know, misses, or wants to be of another kind; one more than are told of at most.
pub fn problems<T: ToSchema>(value: &Value) -> Vec<FieldProblem> {
    let mut shape = Shape { named: named::<T>(), found: Vec::new() };
    shape.walk(&json(&T::schema()), value, String::new());
    shape.found
}

/// What the field that `pointer` points to must be, as the schema of `T` has it.
pub fn wanted<T: ToSchema>(pointer: &str) -> Option<String> {
    let named = named::<T>();
    let resolve = |name: &str| named.get(name).cloned();
    let step = |schema: Value, segment: &str| {
        let schema = whole(schema, &named);
        let field = &schema["properties"][segment.replace("~1", "/").replace("~0", "~")];
        if field.is_null() { schema["items"].clone() } else { field.clone() }
    };
    let schema = pointer.split('/').skip(1).fold(json(&T::schema()), step);
    wanted::wanted(&schema, &resolve)
}

/// The schema itself, where it is a reference, or may be null instead.
fn whole(schema: Value, named: &BTreeMap<String, Value>) -> Value {
    if let Some(name) = schema["$ref"].as_str().and_then(|path| path.rsplit('/').next()) {
        return named.get(name).cloned().unwrap_or_default();
    }
    let choice =
        schema["oneOf"].as_array().and_then(|all| all.iter().find(|choice| choice["type"] != "null"));
    match choice.cloned() {
        Some(choice) => whole(choice, named),
        None => schema,
    }
}

/// Schemas that that of `T` refers to.
fn named<T: ToSchema>() -> BTreeMap<String, Value> {
    let mut named = Vec::new();
    T::schemas(&mut named);
    named.into_iter().map(|(name, schema)| (name, json(&schema))).collect()
}

fn json(schema: &RefOr<Schema>) -> Value {
    serde_json::to_value(schema).unwrap_or_default()
}

/// A pointer to the field `name` of what `pointer` points to (RFC 6901).
pub fn pointer_to(pointer: &str, name: &str) -> String {
    format!("{pointer}/{}", name.replace('~', "~0").replace('/', "~1"))
}

struct Shape {
    /// Schemas that others refer to.
    named: BTreeMap<String, Value>,
    found: Vec<FieldProblem>,
}

impl Shape {
    fn has_enough(&self) -> bool {
        self.found.len() > MOST_TOLD
    }

    fn walk(&mut self, schema: &Value, value: &Value, pointer: String) {
        if self.has_enough() {
            return;
        }
        if let Some(name) = schema["$ref"].as_str().and_then(|path| path.rsplit('/').next()) {
            let Some(schema) = self.named.get(name).cloned() else { return };
            return self.walk(&schema, value, pointer);
        }
        if let Some(choices) = schema["oneOf"].as_array().or(schema["anyOf"].as_array()) {
            // Only "this or null" occurs in our bodies.
            let choice = choices.iter().find(|choice| choice["type"] != "null").filter(|_| !value.is_null());
            return choice.into_iter().for_each(|choice| self.walk(choice, value, pointer.clone()));
        }
        let kinds: Vec<&str> = match &schema["type"] {
            Value::String(kind) => vec![kind],
            Value::Array(kinds) => kinds.iter().filter_map(Value::as_str).collect(),
            _ => Vec::new(),
        };
        if !kinds.is_empty() && !kinds.iter().any(|kind| is_of_kind(kind, value)) {
            let words: Vec<_> = kinds.iter().map(|kind| in_words(kind)).collect();
            return self.found.push(FieldProblem::new(pointer, format!("must be {}", words.join(" or "))));
        }
        match value {
            Value::Object(fields) => self.object(schema, fields, &pointer),
            Value::Array(items) => {
                for (at, item) in items.iter().enumerate() {
                    if self.has_enough() {
                        return;
                    }
                    self.walk(&schema["items"], item, format!("{pointer}/{at}"));
                }
            }
            _ => {}
        }
    }

    fn object(&mut self, schema: &Value, fields: &Map<String, Value>, pointer: &str) {
        let Some(known) = schema["properties"].as_object() else { return };
        for (name, value) in fields {
            if self.has_enough() {
                return;
            }
            let pointer = pointer_to(pointer, name);
            if let Some(schema) = known.get(name) {
                self.walk(schema, value, pointer);
            } else {
                let names: Vec<_> = known.keys().map(String::as_str).collect();
                let detail = format!("is not known; known are {}", names.join(", "));
                self.found.push(FieldProblem::new(pointer, detail));
            }
        }
        let required = schema["required"].as_array().into_iter().flatten().filter_map(Value::as_str);
        for name in required.filter(|name| !fields.contains_key(*name)) {
            self.found.push(FieldProblem::new(pointer_to(pointer, name), "is missing"));
        }
    }
}

fn is_of_kind(kind: &str, value: &Value) -> bool {
    match kind {
        "string" => value.is_string(),
        "integer" => value.is_i64() || value.is_u64(),
        "number" => value.is_number(),
        "boolean" => value.is_boolean(),
        "array" => value.is_array(),
        "object" => value.is_object(),
        "null" => value.is_null(),
        _ => true,
    }
}

fn in_words(kind: &str) -> &str {
    match kind {
        "string" => "a text",
        "integer" => "a whole number",
        "number" => "a number",
        "boolean" => "true or false",
        "array" => "a list",
        "object" => "an object",
        other => other,
    }
}
