//! Two answers, member by member: names, types and values. Only what each Cal.com makes up itself may differ.

use std::collections::BTreeMap;

use serde_json::Value;

/// Members whose values are a Cal.com's own: ids that it makes up, and when it did something.
const OWN: [&str; 12] = [
    "uid",
    "seatUid",
    "icsUid",
    "bookingUid",
    "createdAt",
    "updatedAt",
    "timestamp",
    "iCalUID",
    "attendeeSeatId",
    "rescheduleUid",
    "subscriberUrl",
    "utcOffset",
];

/// Members that are numbers in one place, and made up in others.
const NUMBERED: [&str; 1] = ["id"];

/// What the recorded names are called here.
pub type Names = BTreeMap<String, String>;

/// All that differs; what is made up is noted, since later calls name it.
pub fn differences(recorded: &Value, ours: &Value, names: &mut Names) -> Vec<String> {
    let mut found = Vec::new();
    walk("", "", recorded, ours, names, &mut found);
    found
}

fn walk(
    path: &str,
    member: &str,
    recorded: &Value,
    ours: &Value,
    names: &mut Names,
    found: &mut Vec<String>,
) {
    match (recorded, ours) {
        (Value::Object(recorded), Value::Object(ours)) => {
            for (name, value) in recorded {
                match ours.get(name) {
                    Some(other) => walk(&format!("{path}.{name}"), name, value, other, names, found),
                    None => found.push(format!("{path} has no {name}")),
                }
            }
            let more = ours.keys().filter(|name| !recorded.contains_key(*name));
            found.extend(more.map(|name| format!("{path} has {name}, which was not recorded")));
        }
        // A booking has its people in no order: it was another one after somebody was marked absent (recorded: 088, 123).
        (Value::Array(recorded), Value::Array(ours))
            if member == "attendees" && path.starts_with(".data") =>
        {
            let by_address = |all: &[Value]| {
                let mut all = all.to_vec();
                all.sort_by_key(|it| it["email"].to_string());
                Value::from(all)
            };
            walk(path, "", &by_address(recorded), &by_address(ours), names, found);
        }
        (Value::Array(recorded), Value::Array(ours)) => {
            if recorded.len() != ours.len() {
                found.push(format!("{path} has {} and not {} entries", ours.len(), recorded.len()));
            }
            for (index, (value, other)) in recorded.iter().zip(ours).enumerate() {
                walk(&format!("{path}.{index}"), member, value, other, names, found);
            }
        }
        (Value::String(text), Value::String(other)) if text != other => {
            let is_made_up = OWN.contains(&member) || NUMBERED.contains(&member);
            let is_known = names.get(text).is_some_and(|it| it == other);
            if is_made_up {
                names.insert(text.clone(), other.clone());
            } else if !is_known && !is_said_alike(text, other, names) {
                found.push(format!("{path} is {ours}, and not {recorded}"));
            }
        }
        (Value::Number(_), Value::Number(_)) if OWN.contains(&member) => {}
        _ if recorded == ours => {}
        _ => found.push(format!("{path} is {ours}, and not {recorded}")),
    }
}

/// Whether two texts say the same with names and times of their own.
fn is_said_alike(recorded: &str, ours: &str, names: &Names) -> bool {
    let told = names.iter().fold(recorded.to_owned(), |text, (theirs, ours)| text.replace(theirs, ours));
    let bare = |text: &str| {
        let words = text
            .split([' ', ','])
            .map(|word| if word.parse::<jiff::Timestamp>().is_ok() { "…" } else { word });
        words.collect::<Vec<_>>().join(" ")
    };
    bare(&told) == bare(ours)
}
