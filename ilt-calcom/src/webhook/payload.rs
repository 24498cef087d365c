//! What is in a webhook, event by event. What is relied upon must be there and be what it should; all else is passed over.

use jiff::Timestamp;
use serde_json::Value;

use super::event::{Cancelled, Created, NoShow, Rescheduled, Who};
use super::read::WebhookLimits;
use super::refused::Refused;
use crate::api::METADATA_KEY;
use crate::ids::{AttendeeId, BookingUid, EventTypeId, SeatUid};
use crate::personal::Personal;

/// A payload that is being read.
pub struct Payload<'a> {
    body: &'a Value,
    limits: WebhookLimits,
}

impl<'a> Payload<'a> {
    pub const fn new(body: &'a Value, limits: WebhookLimits) -> Self {
        Self { body, limits }
    }

    pub fn created(&self) -> Result<Created, Refused> {
        let attendees = self.people()?;
        Ok(Created {
            booking: BookingUid(self.wanted("uid")?),
            seat: self.text(&self.body["attendeeSeatId"], "attendeeSeatId")?.map(SeatUid),
            event_type: self.event_type(),
            slug: self.slug()?,
            start: self.start()?,
            address: self.first(attendees)?,
            registration: self.registration()?,
        })
    }

    pub fn cancelled(&self) -> Result<Cancelled, Refused> {
        let attendees = self.people()?;
        let number = |attendee: &Value| attendee["id"].as_u64().map(AttendeeId);
        // Only who gave back one seat has a number.
        let who = match attendees {
            [one] if number(one).is_some() => {
                let attendee = number(one).ok_or(Refused::Incomplete { field: "attendees" })?;
                Who::One { attendee, address: self.address(one)? }
            }
            all => Who::All(all.iter().map(|it| self.address(it)).collect::<Result<_, _>>()?),
        };
        let booking = BookingUid(self.wanted("uid")?);
        let (event_type, slug) = (self.event_type(), self.slug()?);
        Ok(Cancelled { booking, event_type, slug, start: self.start()?, who })
    }

    pub fn rescheduled(&self) -> Result<Rescheduled, Refused> {
        let attendees = self.people()?;
        Ok(Rescheduled {
            booking: BookingUid(self.wanted("uid")?),
            seat: self.text(&self.body["attendeeSeatId"], "attendeeSeatId")?.map(SeatUid),
            from: self.text(&self.body["rescheduleUid"], "rescheduleUid")?.map(BookingUid),
            event_type: self.event_type(),
            slug: self.slug()?,
            start: self.start()?,
            // Whoever moved is the first; who was there before follows (recorded: webhook 007).
            address: self.first(attendees)?,
            registration: self.registration()?,
        })
    }

    pub fn no_show(&self) -> Result<NoShow, Refused> {
        let booking = BookingUid(self.wanted("bookingUid")?);
        let mark = |it: &Value| {
            let absent = it["noShow"].as_bool().ok_or(Refused::Incomplete { field: "noShow" })?;
            Ok((self.address(it)?, absent))
        };
        let marks = self.people()?.iter().map(mark).collect::<Result<_, _>>()?;
        Ok(NoShow { booking, marks })
    }

    fn people(&self) -> Result<&'a [Value], Refused> {
        let field = "attendees";
        let people = self.body[field].as_array().ok_or(Refused::Incomplete { field })?;
        if people.len() > self.limits.people { Err(Refused::FieldTooLong { field }) } else { Ok(people) }
    }

    fn first(&self, attendees: &[Value]) -> Result<Personal, Refused> {
        self.address(attendees.first().unwrap_or(&Value::Null))
    }

    /// An address, as it was booked with: whoever compares makes it small first.
    fn address(&self, attendee: &Value) -> Result<Personal, Refused> {
        let field = "attendees";
        let address = self.text(&attendee["email"], field)?.filter(|it| !it.is_empty());
        address.map(Personal::new).ok_or(Refused::Incomplete { field })
    }

    fn event_type(&self) -> Option<EventTypeId> {
        self.body["eventTypeId"].as_u64().map(EventTypeId)
    }

    fn slug(&self) -> Result<Option<String>, Refused> {
        self.text(&self.body["type"], "type")
    }

    fn start(&self) -> Result<Timestamp, Refused> {
        let start = self.body["startTime"].as_str().and_then(|it| it.parse().ok());
        start.ok_or(Refused::Incomplete { field: "startTime" })
    }

    fn registration(&self) -> Result<Option<String>, Refused> {
        self.text(&self.body["metadata"][METADATA_KEY], "metadata")
    }

    fn wanted(&self, field: &'static str) -> Result<String, Refused> {
        let found = self.text(&self.body[field], field)?.filter(|it| !it.is_empty());
        found.ok_or(Refused::Incomplete { field })
    }

    /// A text that is no longer than it may be; nothing for what is none.
    fn text(&self, value: &Value, field: &'static str) -> Result<Option<String>, Refused> {
        let Some(text) = value.as_str() else { return Ok(None) };
        if text.chars().count() > self.limits.text {
            return Err(Refused::FieldTooLong { field });
        }
        Ok(Some(text.to_owned()))
    }
}
