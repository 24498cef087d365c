//! Webhooks as a Cal.com writes and signs them: some two thousand bytes about a seat that somebody booked.

use anyhow::Context as _;
use hmac::{Hmac, KeyInit as _, Mac as _};
use hyper::body::Bytes;
use ilt_core::ports::Clock as _;
use ilt_engine::check_in::hex;
use ilt_engine::system::SystemClock;
use serde_json::json;
use sha2::Sha256;
use uuid::Uuid;

/// One webhook.
pub struct Letter {
    pub body: Bytes,
    pub signature: String,
}

impl Letter {
    /// The one of this number, about one of so many sessions.
    pub fn new(number: usize, sessions: usize, secret: &str) -> anyhow::Result<Self> {
        let session = Uuid::from_u128((2 << 64) + (number % sessions) as u128 + 1);
        let attendee = json!({
            "email": format!("learner{number}@dealer.example"), "name": format!("Learner {number}"), "timeZone": "Europe/Berlin",
            "language": { "locale": "en" }, "utcOffset": 60, "firstName": "", "lastName": "",
        });
        let field = |label: &str, value: &str| json!({ "label": label, "value": value, "isHidden": false });
        let payload = json!({
            "uid": format!("booking{number}"), "bookingId": number, "type": format!("ilt-{session}"), "eventTypeId": 1_000_000 + number % sessions,
            "title": "Forklift Safety", "eventTitle": "Forklift Safety", "startTime": "2027-04-01T08:00:00Z", "endTime": "2027-04-01T14:00:00Z",
            "attendees": [attendee], "attendeeSeatId": Uuid::from_u128(number as u128), "metadata": {}, "status": "ACCEPTED",
            "organizer": { "id": 4, "name": "Ina Instructor", "email": "ina@dealer.example", "timeZone": "Europe/Berlin", "username": "ina" },
            "description": "What can kill you, and how not to let it. ".repeat(12), "location": "Hall B, 10115 Berlin",
            "responses": { "name": field("your_name", "Learner"), "email": field("email_address", "learner@dealer.example"),
                "location": field("location", "Hall B, 10115 Berlin"), "notes": field("additional_notes", &"As agreed. ".repeat(20)) },
            "customInputs": {}, "userFieldsResponses": {}, "seatsPerTimeSlot": 20, "seatsShowAttendees": false, "currency": "usd", "price": 0,
            "length": 360, "iCalUID": format!("{number}@Cal.com"), "hideBranding": false, "requiresConfirmation": false,
        });
        let body =
            json!({ "triggerEvent": "BOOKING_CREATED", "createdAt": SystemClock.now(), "payload": payload })
                .to_string();
        let signer = Hmac::<Sha256>::new_from_slice(secret.as_bytes()).ok().context("a secret")?;
        let signature = hex(&signer.chain_update(body.as_bytes()).finalize().into_bytes());
        Ok(Self { body: body.into(), signature })
    }
}
