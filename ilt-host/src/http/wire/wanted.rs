//! What a value must be, in our words: from its schema, so that no answer repeats what a library says.

use serde_json::Value;

/// What a value of this schema must be, as far as it says more than of which kind; `named` are the schemas that others refer to.
pub fn wanted(schema: &Value, named: &impl Fn(&str) -> Option<Value>) -> Option<String> {
    if let Some(name) = schema["$ref"].as_str().and_then(|path| path.rsplit('/').next()) {
        return wanted(&named(name)?, named);
    }
    if let Some(choices) = schema["oneOf"].as_array() {
        return choices.iter().find_map(|choice| wanted(choice, named));
    }
    if let Some(words) = schema["enum"].as_array() {
        let words: Vec<_> = words.iter().filter_map(Value::as_str).collect();
        return Some(format!("must be one of {}", words.join(", ")));
    }
    match (kind_of(schema)?, schema["format"].as_str()) {
        ("string", Some("uuid")) => {
            Some("must be an id, such as 01890a5d-ac96-774b-bcce-b302099a8057".to_owned())
        }
        ("string", Some("date-time")) => Some("must be an instant, such as 2027-03-28T09:00:00Z".to_owned()),
        ("string", _) => {
            let example = schema["examples"].get(0).or(schema.get("example")).and_then(Value::as_str)?;
            let Some(what) = schema["description"].as_str() else {
                return Some(format!("must be written like {example}"));
            };
            let mut letters = what.trim_end_matches('.').chars();
            let first = letters.next().into_iter().flat_map(char::to_lowercase);
            Some(format!("must be {}, such as {example}", first.chain(letters).collect::<String>()))
        }
        ("integer", format) => Some(whole(schema, format)),
        ("number", _) => Some(match (schema["minimum"].as_f64(), schema["maximum"].as_f64()) {
            (Some(least), Some(most)) => format!("must be a number from {least} to {most}"),
            _ => "must be a number".to_owned(),
        }),
        ("boolean", _) => Some("must be true or false".to_owned()),
        _ => None,
    }
}

fn kind_of(schema: &Value) -> Option<&str> {
    match &schema["type"] {
        Value::Array(kinds) => kinds.iter().filter_map(Value::as_str).find(|kind| *kind != "null"),
        kind => kind.as_str(),
    }
}

fn whole(schema: &Value, format: Option<&str>) -> String {
    let least = schema["minimum"].as_i64();
    let most = schema["maximum"].as_i64().or_else(|| match format? {
        "int32" if least == Some(0) => Some(u32::MAX.into()),
        "int32" => Some(i32::MAX.into()),
        _ => None,
    });
    match (least, most) {
        (Some(least), Some(most)) => format!("must be a whole number from {least} to {most}"),
        (Some(least), None) => format!("must be a whole number, {least} or more"),
        (None, _) => "must be a whole number".to_owned(),
    }
}
