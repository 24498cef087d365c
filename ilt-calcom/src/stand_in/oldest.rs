//! What the oldest version answers, so that whoever falls back to it notices.

use serde_json::{Value, json};

use super::asked::{Answered, Asked, Done};
use super::refusal::Refusal;
use super::world::{EventType, Guest, KeptBooking, World};

impl World {
    pub(super) fn oldest(&mut self, asked: &Asked) -> Answered {
        let parts: Vec<_> = asked.path.iter().map(String::as_str).collect();
        match (asked.method.as_str(), &parts[..]) {
            ("GET", ["bookings"]) => {
                let user = asked.user()?;
                let own = self.bookings().filter(|it| it.host == user);
                let all: Vec<_> = own.map(|it| old_booking(self, it)).collect();
                let (count, info) = (all.len(), json!([]));
                Ok(Done::new(
                    200,
                    json!({ "bookings": all, "recurringInfo": info, "totalCount": count, "nextCursor": null }),
                ))
            }
            ("GET", ["bookings", uid]) => {
                let found = self.bookings().find(|it| it.uid == *uid);
                let none =
                    || Refusal::not_found(&format!("Booking with uid={uid} was not found in the database"));
                found.map(|it| Done::new(200, old_booking(self, it))).ok_or_else(none)
            }
            // It wants other fields (recorded: 055).
            ("POST", ["bookings"]) => {
                let error = |name: &str, rule: &str, words: &str| {
                    let mut target = asked.body.clone();
                    if let Some(target) = target.as_object_mut() {
                        target.remove("attendee");
                    }
                    json!({ "target": target, "property": name, "children": [], "constraints": { rule: words } })
                };
                Err(Refusal::invalid(vec![
                    error("timeZone", "isTimeZone", "timeZone must be a valid IANA time-zone"),
                    error("language", "isString", "language must be a string"),
                ]))
            }
            ("GET", ["event-types"]) => Ok(Done::new(200, json!({ "eventTypeGroups": [] }))),
            ("GET", ["schedules"]) => {
                let user = asked.user()?;
                let own = self.schedules.iter().filter(|(_, it)| it.owner == user);
                let all: Vec<_> =
                    own.map(|(id, it)| json!({ "id": id, "name": it.name, "isManaged": false })).collect();
                Ok(Done::new(200, all.into()))
            }
            _ => Err(asked.nowhere()),
        }
    }
}

/// A booking in words of its own (recorded: 056).
fn old_booking(world: &World, booking: &KeptBooking) -> Value {
    let first = booking.guests.first();
    let mut view = json!({
        "id": booking.id, "uid": booking.uid, "title": booking.title, "description": null, "customInputs": {},
        "startTime": format!("{:.3}", booking.start), "endTime": format!("{:.3}", booking.end),
        "createdAt": format!("{:.3}", booking.created_at), "updatedAt": format!("{:.3}", booking.updated_at),
        "metadata": first.map(|it| it.metadata.clone()).unwrap_or_default(),
        "responses": null, "recurringEventId": null, "location": booking.location,
        "status": if booking.is_cancelled { "CANCELLED" } else { "ACCEPTED" },
        "paid": false, "fromReschedule": null, "rescheduled": null, "rescheduledBy": null, "cancelledBy": null,
        "isRecorded": false, "cancellationReason": null, "rejectionReason": null, "references": [], "payment": [],
        "assignmentReasonSortedByCreatedAt": [], "report": null, "rescheduler": null,
    });
    view["eventType"] =
        booking.event_type.and_then(|it| world.event_types.get(&it)).map(old_event_type).into();
    if let Some(host) = world.host(booking.host) {
        view["userPrimaryEmail"] = host.email.clone().into();
        view["user"] = json!({
            "id": host.id, "name": host.name, "email": host.email, "avatarUrl": null, "username": host.username,
            "timeZone": host.time_zone,
        });
    }
    let guest = |it: &Guest| {
        json!({
            "id": it.id, "email": it.email, "name": it.name, "timeZone": it.time_zone, "bookingId": booking.id,
            "locale": it.language, "phoneNumber": null, "noShow": it.absent,
            "user": { "name": null, "email": it.email, "avatarUrl": null, "username": null },
        })
    };
    view["attendees"] = booking.guests.iter().map(guest).collect();
    let seat = |it: &Guest| json!({ "referenceUid": it.seat, "attendee": { "email": it.email } });
    view["seatsReferences"] = booking.guests.iter().map(seat).collect();
    view
}

fn old_event_type(event_type: &EventType) -> Value {
    let seats = &event_type.body["seats"];
    json!({
        "slug": event_type.text("slug"), "id": event_type.number("id"), "title": event_type.text("title"), "eventName": null,
        "price": 0, "recurringEvent": null, "currency": "usd", "metadata": {}, "disableGuests": event_type.is("disableGuests"),
        "seatsPerTimeSlot": seats["seatsPerTimeSlot"], "seatsShowAttendees": seats["showAttendeeInfo"],
        "seatsShowAvailabilityCount": seats["showAvailabilityCount"], "eventTypeColor": null, "customReplyToEmail": null,
        "allowReschedulingPastBookings": false, "hideOrganizerEmail": event_type.is("hideOrganizerEmail"),
        "disableCancelling": false, "disableRescheduling": false, "minimumRescheduleNotice": null, "teamId": null,
        "parentId": null, "schedulingType": null, "hosts": [], "length": event_type.number("lengthInMinutes"),
        "team": null, "hostGroups": [],
    })
}
