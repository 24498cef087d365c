//! What each sort of statement says beside who did what: its title, its extensions, its result.

use ilt_core::statement::{Dialect, Topic, Verb};
use serde_json::{Value, json};

use super::parts::{instant, one_of, text, uuid};

/// An extension: its name, its schema, and whether it is always there.
pub type Extension = (&'static str, Value, bool);

/// A length in hours and minutes.
const LENGTH: &str = r"^PT(0S|\d+H(\d+M)?|\d+M)$";

/// What a statement of this verb in a topic means, for whoever reads the contract.
pub const fn title(topic: Topic, verb: Verb) -> &'static str {
    match verb {
        Verb::Scheduled => "A session is open to learners.",
        Verb::Rescheduled if matches!(topic, Topic::Registration) => {
            "A learner's session was moved to another time or place."
        }
        Verb::Rescheduled => "A session was moved to another time or place.",
        Verb::Changed => {
            "A session that is open is planned otherwise: its seats, its minimum, its room, its instructors. It has its time and place still."
        }
        Verb::Described => {
            "A course is there, or is otherwise than it was: its title, its summary, or what the extensions say."
        }
        Verb::Cancelled => "A session will not take place.",
        Verb::Registered => "A learner has a seat.",
        Verb::Unregistered => "A learner has no seat any more, nor a place in the queue.",
        Verb::Waitlisted => "A learner waits for a seat.",
        Verb::Requested => "A learner waits for an approval; a seat is held meanwhile.",
        Verb::Offered => "A seat is held for a learner until they answer.",
        Verb::OfferDeclined => "A learner did not want the seat, and keeps the place in the queue.",
        Verb::OfferLapsed => "A learner did not answer in time, and keeps the place in the queue.",
        Verb::Attended => "A learner was there, for long enough or not.",
        Verb::NoShow => "A learner was not there.",
        Verb::Excused => "A learner was away with an excuse.",
        Verb::Completed => "A learner has completed the course.",
        Verb::Voided => "What an earlier statement said was wrong.",
    }
}

/// The extensions of a statement of this verb, for whom it is told.
pub fn extensions(verb: Verb, dialect: Dialect) -> Vec<Extension> {
    let is_nlj = dialect == Dialect::Nlj;
    let mut all = match verb {
        Verb::Scheduled | Verb::Cancelled => session(true),
        Verb::Changed => {
            let mut all = session(true);
            all.push(("minimum", json!({"type": "integer", "minimum": 0}), true));
            all
        }
        Verb::Rescheduled => {
            let mut all = session(false);
            all.push(("previous_scheduled_time", instant(), false));
            all
        }
        Verb::Registered => {
            let how = ["online", "waitlist", "approval", "substitution", "walk_in", "beyond_capacity"];
            vec![("registration_method", one_of(&how), true)]
        }
        Verb::Unregistered => vec![
            ("cancelled_by", one_of(&["learner", "organisation", "session", "time"]), true),
            ("cancellation_reason", text(), false),
            ("late_cancellation", json!({"type": "boolean"}), false),
            ("transferred_to", uuid(), false),
        ],
        Verb::Waitlisted => vec![
            ("automatic", json!({"type": "boolean"}), true),
            ("waitlist_position", json!({"type": "integer", "minimum": 1}), is_nlj),
        ],
        Verb::Requested => {
            vec![("expires_at", instant(), true), ("registration_method", one_of(&["online"]), is_nlj)]
        }
        Verb::Offered => vec![("expires_at", instant(), true)],
        Verb::Attended | Verb::NoShow | Verb::Excused => {
            vec![("attendance_status", one_of(&["attended", "partial", "no_show", "excused"]), true)]
        }
        Verb::Completed => vec![("completed_at", instant(), true)],
        Verb::Described => vec![
            prerequisites(true),
            ("programme_type", text(), false),
            ("topics", json!({"type": "array", "items": text()}), false),
            ("length", json!({"type": "string", "pattern": LENGTH}), false),
            ("travel", json!({"type": "boolean"}), false),
            ("equivalents", json!({"type": "array", "items": uuid()}), false),
            ("track", text(), false),
            ("validity_months", json!({"type": "integer", "minimum": 1}), false),
        ],
        Verb::OfferDeclined | Verb::OfferLapsed | Verb::Voided => Vec::new(),
    };
    let has_times = !matches!(verb, Verb::Completed | Verb::Described | Verb::Voided);
    let is_of_learner =
        !matches!(verb, Verb::Scheduled | Verb::Changed | Verb::Cancelled | Verb::Described | Verb::Voided);
    if has_times {
        all.push(("scheduled_time", instant(), true));
    }
    if has_times {
        all.push(("cal_event_id", text(), false));
    }
    if has_times || verb == Verb::Completed {
        all.push(("scheduled_zone", text(), false));
    }
    if is_of_learner {
        all.push(("cal_booking_id", text(), false));
        all.push(("registration_id", uuid(), false));
    }
    if is_nlj && has_times {
        all.extend([("start_time", instant(), true), ("end_time", instant(), true)]);
    }
    if is_nlj && (has_times || verb == Verb::Completed) {
        all.push(("program_id", uuid(), true));
    }
    if is_nlj && is_of_learner {
        // A session that moves is told of by itself too.
        all.extend([("booking_id", uuid(), false), ("learner_id", uuid(), verb != Verb::Rescheduled)]);
    }
    all
}

fn prerequisites(is_always_there: bool) -> Extension {
    ("prerequisites", json!({"type": "array", "items": uuid()}), is_always_there)
}

fn session(is_always_whole: bool) -> Vec<Extension> {
    vec![
        ("capacity", json!({"type": "integer", "minimum": 0}), is_always_whole),
        prerequisites(is_always_whole),
        ("location", text(), false),
        ("rooms", json!({"type": "array", "items": text()}), false),
        ("reason", text(), false),
    ]
}

/// The result, for verbs that have one.
pub fn result(verb: Verb) -> Option<Value> {
    let completion = match verb {
        Verb::Attended => json!({"type": "boolean"}),
        Verb::NoShow | Verb::Excused => json!({"const": false}),
        Verb::Completed => json!({"const": true}),
        _ => return None,
    };
    let duration = json!({"type": "string", "pattern": LENGTH});
    Some(json!({
        "type": "object",
        "required": ["completion"],
        "properties": {"completion": completion, "success": {"type": "boolean"}, "duration": duration},
    }))
}

/// The extensions of the result, for verbs that have some: how somebody was there, and when they came and went where that was seen.
pub fn of_result(verb: Verb) -> Vec<Extension> {
    match verb {
        Verb::Attended => vec![
            ("attendance_method", one_of(&["in_person"]), false),
            ("check_in_time", instant(), false),
            ("check_out_time", instant(), false),
        ],
        _ => Vec::new(),
    }
}
