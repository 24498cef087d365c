//! The JSON Schema of each sort of statement, with the names that this installation uses.

use ilt_core::statement::{Dialect, Style, Topic, Verb, event_type, sorts};
use serde_json::{Map, Value, json};

use super::{parts, said};

/// How an installation names things.
#[derive(Debug, Clone)]
pub struct Names {
    /// In statements.
    pub style: Style,
    /// What the addresses of schemas begin with, without a slash at the end.
    pub schema_base: String,
}

impl Default for Names {
    fn default() -> Self {
        Self { style: Style::default(), schema_base: "http://nlj.platform/schemas".to_owned() }
    }
}

/// Every schema by the type of its events.
pub fn all(names: &Names) -> Vec<(String, Value)> {
    sorts().into_iter().map(|(topic, verb)| (event_type(topic, verb), of(topic, verb, names))).collect()
}

/// What statements of one sort look like.
pub fn of(topic: Topic, verb: Verb, names: &Names) -> Value {
    let kind = event_type(topic, verb);
    let mut properties = Map::from_iter([
        ("id".to_owned(), parts::uuid()),
        ("actor".to_owned(), parts::agent()),
        ("verb".to_owned(), parts::verb(&verb.iri(&names.style))),
        ("object".to_owned(), object(verb, names)),
        ("timestamp".to_owned(), parts::instant()),
    ]);
    // A record store adds these; whoever sends must not.
    for added in ["stored", "authority", "version"] {
        properties.insert(added.to_owned(), Value::Bool(false));
    }
    let mut required = vec!["id", "actor", "verb", "object", "timestamp"];
    if names.style.dialect == Dialect::Nlj {
        properties.insert("version".to_owned(), json!({"const": "1.0.3"}));
        required.push("version");
    }
    if let Some(mut result) = said::result(verb) {
        let own = said::of_result(verb);
        if !own.is_empty() {
            result["properties"]["extensions"] = extensions(own, names);
        }
        properties.insert("result".to_owned(), result);
        required.push("result");
    }
    if verb != Verb::Voided {
        properties.insert("context".to_owned(), context(topic, verb, names));
        required.push("context");
    }
    json!({
        "$schema": "https://json-schema.org/draft/2020-12/schema",
        "$id": format!("{}/{kind}.json", names.schema_base),
        "title": kind,
        "description": said::title(topic, verb),
        "type": "object",
        "required": required,
        "properties": properties,
    })
}

fn session(names: &Names) -> Value {
    parts::activity(&format!("{}/training-sessions", names.style.activity_base), &names.style.session_type)
}

fn course(names: &Names) -> Value {
    let style = &names.style;
    parts::activity(&format!("{}/{}", style.activity_base, style.courses), &style.course_type)
}

fn object(verb: Verb, names: &Names) -> Value {
    match verb {
        Verb::Voided => parts::statement_ref(),
        Verb::Completed | Verb::Described => course(names),
        _ => session(names),
    }
}

fn context(topic: Topic, verb: Verb, names: &Names) -> Value {
    let profile = json!({
        "type": "object",
        "required": ["id"],
        "properties": {"id": {"const": names.style.profile}},
    });
    let mut required_fields = vec!["contextActivities", "platform", "language", "extensions"];
    if is_of_a_registration(topic, verb) {
        required_fields.push("registration");
    }
    json!({
        "type": "object",
        "required": required_fields,
        "properties": {
            "registration": parts::uuid(),
            "instructor": parts::agent(),
            "contextActivities": {
                "type": "object",
                "required": ["category"],
                "properties": {
                    "category": parts::activities(&profile),
                    "parent": parts::activities(&course(names)),
                    "other": parts::activities(&session(names)),
                },
            },
            "platform": parts::text(),
            "language": parts::text(),
            "extensions": extensions(said::extensions(verb, names.style.dialect), names),
        },
    })
}

/// These extensions and any others, none of them null.
fn extensions(all: Vec<said::Extension>, names: &Names) -> Value {
    let (required, known) = named(all, names);
    json!({
        "type": "object",
        "required": required,
        "properties": known,
        "propertyNames": parts::iri(),
        "additionalProperties": {"not": {"type": "null"}},
    })
}

/// Which of these extensions are required, and what each looks like, by the names that an installation gives them.
pub(super) fn named(all: Vec<said::Extension>, names: &Names) -> (Vec<String>, Map<String, Value>) {
    let iri = |name: &str| format!("{}/{name}", names.style.extension_base);
    let required = all.iter().filter(|it| it.2).map(|it| iri(it.0)).collect();
    (required, all.into_iter().map(|(name, schema, _)| (iri(name), schema)).collect())
}

/// Whether it is always told of one learner's registration. A session that moves is told of by itself too, and a course can be
/// completed elsewhere.
const fn is_of_a_registration(topic: Topic, verb: Verb) -> bool {
    match verb {
        Verb::Registered
        | Verb::Unregistered
        | Verb::Waitlisted
        | Verb::Requested
        | Verb::Offered
        | Verb::OfferDeclined
        | Verb::OfferLapsed
        | Verb::Attended
        | Verb::NoShow
        | Verb::Excused => true,
        Verb::Rescheduled => matches!(topic, Topic::Registration),
        Verb::Scheduled
        | Verb::Changed
        | Verb::Cancelled
        | Verb::Described
        | Verb::Completed
        | Verb::Voided => false,
    }
}
