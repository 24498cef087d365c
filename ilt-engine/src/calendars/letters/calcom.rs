//! Cal.com's webhooks, as letters.

use ilt_calcom::mapping::Slug;
use ilt_calcom::subscription::Subscription;
use ilt_calcom::webhook::{self, Event, Received, Refused, WebhookLimits};
use ilt_calcom::{BookingUid, EventTypeId};
use ilt_core::ports::About;

use super::mailbox::{Read, Reader};
use super::not_taken::NotTaken;

/// Reads what a Cal.com signed with one of a subscription's secrets.
pub struct CalcomReader(pub Subscription);

impl Reader for CalcomReader {
    fn read(&self, signature: Option<&str>, body: &[u8]) -> Result<Read, NotTaken> {
        let delivery = webhook::Delivery { signature, body };
        let received = webhook::receive(delivery, self.0.secrets(), WebhookLimits::default());
        let Received { digest, created_at, event } = received.map_err(not_taken)?;
        let (trigger, about) = (event.trigger().to_owned(), about(&event));
        Ok(Read { digest: digest.to_string(), created_at, trigger, about })
    }
}

/// What an event is about: by the slug, which is ours and names the session; by what was booked; by the bookings.
fn about(event: &Event) -> About {
    match event {
        Event::Created(it) => named(it.slug.as_deref(), it.event_type, [Some(&it.booking), None]),
        Event::Cancelled(it) => named(it.slug.as_deref(), it.event_type, [Some(&it.booking), None]),
        Event::Rescheduled(it) => {
            named(it.slug.as_deref(), it.event_type, [Some(&it.booking), it.from.as_ref()])
        }
        Event::NoShow(it) => named(None, None, [Some(&it.booking), None]),
        Event::Other(_) => About::default(),
    }
}

fn named(slug: Option<&str>, event_type: Option<EventTypeId>, bookings: [Option<&BookingUid>; 2]) -> About {
    About {
        session: slug.and_then(|it| it.parse::<Slug>().ok()).map(|it| it.session),
        event_type: event_type.map(|it| it.to_string()),
        bookings: bookings.into_iter().flatten().map(|it| it.0.clone()).filter(|it| is_plain(it)).collect(),
    }
}

/// Whether it can be the name of a booking; with a NUL in it, there are stores that do not take it.
fn is_plain(text: &str) -> bool {
    !text.chars().any(char::is_control)
}

fn not_taken(refused: Refused) -> NotTaken {
    let said = refused.to_string();
    match refused {
        Refused::TooLong { most } => NotTaken::TooLong { most },
        Refused::NoSignature => NotTaken::Unsigned { why: "no-signature", said },
        Refused::NoSecret => NotTaken::Unsigned { why: "no-secret", said },
        Refused::BadSignature => NotTaken::Unsigned { why: "wrong-signature", said },
        Refused::NotJson => NotTaken::Unreadable { why: "not-json", said },
        Refused::Incomplete { .. } => NotTaken::Unreadable { why: "incomplete", said },
        Refused::FieldTooLong { .. } => NotTaken::Unreadable { why: "field-too-long", said },
    }
}
