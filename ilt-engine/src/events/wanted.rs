//! What other systems may send, to have sessions planned: the same contract that `consumers::plan` reads by.

use serde_json::{Value, json};

use super::said::Extension;
use super::{Names, parts, schema};

/// A UUID, alone or at the end of an address.
const ENDS_WITH_UUID: &str =
    r"(^|/)[0-9A-Fa-f]{8}-[0-9A-Fa-f]{4}-[0-9A-Fa-f]{4}-[0-9A-Fa-f]{4}-[0-9A-Fa-f]{12}$";

/// Every sort, with what it is for.
pub const SORTS: [(&str, &str); 2] = [
    (
        "wanted.scheduled",
        "A session takes place like this: planned when it is new, changed when it is known.",
    ),
    ("wanted.cancelled", "A session does not take place."),
];

/// The schema of each sort.
pub fn all(names: &Names) -> Vec<(String, Value)> {
    let schema = |(sort, description): (&str, &str)| {
        let extensions = if sort.ends_with("cancelled") { cancelled() } else { scheduled() };
        (sort.to_owned(), statement(sort, description, extensions, names))
    };
    SORTS.into_iter().map(schema).collect()
}

fn scheduled() -> Vec<Extension> {
    let said = |mut schema: Value, description: &str| {
        schema["description"] = description.into();
        schema
    };
    vec![
        (
            "scheduled_time",
            said(
                parts::text(),
                "An instant such as 2027-03-15T08:00:00Z, or a wall clock of the location such as 2027-03-15T09:00.",
            ),
            true,
        ),
        ("capacity", said(json!({"type": "integer", "minimum": 0}), "Seats."), true),
        ("location", said(parts::text(), "The name or the UUID of a known location."), true),
        (
            "duration",
            said(
                parts::text(),
                "Such as PT6H. When it is left out, what is known stays, and a new session lasts as long as its course. \
                 Not for a session of several parts.",
            ),
            false,
        ),
        ("room", said(json!({"type": "string"}), "Where in the building."), false),
        (
            "course",
            said(
                parts::text(),
                "Ends with the UUID of a known course; so may the first of context.contextActivities.parent, or the title is that of one course alone.",
            ),
            false,
        ),
    ]
}

fn cancelled() -> Vec<Extension> {
    vec![("reason", json!({"type": "string", "description": "What learners are told."}), false)]
}

fn statement(sort: &str, description: &str, extensions: Vec<Extension>, names: &Names) -> Value {
    let (required, known) = schema::named(extensions, names);
    let extensions = json!({"type": "object", "required": required, "properties": known});
    let context = json!({
        "type": "object",
        "required": if required.is_empty() { Vec::new() } else { vec!["extensions"] },
        "properties": {
            "extensions": extensions,
            "instructor": {"type": "object", "description": "By mbox (mailto:), or by account with the UUID of a person as its name."},
        },
    });
    json!({
        "$schema": "https://json-schema.org/draft/2020-12/schema",
        "$id": format!("{}/{sort}.json", names.schema_base),
        "title": sort,
        "description": description,
        "type": "object",
        "required": if required.is_empty() { vec!["object"] } else { vec!["object", "context"] },
        "properties": {
            "id": {"type": "string", "description": "What makes a record that comes again the same, unless the header ce_id does; without either, all that it says."},
            "verb": {
                "type": "object",
                "description": "Ends with scheduled, schedule, rescheduled, cancelled or cancel; read when the header ce_type is none of ours.",
            },
            "object": {
                "type": "object",
                "required": ["id"],
                "properties": {
                    "id": {"type": "string", "pattern": ENDS_WITH_UUID, "description": "Is or ends with the UUID of the session."},
                    "definition": {"type": "object", "description": "Its name may be the title of the course."},
                },
            },
            "context": context,
            "timestamp": parts::text(),
        },
    })
}
