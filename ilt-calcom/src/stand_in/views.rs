//! How bookings are shown: with seats, and as if they had none.

use serde_json::{Map, Value, json};

use super::asked::Asker;
use super::world::{Guest, KeptBooking, World};

impl World {
    /// A booking, as whoever asks may see it. Without its event type it is shown as if it had no seats.
    pub(super) fn shown(&self, booking: &KeptBooking, asker: Asker) -> Value {
        let event_type = booking.event_type.and_then(|id| self.event_types.get(&id));
        let Some(event_type) = event_type.filter(|it| it.seats().is_some()) else {
            return self.shown_without_seats(booking);
        };
        let is_let = matches!(asker, Asker::User(user) if user == booking.host || self.host(user).is_some_and(|it| it.is_admin));
        let is_open = event_type.body["seats"]["showAttendeeInfo"] == true;
        let mut view = self.common(booking);
        // Who may not see them sees nobody (recorded: 027, 059).
        let guests = if is_let || is_open { &booking.guests[..] } else { &[] };
        view.insert("attendees".to_owned(), guests.iter().map(with_seat).collect());
        view.into()
    }

    /// The same for whoever booked or moved a seat in it: with that seat, and with everybody.
    pub(super) fn shown_with(&self, booking: &KeptBooking, seat: &str, is_first: bool) -> Value {
        let mut view = self.shown(booking, Asker::User(booking.host));
        view["seatUid"] = seat.into();
        // Said of the first seat of a booking and of one that moved, but not of others (recorded: 021, 022, 043).
        if is_first {
            view["isPlatformManagedUserBooking"] = false.into();
        }
        view
    }

    /// As if it had no seats (recorded: 083).
    pub(super) fn shown_without_seats(&self, booking: &KeptBooking) -> Value {
        let mut view = self.common(booking);
        let metadata = booking.guests.first().map(|it| it.metadata.clone()).unwrap_or_default();
        let guests: Vec<_> = booking.guests.iter().map(plain).collect();
        for (name, value) in [
            ("cancelledByEmail", json!("")),
            ("reschedulingReason", json!("unknown")),
            ("metadata", metadata.into()),
            ("attendees", guests.into()),
            ("guests", json!([])),
            (
                "bookingFieldsResponses",
                json!({
                    "name": "unknown", "email": "unknown", "guests": [], "rescheduledReason": "unknown",
                    "displayEmail": "unknown", "displayGuests": [],
                }),
            ),
        ] {
            view.insert(name.to_owned(), value);
        }
        view.into()
    }

    fn common(&self, booking: &KeptBooking) -> Map<String, Value> {
        let host = self.host(booking.host).map_or(Value::Null, |host| {
            json!({
                "id": host.id, "name": host.name, "email": host.email, "displayEmail": host.email,
                "username": host.username, "timeZone": host.time_zone,
            })
        });
        let event_type =
            booking.event_type.map_or(Value::Null, |id| json!({ "id": id, "slug": booking.slug }));
        let view = json!({
            "id": booking.id,
            "uid": booking.uid,
            "title": booking.title,
            "description": null,
            "hosts": [host],
            "status": if booking.is_cancelled { "cancelled" } else { "accepted" },
            "cancellationReason": booking.reason,
            "rescheduledByEmail": null,
            "start": format!("{:.3}", booking.start),
            "end": format!("{:.3}", booking.end),
            "duration": booking.end.duration_since(booking.start).as_mins(),
            "eventTypeId": booking.event_type,
            "eventType": event_type,
            "meetingUrl": booking.location,
            "location": booking.location,
            "absentHost": booking.host_absent,
            "createdAt": format!("{:.3}", booking.created_at),
            "updatedAt": format!("{:.3}", booking.updated_at),
            "rating": null,
            "icsUid": booking.ics_uid,
        });
        match view {
            Value::Object(view) => view,
            _ => Map::new(),
        }
    }
}

fn plain(guest: &Guest) -> Value {
    json!({
        "name": guest.name,
        "email": guest.email,
        "displayEmail": guest.email,
        "timeZone": guest.time_zone,
        "language": guest.language,
        "absent": guest.absent,
    })
}

fn with_seat(guest: &Guest) -> Value {
    let mut view = plain(guest);
    view["seatUid"] = json!(guest.seat);
    view["bookingFieldsResponses"] = json!({ "name": guest.name, "guests": [] });
    view["metadata"] = guest.metadata.clone().into();
    view
}

/// Somebody by number (recorded: 031).
pub(super) fn by_number(guest: &Guest) -> Value {
    let mut view = plain(guest);
    view["id"] = guest.id.into();
    view
}
