//! What webhooks say, field by field as it was recorded, with all that is wrong in it.

use jiff::Timestamp;
use serde_json::{Value, json};

use super::world::{Guest, Host, KeptBooking, World};

/// One event, for whoever wants to hear of it.
#[derive(Debug, Clone)]
pub struct Tell {
    pub host: u64,
    pub event_type: Option<u64>,
    pub trigger: &'static str,
    pub payload: Value,
}

impl Tell {
    pub fn of(booking: &KeptBooking, trigger: &'static str, payload: Value) -> Self {
        Self { host: booking.host, event_type: booking.event_type, trigger, payload }
    }
}

impl World {
    /// A seat that was booked: of whoever has it, and nobody else (recorded: webhooks 001, 002).
    pub(super) fn told_created(&self, booking: &KeptBooking, seat: &str) -> Value {
        let guest = booking.guests.iter().find(|it| it.seat.as_deref() == Some(seat));
        let mut told = self.told(booking, guest, "");
        put(
            &mut told,
            &json!({
                "startTime": booking.start.to_string(),
                "endTime": booking.end.to_string(),
                "attendees": guest.iter().map(|it| mover(it)).collect::<Value>(),
                "iCalSequence": 0,
                "attendeeSeatId": seat,
                "metadata": guest.map(|it| it.metadata.clone()).unwrap_or_default(),
                "status": "ACCEPTED",
            }),
        );
        self.put_when_booked(&mut told, booking);
        // Named after whoever it is about, whatever the booking is called (recorded: webhook 002).
        if let (Some(guest), Some(kind)) =
            (guest, booking.event_type.and_then(|it| self.event_types.get(&it)))
        {
            told["title"] = self.title(kind, &guest.name).into();
        }
        told
    }

    /// A seat that was moved. One that joined others has them behind it, and the number of the booking that it left (recorded:
    /// webhooks 006, 007).
    pub(super) fn told_rescheduled(
        &self,
        booking: &KeptBooking,
        old: &KeptBooking,
        seat: &str,
        joined: bool,
    ) -> Value {
        let mut told = self.told_created(booking, seat);
        put(&mut told, &json!({ "iCalSequence": 1, "rescheduleUid": old.uid }));
        if joined {
            let others = booking.guests.iter().filter(|it| it.seat.as_deref() != Some(seat));
            if let Some(attendees) = told["attendees"].as_array_mut() {
                attendees.extend(others.map(other));
            }
            put(
                &mut told,
                &json!({
                    "bookingId": old.id,
                    "iCalUID": old.ics_uid,
                    "rescheduleStartTime": old.start.to_string(),
                    "rescheduleEndTime": old.end.to_string(),
                }),
            );
        }
        told
    }

    /// Seats that were given back: one, with its number and without its seat; or all, without numbers (recorded: webhooks 003, 018).
    pub(super) fn told_cancelled(&self, booking: &KeptBooking, seat: Option<&str>, reason: &str) -> Value {
        let mut told = self.told(booking, booking.guests.first(), &booking.location);
        let gone: Vec<_> = match seat {
            Some(seat) => booking
                .guests
                .iter()
                .filter(|it| it.seat.as_deref() == Some(seat))
                .map(|it| numbered(it, booking.id))
                .collect(),
            None => booking.guests.iter().map(unnumbered).collect(),
        };
        put(
            &mut told,
            &json!({
                "startTime": with_offset(booking.start),
                "endTime": with_offset(booking.end),
                "attendees": gone,
                "additionalNotes": null,
                "destinationCalendar": [],
                "requiresConfirmation": null,
                "price": null,
                "cancellationReason": reason,
                "iCalSequence": 1,
                "status": "CANCELLED",
                "requestReschedule": false,
            }),
        );
        // The others are named all the same.
        let others: Vec<_> = booking.guests.iter().skip(1).map(|it| it.email.clone()).collect();
        told["responses"]["guests"]["value"] = others.into();
        told["responses"]["notes"]["value"] = "".into();
        if let Some(responses) = told["responses"].as_object_mut() {
            responses.remove("attendeePhoneNumber");
        }
        told
    }

    /// What all of them say.
    fn told(&self, booking: &KeptBooking, guest: Option<&Guest>, option: &str) -> Value {
        let event_type = booking.event_type.and_then(|it| self.event_types.get(&it));
        let said = |name: &str| event_type.map(|it| it.text(name).to_owned()).unwrap_or_default();
        json!({
            "bookerUrl": "http://localhost:3000",
            "title": booking.title,
            "type": booking.slug,
            "organizer": self.host(booking.host).map(organizer),
            "additionalNotes": "",
            "description": said("description"),
            "eventTypeId": booking.event_type,
            "hideOrganizerEmail": event_type.is_some_and(|it| it.is("hideOrganizerEmail")),
            "schedulingType": null,
            "seatsPerTimeSlot": event_type.and_then(super::world::EventType::seats),
            "seatsShowAttendees": event_type.is_some_and(|it| it.body["seats"]["showAttendeeInfo"] == true),
            "customReplyToEmail": null,
            "customInputs": {},
            "responses": responses(guest, &booking.location, option),
            "userFieldsResponses": {},
            "location": booking.location,
            "destinationCalendar": null,
            "iCalUID": booking.ics_uid,
            "requiresConfirmation": false,
            "hideBranding": false,
            "uid": booking.uid,
            "eventTitle": said("title"),
            "eventDescription": Some(said("description")).filter(|it| !it.is_empty()),
            "price": 0,
            "currency": "usd",
            "length": booking.end.duration_since(booking.start).as_mins(),
            "bookingId": booking.id,
        })
    }

    fn put_when_booked(&self, told: &mut Value, booking: &KeptBooking) {
        let event_type = booking.event_type.and_then(|it| self.event_types.get(&it));
        put(
            told,
            &json!({
                "hideCalendarNotes": false,
                "hideCalendarEventDetails": false,
                "seatsShowAvailabilityCount": event_type.is_some_and(|it| it.body["seats"]["showAvailabilityCount"] == true),
                "disableRescheduling": event_type.is_some_and(|it| it.body["disableRescheduling"]["disabled"] == true),
                "disableCancelling": event_type.is_some_and(|it| it.body["disableCancelling"]["disabled"] == true),
                "oneTimePassword": null,
                "hashedLink": null,
            }),
        );
    }
}

fn put(told: &mut Value, more: &Value) {
    for (name, value) in more.as_object().into_iter().flatten() {
        told[name] = value.clone();
    }
}

fn with_offset(at: Timestamp) -> String {
    at.strftime("%Y-%m-%dT%H:%M:%S+00:00").to_string()
}

fn organizer(host: &Host) -> Value {
    json!({
        "id": host.id, "name": host.name, "email": host.email, "username": host.username, "timeZone": host.time_zone,
        "language": { "locale": "en" }, "timeFormat": "h:mma", "utcOffset": 0,
    })
}

fn other(guest: &Guest) -> Value {
    let language = json!({ "locale": guest.language });
    json!({ "email": guest.email, "name": guest.name, "timeZone": guest.time_zone, "language": language, "utcOffset": 0 })
}

fn mover(guest: &Guest) -> Value {
    let mut told = other(guest);
    put(&mut told, &json!({ "firstName": "", "lastName": "" }));
    told
}

fn unnumbered(guest: &Guest) -> Value {
    let mut told = other(guest);
    told["phoneNumber"] = Value::Null;
    told
}

fn numbered(guest: &Guest, booking: u64) -> Value {
    let mut told = unnumbered(guest);
    put(
        &mut told,
        &json!({ "id": guest.id, "locale": guest.language, "bookingId": booking, "noShow": guest.absent }),
    );
    told
}

fn responses(guest: Option<&Guest>, place: &str, option: &str) -> Value {
    let (name, email) = guest.map(|it| (it.name.as_str(), it.email.as_str())).unwrap_or_default();
    let field = |label: &str, hidden: bool| json!({ "label": label, "isHidden": hidden });
    let filled = |label: &str, value: Value, hidden: bool| json!({ "label": label, "value": value, "isHidden": hidden });
    json!({
        "attendeePhoneNumber": field("phone_number", true),
        "name": filled("your_name", name.into(), false),
        "email": filled("email_address", email.into(), false),
        "location": filled("location", json!({ "value": place, "optionValue": option }), false),
        "title": field("what_is_this_meeting_about", true),
        "notes": field("additional_notes", false),
        "guests": filled("additional_guests", json!([]), true),
        "rescheduleReason": field("reason_for_reschedule", false),
    })
}
