//! The places of ids, from the contract.

use axum::http::Method;
use serde_json::Value;

use super::scene::Subject;

/// What an id is of.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Kind {
    Person,
    Registration,
    Session,
    Dealer,
    Course,
    Location,
    Alternative,
    Plugin,
    /// There is none.
    Nothing,
}

impl Kind {
    /// What is tried there.
    pub fn subjects(self) -> &'static [Subject] {
        use Subject::{Ada, Bob, Draft, Everybody, First, GivenUp, None, Other, Otto, Second, Some, Taught};
        match self {
            Self::Person | Self::Registration | Self::Alternative => &[Ada, Bob, Otto, None],
            Self::Session => &[Taught, Other, Draft, GivenUp, None],
            Self::Dealer => &[First, Second, None],
            Self::Plugin => &[First, Second, Everybody, None],
            Self::Course | Self::Location => &[Some, None],
            Self::Nothing => &[Some],
        }
    }

    fn of(name: &str, path: &str) -> Option<Self> {
        Some(match name {
            "person" | "learner" | "learners" | "manager" | "stands_in_for" | "instructors" => Self::Person,
            "course" | "prerequisites" | "equivalents" => Self::Course,
            "location" | "preferred_locations" => Self::Location,
            "dealer" => Self::Dealer,
            "session" | "sessions" | "to" => Self::Session,
            "registration" => Self::Registration,
            "id" => match path.split('/').nth(2)? {
                "people" => Self::Person,
                "registrations" => Self::Registration,
                "sessions" => Self::Session,
                "courses" => Self::Course,
                "locations" => Self::Location,
                "alternatives" => Self::Alternative,
                "plugins" => Self::Plugin,
                other => panic!("{other}: whose id is that?"),
            },
            // A device's own number for what it sends; what a request caused, whoever's it is; a rehearsal of a plugin, a sign-in and a key of a
            // person: whoever may not know of these hears of none.
            "client" | "request" | "rehearsal" | "sign_in" | "api_key" => return None,
            other => panic!("{other}: what is it the id of?"),
        })
    }
}

/// A place of an id in an operation.
#[derive(Debug, Clone)]
pub struct Spot {
    /// Such as `path id`, `?course` or `/learners[]`.
    pub name: String,
    pub kind: Kind,
}

/// Ids in bodies and queries of which the contract says only that they are texts or any JSON.
const UNTYPED: [(&str, &str); 11] = [
    ("live", "?sessions"),
    ("edit_course", "/prerequisites[]"),
    ("edit_course", "/equivalents[]"),
    ("edit_own", "/preferred_locations[]"),
    ("edit_person", "/dealer"),
    ("edit_person", "/manager"),
    ("edit_person", "/stands_in_for[]"),
    ("edit_person", "/roles[].dealer"),
    ("edit_session", "/course"),
    ("edit_session", "/location"),
    ("edit_session", "/instructors[]"),
];

/// Every operation with every place of an id in it.
pub fn all() -> Vec<(Method, String, String, Spot)> {
    let contract = serde_json::to_value(ilt_host::http::openapi()).expect("JSON");
    let mut all = Vec::new();
    for (path, methods) in contract["paths"].as_object().expect("paths") {
        for (method, operation) in methods.as_object().expect("methods") {
            let Ok(method) = method.to_uppercase().parse::<Method>() else { continue };
            let Some(name) = operation["operationId"].as_str() else { continue };
            for spot in spots(&contract, path, name, operation) {
                all.push((method.clone(), name.to_owned(), path.clone(), spot));
            }
        }
    }
    all
}

fn spots(contract: &Value, path: &str, name: &str, operation: &Value) -> Vec<Spot> {
    let mut names = Vec::new();
    for parameter in operation["parameters"].as_array().into_iter().flatten() {
        let mut inside = Vec::new();
        ids(contract, &parameter["schema"], "", &mut inside);
        let (place, called) = (parameter["in"].as_str(), parameter["name"].as_str().expect("a name"));
        match place {
            _ if inside.is_empty() => {}
            Some("path") => names.push(format!("path {called}")),
            Some("query") => names.push(format!("?{called}")),
            _ => {}
        }
    }
    if let Some(content) = operation["requestBody"]["content"].as_object() {
        content.values().for_each(|it| ids(contract, &it["schema"], "", &mut names));
    }
    names.extend(UNTYPED.iter().filter(|(it, _)| *it == name).map(|(_, place)| (*place).to_owned()));
    names.sort_unstable();
    names.dedup();
    let last = |place: &str| {
        place.rsplit(['/', '.', '?', ' ']).next().unwrap_or(place).trim_end_matches("[]").to_owned()
    };
    let spot = |place: String| Some(Spot { kind: Kind::of(&last(&place), path)?, name: place });
    let mut spots: Vec<_> = names.into_iter().filter_map(spot).collect();
    if spots.is_empty() {
        spots.push(Spot { name: "-".to_owned(), kind: Kind::Nothing });
    }
    spots
}

/// Pointers to ids in what a schema describes.
fn ids(contract: &Value, schema: &Value, at: &str, found: &mut Vec<String>) {
    if let Some(name) = schema["$ref"].as_str().and_then(|it| it.rsplit('/').next()) {
        return ids(contract, &contract["components"]["schemas"][name], at, found);
    }
    if schema["format"] == "uuid" {
        found.push(at.to_owned());
    }
    for choice in ["allOf", "oneOf", "anyOf"] {
        schema[choice].as_array().into_iter().flatten().for_each(|it| ids(contract, it, at, found));
    }
    if schema["items"].is_object() {
        ids(contract, &schema["items"], &format!("{at}[]"), found);
    }
    for (name, property) in schema["properties"].as_object().into_iter().flatten() {
        let at = if at.is_empty() || !at.ends_with("[]") {
            format!("{at}/{name}")
        } else {
            format!("{at}.{name}")
        };
        ids(contract, property, &at, found);
    }
}
