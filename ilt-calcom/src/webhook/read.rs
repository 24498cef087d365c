//! Taking a webhook: in this order, how long it is, whose it is, what it says.

use jiff::Timestamp;
use secrecy::SecretString;
use serde_json::Value;

use super::event::{Event, Trigger};
use super::payload::Payload;
use super::refused::Refused;
use super::signature::{Digest, verify};

/// A webhook as it came.
#[derive(Debug, Clone, Copy)]
pub struct Delivery<'a> {
    /// `X-Cal-Signature-256`.
    pub signature: Option<&'a str>,
    /// The body, to the byte.
    pub body: &'a [u8],
}

/// What is taken at most.
#[derive(Debug, Clone, Copy)]
pub struct WebhookLimits {
    /// Bytes of a webhook.
    pub body: usize,
    /// Characters of a text that is kept.
    pub text: usize,
    /// People of one webhook; a booking has a thousand seats at most.
    pub people: usize,
}

impl Default for WebhookLimits {
    fn default() -> Self {
        Self { body: 512 << 10, text: 500, people: 1_000 }
    }
}

/// A webhook that is Cal.com's, and what it tells.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Received {
    /// By what it is known when it comes again.
    pub digest: Digest,
    /// When Cal.com wrote it.
    pub created_at: Timestamp,
    /// What it tells.
    pub event: Event,
}

/// Takes a webhook, when one of the secrets signed it.
///
/// # Errors
/// [`Refused`]. Nothing of what is refused was looked at beyond what is said.
pub fn receive(
    delivery: Delivery<'_>,
    secrets: &[SecretString],
    limits: WebhookLimits,
) -> Result<Received, Refused> {
    if delivery.body.len() > limits.body {
        return Err(Refused::TooLong { most: limits.body });
    }
    verify(delivery.signature, delivery.body, secrets)?;
    // As a whole first: the parser counts how deep it is then, also where nothing is kept.
    let body: Value = serde_json::from_slice(delivery.body).map_err(|_| Refused::NotJson)?;
    let trigger = body["triggerEvent"].as_str().and_then(Trigger::new);
    let trigger = trigger.ok_or(Refused::Incomplete { field: "triggerEvent" })?;
    let created_at = body["createdAt"].as_str().and_then(|it| it.parse().ok());
    let created_at = created_at.ok_or(Refused::Incomplete { field: "createdAt" })?;
    let payload = Payload::new(&body["payload"], limits);
    let event = match trigger.word() {
        "BOOKING_CREATED" => Event::Created(payload.created()?),
        "BOOKING_CANCELLED" => Event::Cancelled(payload.cancelled()?),
        "BOOKING_RESCHEDULED" => Event::Rescheduled(payload.rescheduled()?),
        "BOOKING_NO_SHOW_UPDATED" => Event::NoShow(payload.no_show()?),
        _ => Event::Other(trigger),
    };
    Ok(Received { digest: Digest::of(delivery.body), created_at, event })
}
