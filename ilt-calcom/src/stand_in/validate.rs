//! What class-validator finds, as far as it was recorded. It repeats all that was sent.

use jiff::civil::{Date, Time};
use serde_json::{Value, json};

use super::refusal::Refusal;

/// Triggers that are known (recorded: 019).
pub const TRIGGERS: [&str; 19] = [
    "BOOKING_CREATED",
    "BOOKING_PAYMENT_INITIATED",
    "BOOKING_PAID",
    "BOOKING_RESCHEDULED",
    "BOOKING_REQUESTED",
    "BOOKING_CANCELLED",
    "BOOKING_REJECTED",
    "BOOKING_NO_SHOW_UPDATED",
    "FORM_SUBMITTED",
    "MEETING_ENDED",
    "MEETING_STARTED",
    "RECORDING_READY",
    "RECORDING_TRANSCRIPTION_GENERATED",
    "OOO_CREATED",
    "AFTER_HOSTS_CAL_VIDEO_NO_SHOW",
    "AFTER_GUESTS_CAL_VIDEO_NO_SHOW",
    "FORM_SUBMITTED_NO_EVENT",
    "DELEGATION_CREDENTIAL_ERROR",
    "WRONG_ASSIGNMENT_REPORT",
];

fn error(target: &Value, property: &str, children: Vec<Value>, rule: Option<(&str, &str)>) -> Value {
    let mut error = json!({ "target": target, "property": property });
    error["children"] = children.into();
    if let Some(value) = target.get(property) {
        error["value"] = value.clone();
    }
    if let Some((name, words)) = rule {
        error["constraints"] = json!({ name: words });
    }
    error
}

fn ended(errors: Vec<Value>) -> Result<(), Refusal> {
    if errors.is_empty() { Ok(()) } else { Err(Refusal::invalid(errors)) }
}

/// Dates and times of a schedule (recorded: 009).
pub fn schedule(body: &Value) -> Result<(), Refusal> {
    let overrides = &body["overrides"];
    let mut dates = Vec::new();
    for (index, one) in overrides.as_array().into_iter().flatten().enumerate() {
        let text = |name: &str| one[name].as_str().unwrap_or_default();
        let mut wrong = Vec::new();
        if text("date").parse::<Date>().is_err() {
            wrong.push(error(
                one,
                "date",
                vec![],
                Some(("isIso8601", "date must be a valid ISO 8601 date string")),
            ));
        }
        for name in ["startTime", "endTime"] {
            if text(name).len() != 5 || Time::strptime("%H:%M", text(name)).is_err() {
                let words = format!("{name} must be a valid time format HH:MM");
                wrong.push(error(one, name, vec![], Some(("matches", &words))));
            }
        }
        if !wrong.is_empty() {
            let mut child = json!({ "target": overrides, "property": index.to_string(), "children": wrong });
            child["value"] = one.clone();
            dates.push(child);
        }
    }
    if dates.is_empty() { Ok(()) } else { ended(vec![error(body, "overrides", dates, None)]) }
}

/// Length and seats of an event type (recorded: 012).
pub fn event_type(body: &Value) -> Result<(), Refusal> {
    let mut errors = Vec::new();
    // What is repeated says this as well, sent or not.
    let mut repeated = body.clone();
    if body["seats"].is_object() && body["seats"].get("disabled").is_none() {
        repeated["seats"]["disabled"] = false.into();
    }
    let body = &repeated;
    let is_small = |value: &Value| value.as_i64().is_some_and(|it| it < 1);
    if is_small(&body["lengthInMinutes"]) {
        let rule = ("min", "lengthInMinutes must not be less than 1");
        errors.push(error(body, "lengthInMinutes", vec![], Some(rule)));
    }
    let seats = &body["seats"];
    if seats.is_object() && seats["disabled"] != true {
        let mut wrong = Vec::new();
        if is_small(&seats["seatsPerTimeSlot"]) {
            let rule = ("min", "seatsPerTimeSlot must not be less than 1");
            wrong.push(error(seats, "seatsPerTimeSlot", vec![], Some(rule)));
        }
        for name in ["showAttendeeInfo", "showAvailabilityCount"] {
            if !seats[name].is_boolean() {
                let words = format!("{name} must be a boolean value");
                wrong.push(error(seats, name, vec![], Some(("isBoolean", &words))));
            }
        }
        if !wrong.is_empty() {
            errors.push(error(body, "seats", wrong, None));
        }
    }
    ended(errors)
}

/// Triggers of a webhook (recorded: 019).
pub fn triggers(body: &Value) -> Result<(), Refusal> {
    let all = body["triggers"].as_array().map(Vec::as_slice).unwrap_or_default();
    if all.iter().all(|it| it.as_str().is_some_and(|it| TRIGGERS.contains(&it))) {
        return Ok(());
    }
    let words =
        format!("each value in triggers must be one of the following values: {}", TRIGGERS.join(", "));
    ended(vec![error(body, "triggers", vec![], Some(("isEnum", &words)))])
}

/// The size of a page (recorded: 126).
pub fn take(asked: Option<&str>) -> Result<usize, Refusal> {
    let take = asked.map_or(Ok(100), str::parse::<usize>).unwrap_or(100);
    if take > 250 {
        let rule = ("max", "take must not be greater than 250");
        return ended(vec![error(&json!({ "take": take }), "take", vec![], Some(rule))]).map(|()| take);
    }
    Ok(take.max(1))
}

/// What a seat is booked with (recorded: 049, 050, 053).
pub fn booking(body: &Value) -> Result<(), Refusal> {
    if !body["attendee"].is_object() {
        return Err(Refusal::bad_request(
            "attendee property is wrong,attendee should not be null or undefined ",
        ));
    }
    let is_long = |text: &Value| text.as_str().is_some_and(|it| it.chars().count() > 500);
    let is_wrong = body["metadata"].as_object().is_some_and(|all| {
        all.len() > 50 || all.iter().any(|(name, value)| name.chars().count() > 40 || is_long(value))
    });
    if is_wrong {
        return Err(Refusal::bad_request(
            "metadata property is wrong,Metadata must have at most 50 keys, each key up to 40 characters, and string values up to 500 characters. ",
        ));
    }
    Ok(())
}
