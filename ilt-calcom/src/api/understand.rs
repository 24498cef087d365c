//! What a refusal means: three shapes of bodies, and the words by which Cal.com tells one refusal from another.
//!
//! Its words are compared and thrown away: they repeat what was sent, with names and addresses.

use std::time::Duration;

use reqwest::StatusCode;
use serde_json::Value;

use super::error::Kind;
use super::version::Family;

/// Fields of a refusal that are named.
const MOST_FIELDS: usize = 20;
/// Characters of such a name.
const LONGEST_FIELD: usize = 80;
/// How deep a refusal's tree of fields is followed.
const DEEPEST: usize = 8;

/// A refusal, in whichever of the three shapes it came.
struct Refusal<'a> {
    /// Nest's name for it; empty in the two short shapes.
    code: &'a str,
    message: &'a str,
    details: &'a Value,
}

impl<'a> Refusal<'a> {
    fn read(body: &'a Value) -> Option<Self> {
        let text = |value: &'a Value| value.as_str().unwrap_or_default();
        if body["status"] == "error" && body["error"].is_object() {
            let error = &body["error"];
            return Some(Self {
                code: text(&error["code"]),
                message: text(&error["message"]),
                details: &error["details"],
            });
        }
        let is_short = body["statusCode"].is_u64() && body["message"].is_string();
        is_short.then(|| Self { code: "", message: text(&body["message"]), details: &Value::Null })
    }
}

/// What an answer that is no yes means. `reset` is how long Cal.com wants to be left alone, when it says so.
pub fn understand(status: StatusCode, body: &[u8], family: Family, reset: Option<Duration>) -> Kind {
    let body: Value = serde_json::from_slice(body).unwrap_or_default();
    match (status.as_u16(), Refusal::read(&body)) {
        (429, _) => Kind::Throttled { reset: reset.unwrap_or(Duration::from_mins(1)) },
        (410, _) => Kind::Gone,
        (502..=504, None) => Kind::Gateway,
        (500.., _) => Kind::Server,
        (_, None) => Kind::NotCalcom,
        (401, Some(refusal)) => unauthorised(&refusal),
        (403, Some(_)) => Kind::NotAllowed,
        (404, Some(refusal)) if refusal.message.starts_with("Cannot ") => Kind::NoSuchCall(family),
        (404, Some(_)) => Kind::NotFound,
        (409, Some(refusal)) => conflict(refusal.message),
        (_, Some(refusal)) => refused(&refusal),
    }
}

fn unauthorised(refusal: &Refusal<'_>) -> Kind {
    let says = |words| refusal.message.contains(words);
    if says("No authentication method provided") {
        Kind::NoKey
    } else if says("expired") {
        Kind::KeyExpired
    } else if says("Invalid API Key") || says("api key is not valid") {
        Kind::BadKey
    } else {
        // A host or an owner is wanted (recorded: 091, 107), or an organisation that is not there (recorded: 128).
        Kind::NotAllowed
    }
}

fn conflict(message: &str) -> Kind {
    match message {
        "already_signed_up_for_this_booking_error" => Kind::AlreadySignedUp,
        "No more seats left at this seated booking." => Kind::Full,
        _ if message.contains("subscriber url already exists") => Kind::AddressTaken,
        _ => Kind::Conflict,
    }
}

fn refused(refusal: &Refusal<'_>) -> Kind {
    match refusal.message {
        // The whole of it: this is what a database says of anything, and only of a first booking it is known what it means.
        "An error occurred while querying the database." if refusal.code.is_empty() => Kind::ColdSlot,
        "User already has an event type with this slug." => Kind::SlugTaken,
        "User either already has booking at this time or is not available" => Kind::NotBookable,
        "Attempting to book a meeting in the past." => Kind::Past,
        "Invalid seatUid: this seat does not exist or has already been cancelled." => Kind::NoSuchSeat,
        "Cannot cancel a booking that has already ended" => Kind::Ended,
        "Cancellation reason is required" => Kind::ReasonWanted,
        message if message.contains("because it has been cancelled already") => Kind::AlreadyCancelled,
        message if message.contains("you have to provide seatUid") => Kind::SeatWanted,
        message if message.starts_with("Bookings can only be marked as absent after") => Kind::NotStarted,
        message if message.starts_with("Seats Validation failed") => Kind::SeatsMisfit,
        message => Kind::Invalid { fields: fields(message, refusal.details) },
    }
}

/// Names of the fields at fault, and nothing that was in them.
fn fields(message: &str, details: &Value) -> Vec<String> {
    let mut found = Vec::new();
    for error in details["errors"].as_array().into_iter().flatten() {
        gather(error, "", 0, &mut found);
    }
    if found.is_empty()
        && let Some((field, _)) = message.split_once(" property is wrong")
    {
        found.extend(name(field));
    }
    found
}

fn gather(error: &Value, above: &str, depth: usize, found: &mut Vec<String>) {
    let Some(property) = error["property"].as_str().and_then(name) else { return };
    let path = if above.is_empty() { property } else { format!("{above}.{property}") };
    let children = error["children"].as_array().map(Vec::as_slice).unwrap_or_default();
    if children.is_empty() || depth >= DEEPEST {
        if found.len() < MOST_FIELDS {
            found.push(path);
        }
        return;
    }
    for child in children {
        gather(child, &path, depth + 1, found);
    }
}

/// A field's name, when it is one: a name that is none may be what somebody typed.
fn name(text: &str) -> Option<String> {
    let is_plain = |letter: char| letter.is_ascii_alphanumeric() || letter == '_' || letter == '-';
    (!text.is_empty() && text.len() <= LONGEST_FIELD && text.chars().all(is_plain)).then(|| text.to_owned())
}
