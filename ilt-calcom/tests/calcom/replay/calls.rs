//! Making the call that a recording is, and comparing what it returns with what was recorded.

use ilt_calcom::api::{
    Address, Attendee, Booking, EventType, EventTypeChange, Listing, Mark, NewAttendee, NewBooking,
    NewWebhook, Override, Schedule, ScheduleChange, Slot, Status, Webhook,
};
use ilt_calcom::{Account, Error, EventTypeId, Personal, ScheduleId, WebhookId};
use jiff::Timestamp;
use serde_json::{Value, json};

use super::Came;
use super::table::Call;
use crate::support::Recorded;

/// Makes it. An error says what was lost.
pub async fn make(account: &Account, call: Call, recorded: &Recorded) -> Result<Came, String> {
    let data = &recorded.answer["data"];
    let (uid, seat) = (&"uid".into(), &"seat".into());
    match call {
        Call::Me => kept(account.me().await, |me| {
            same(
                &json!([me.id, me.username, me.time_zone, me.default_schedule_id]),
                &pick(data, &["id", "username", "timeZone", "defaultScheduleId"]),
            )
        }),
        Call::Schedule => {
            kept(account.change_schedule(ScheduleId(1), &schedule()).await, |it| is_schedule(&it, data))
        }
        Call::Schedules => kept(account.schedules().await, |all| each(&all, data, is_schedule)),
        Call::EventType => {
            kept(account.change_event_type(EventTypeId(1), &change()).await, |it| is_event_type(&it, data))
        }
        Call::EventTypes => kept(account.event_types("ines").await, |all| each(&all, data, is_event_type)),
        Call::Slots => {
            let day = "2027-01-12".parse().expect("a date");
            kept(account.slots(EventTypeId(1), day, day).await, |all| {
                let recorded: Vec<_> =
                    data.as_object().expect("days").values().flat_map(list).cloned().collect();
                each(&all, &Value::from(recorded), is_slot)
            })
        }
        // One that is removed is answered as it was, which nobody needs.
        Call::Webhook if recorded.method == "DELETE" => {
            kept(account.delete_webhook(&WebhookId("id".to_owned())).await, |()| Ok(()))
        }
        Call::Webhook => kept(account.create_webhook(&webhook()).await, |it| is_webhook(&it, data)),
        Call::Webhooks => kept(account.webhooks().await, |all| each(&all, data, is_webhook)),
        Call::Book => kept(account.create_booking(&booking()).await, |it| {
            same(&json!(it.seat_uid), &data["seatUid"])?;
            is_booking(&it.booking, data)
        }),
        Call::MoveSeat => kept(account.move_seat(uid, seat, Timestamp::UNIX_EPOCH).await, |it| {
            same(&json!(it.seat_uid), &data["seatUid"])?;
            is_booking(&it.booking, data)
        }),
        Call::Booking => kept(account.booking(uid).await, |it| is_booking(&it, data)),
        Call::Bookings => {
            // The same page comes again and again: nothing is in the list twice, and the list has an end all the same.
            let listed = account.bookings(&Listing::default()).await;
            kept(unended(listed), |all| all.map_or(Ok(()), |all| each(&all, data, is_booking)))
        }
        Call::Attendees => kept(account.attendees(uid).await, |all| {
            each(&all, data, |it, one| {
                let read = json!([it.id, it.email, it.absent]);
                same(&read, &pick(one, &["id", "email", "absent"]))
            })
        }),
        Call::CancelSeat => kept(account.cancel_seat(uid, seat, "withdrawn").await, |was_there| {
            same(&json!(was_there), &json!(recorded.status == 200))
        }),
        Call::CancelBooking => kept(account.cancel_booking(uid, "room closed").await, |was_there| {
            same(&json!(was_there), &json!(recorded.status == 200))
        }),
        Call::MarkAbsent => {
            let mark = Mark { email: Personal::new("alice@example.com"), absent: true };
            kept(account.mark_absent(uid, &[mark]).await, |()| Ok(()))
        }
        // Any call will do: how a refusal is understood depends on none.
        Call::Foreign => kept(account.me().await, |_| Err("a yes was not expected".to_owned())),
        Call::Unread => Ok(Came::Read),
    }
}

fn kept<T>(answer: Result<T, Error>, check: impl FnOnce(T) -> Result<(), String>) -> Result<Came, String> {
    match answer {
        Ok(read) => check(read).map(|()| Came::Read),
        Err(Error { kind: ilt_calcom::Kind::Unreadable { .. }, .. }) => {
            Ok(Came::Refused(ilt_calcom::Kind::Unreadable { line: 1, column: 0 }))
        }
        Err(error) => Ok(Came::Refused(error.kind)),
    }
}

fn unended(listed: Result<Vec<Booking>, Error>) -> Result<Option<Vec<Booking>>, Error> {
    match listed {
        Err(Error { kind: ilt_calcom::Kind::Endless { .. }, .. }) => Ok(None),
        listed => listed.map(Some),
    }
}

fn same(read: &Value, recorded: &Value) -> Result<(), String> {
    if read == recorded { Ok(()) } else { Err(format!("read {read}, recorded {recorded}")) }
}

fn pick(value: &Value, names: &[&str]) -> Value {
    names.iter().map(|name| value[name].clone()).collect()
}

fn list(value: &Value) -> &[Value] {
    value.as_array().map(Vec::as_slice).unwrap_or_default()
}

fn each<T>(
    read: &[T],
    recorded: &Value,
    is: impl Fn(&T, &Value) -> Result<(), String>,
) -> Result<(), String> {
    let recorded = list(recorded);
    same(&json!(read.len()), &json!(recorded.len()))?;
    read.iter().zip(recorded).try_for_each(|(read, recorded)| is(read, recorded))
}

fn instant(value: &Value) -> Option<Timestamp> {
    value.as_str()?.parse().ok()
}

fn is_schedule(it: &Schedule, data: &Value) -> Result<(), String> {
    let read =
        json!([it.id, it.owner_id, it.name, it.time_zone, it.is_default, it.availability, it.overrides]);
    same(&read, &pick(data, &["id", "ownerId", "name", "timeZone", "isDefault", "availability", "overrides"]))
}

fn is_event_type(it: &EventType, data: &Value) -> Result<(), String> {
    let seats = it
        .seats()
        .map(|it| json!([it.seats_per_time_slot, it.show_attendee_info, it.show_availability_count]));
    same(
        &seats.unwrap_or_default(),
        &pick(&data["seats"], &["seatsPerTimeSlot", "showAttendeeInfo", "showAvailabilityCount"]),
    )?;
    same(&json!(it.locations.len()), &json!(list(&data["locations"]).len()))?;
    let read = json!([
        it.id,
        it.owner_id,
        it.slug,
        it.title,
        it.length_in_minutes,
        it.schedule_id,
        it.hidden,
        it.disable_guests,
        it.booking_requires_authentication
    ]);
    let names = [
        "id",
        "ownerId",
        "slug",
        "title",
        "lengthInMinutes",
        "scheduleId",
        "hidden",
        "disableGuests",
        "bookingRequiresAuthentication",
    ];
    same(&read, &pick(data, &names))
}

fn is_slot(it: &Slot, data: &Value) -> Result<(), String> {
    same(&json!([Some(it.start), Some(it.end)]), &json!([instant(&data["start"]), instant(&data["end"])]))?;
    let seats = it.seats.map(|it| [it.booked, it.remaining, it.total]);
    let [booked, remaining, total] = seats.ok_or("no seats")?;
    let read = json!([booked, remaining, total, it.booking_uid]);
    same(&read, &pick(data, &["seatsBooked", "seatsRemaining", "seatsTotal", "bookingUid"]))
}

fn is_webhook(it: &Webhook, data: &Value) -> Result<(), String> {
    same(&json!(it.secret.is_some()), &json!(data["secret"].is_string()))?;
    let read = json!([it.id, it.subscriber_url, it.triggers, it.active, it.payload_template]);
    same(&read, &pick(data, &["id", "subscriberUrl", "triggers", "active", "payloadTemplate"]))
}

fn is_booking(it: &Booking, data: &Value) -> Result<(), String> {
    let status = match it.status {
        Status::Accepted => "accepted",
        Status::Pending => "pending",
        Status::Cancelled => "cancelled",
        Status::Rejected => "rejected",
        Status::Other => "another",
    };
    same(&json!([Some(it.start), Some(it.end)]), &json!([instant(&data["start"]), instant(&data["end"])]))?;
    let read = json!([it.uid, status, it.event_type_id, it.location]);
    same(&read, &pick(data, &["uid", "status", "eventTypeId", "location"]))?;
    each(&it.attendees, &data["attendees"], is_attendee)
}

fn is_attendee(it: &Attendee, data: &Value) -> Result<(), String> {
    same(&json!(it.registration()), &data["metadata"]["iltEnrolmentId"])?;
    let read = json!([it.name, it.email, it.absent, it.seat_uid]);
    same(&read, &pick(data, &["name", "email", "absent", "seatUid"]))
}

fn schedule() -> ScheduleChange {
    let date = "2027-01-12".parse().expect("a date");
    let date = Override { date, start_time: "09:00".to_owned(), end_time: "12:00".to_owned() };
    ScheduleChange { name: "ilt-1".to_owned(), time_zone: "Europe/Berlin".to_owned(), overrides: vec![date] }
}

fn change() -> EventTypeChange {
    let place = Address { address: "Hall B".to_owned(), public: true };
    EventTypeChange { locations: Some([place]), ..EventTypeChange::default() }
}

fn webhook() -> NewWebhook {
    let secret = "secret".to_owned().into();
    NewWebhook { subscriber_url: "https://ilt.example/hook".to_owned(), triggers: Vec::new(), secret }
}

fn booking() -> NewBooking {
    let (name, email) = (Personal::new("Alice"), Personal::new("alice@example.com"));
    let attendee = NewAttendee { name, email, time_zone: "UTC".to_owned(), language: None };
    let metadata = [("iltEnrolmentId".to_owned(), "enr-alice".to_owned())].into();
    NewBooking { start: Timestamp::UNIX_EPOCH, event_type_id: EventTypeId(1), attendee, metadata }
}
