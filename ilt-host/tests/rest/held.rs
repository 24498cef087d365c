//! Every request that a test sends and every answer that it gets are held to the document of the contract.
//!
//! What was accepted was allowed to be sent; what was answered is said there, and no field of it is missing there.

use std::sync::LazyLock;

use axum::http::Method;
use serde_json::Value;

use crate::reply::Reply;

static DOCUMENT: LazyLock<Value> =
    LazyLock::new(|| serde_json::to_value(ilt_host::http::openapi()).expect("JSON"));

/// Fails when the request was accepted, and the document says that it cannot be sent so, or when it does not say that this is answered.
#[track_caller]
pub fn to_the_document(method: &Method, uri: &str, body: Option<&str>, reply: &Reply) {
    let (path, query) = uri.split_once('?').unwrap_or((uri, ""));
    let Some(operation) = operation(method, path) else { return };
    if (200..300).contains(&reply.status) {
        let known = operation["parameters"].as_array().cloned().unwrap_or_default();
        for name in query.split('&').filter_map(|pair| pair.split('=').next()).filter(|name| !name.is_empty())
        {
            let is_known = known.iter().any(|it| it["in"] == "query" && it["name"] == name);
            assert!(is_known, "{method} {path} took ?{name}, which the document does not know");
        }
        let sent = body.filter(|body| !body.is_empty());
        match (sent, &operation["requestBody"]) {
            (_, Value::Null) => {}
            (None, said) => {
                assert!(said["required"] != true, "{method} {path} needs no body, against the document");
            }
            (Some(sent), said) => {
                let sent = serde_json::from_str(sent).expect("what was taken is JSON");
                hold(
                    &said["content"]["application/json"]["schema"],
                    &sent,
                    &format!("{method} {path} took"),
                    "",
                );
            }
        }
    }
    let responses = &operation["responses"];
    let said = responses.get(reply.status.to_string()).unwrap_or(&responses["default"]);
    let Some(content) = said["content"].as_object() else {
        return assert_eq!(reply.text(), "", "{method} {path} answered {} with a body", reply.status);
    };
    let kind = reply.header("content-type").split(';').next().unwrap_or_default();
    let about = format!("{method} {path} answered {} {kind}", reply.status);
    let said =
        content.get(kind).unwrap_or_else(|| panic!("{about}, and the document says {:?}", content.keys()));
    if kind.ends_with("json") {
        hold(&said["schema"], &reply.json(reply.status), &about, "");
    }
}

/// What the document says of a request; nothing where it is no operation of ours.
fn operation(method: &Method, path: &str) -> Option<&'static Value> {
    let fits = |template: &str| {
        let (mut asked, mut said) = (path.split('/'), template.split('/'));
        let mut each = asked.by_ref().zip(said.by_ref());
        let all = each.all(|(asked, said)| match said.split_once('}') {
            Some((_, "")) => std::path::Path::new(asked).extension().is_none_or(|end| end != "ics"),
            Some((_, end)) => asked.ends_with(end),
            None => asked == said,
        });
        all && path.matches('/').count() == template.matches('/').count()
    };
    let paths = DOCUMENT["paths"].as_object().expect("paths");
    let found = paths.iter().find(|(template, _)| fits(template))?.1;
    found.get(method.as_str().to_lowercase())
}

/// Fails when `value` is not what the schema says.
#[track_caller]
fn hold(schema: &Value, value: &Value, about: &str, at: &str) {
    if let Err(wrong) = look(schema, value, at) {
        panic!("{about} something else than the document says: {wrong}\n{value:#}");
    }
}

fn look(schema: &Value, value: &Value, at: &str) -> Result<(), String> {
    if let Some(reference) = schema["$ref"].as_str() {
        let schema = DOCUMENT.pointer(&reference[1..]).ok_or_else(|| format!("{reference} leads nowhere"))?;
        return look(schema, value, at);
    }
    if let Some(choices) = schema["oneOf"].as_array() {
        let fitting = choices.iter().filter(|choice| look(choice, value, at).is_ok()).count();
        return if fitting == 1 { Ok(()) } else { Err(format!("{at} fits {fitting} of {choices:?}")) };
    }
    let kinds = match &schema["type"] {
        Value::Array(kinds) => kinds.clone(),
        Value::Null => return Ok(()),
        kind => vec![kind.clone()],
    };
    if !kinds.iter().filter_map(Value::as_str).any(|kind| is_of_kind(kind, value)) {
        return Err(format!("{at} is no {kinds:?}: {value}"));
    }
    if let Some(words) = schema["enum"].as_array().filter(|words| !words.contains(value)) {
        return Err(format!("{at} is none of {words:?}: {value}"));
    }
    match (value, &schema["properties"]) {
        (Value::Object(fields), Value::Object(known)) => {
            let mut required = schema["required"].as_array().into_iter().flatten().filter_map(Value::as_str);
            if let Some(name) = required.find(|name| !fields.contains_key(*name)) {
                return Err(format!("{at}/{name} is missing"));
            }
            // A problem has facts of its own beside what all of them have.
            let is_open = known.contains_key("trace_id");
            for (name, value) in fields {
                match known.get(name) {
                    Some(schema) => look(schema, value, &format!("{at}/{name}"))?,
                    None if is_open => {}
                    None => return Err(format!("{at}/{name} is not known")),
                }
            }
        }
        (Value::Array(items), _) => {
            for (place, item) in items.iter().enumerate() {
                look(&schema["items"], item, &format!("{at}/{place}"))?;
            }
        }
        _ => {}
    }
    Ok(())
}

fn is_of_kind(kind: &str, value: &Value) -> bool {
    match kind {
        "string" => value.is_string(),
        "integer" => value.as_f64().is_some_and(|it| it.fract() == 0.0),
        "number" => value.is_number(),
        "boolean" => value.is_boolean(),
        "array" => value.is_array(),
        "object" => value.is_object(),
        "null" => value.is_null(),
        _ => false,
    }
}
