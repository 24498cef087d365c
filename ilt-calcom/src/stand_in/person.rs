//! Somebody at the website: books, cancels, moves, and changes what an instructor may change. Webhooks follow as always; nobody counts
//! how often a person clicks.

use jiff::Timestamp;
use serde_json::{Value, json};

use super::asked::{Answered, Asked, Asker, Done};
use super::host::StandIn;

/// Somebody at the website.
pub struct Person<'a> {
    stand_in: &'a StandIn,
}

/// Why it did not work: the status, and what the page says.
type Refused = (u16, String);

impl<'a> Person<'a> {
    pub(super) const fn new(stand_in: &'a StandIn) -> Self {
        Self { stand_in }
    }

    /// Books a seat as anybody can who knows the page, also where the API wants a key. Answers the booking and the seat.
    pub async fn books(
        &self,
        event_type: u64,
        start: Timestamp,
        name: &str,
        email: &str,
    ) -> Result<(String, String), Refused> {
        let attendee = json!({ "name": name, "email": email, "timeZone": "Europe/Berlin", "language": "en" });
        let body = json!({ "start": start, "eventTypeId": event_type, "attendee": attendee });
        let done = self.does("POST", &["bookings"], body, Asker::Website).await?;
        Ok(named(&done))
    }

    /// Gives a seat back.
    pub async fn cancels(&self, booking: &str, seat: &str) -> Result<(), Refused> {
        let body = json!({ "seatUid": seat, "cancellationReason": "I cannot come" });
        self.does("POST", &["bookings", booking, "cancel"], body, Asker::Website).await.map(drop)
    }

    /// Moves a seat. Answers the booking and the seat that it is then.
    pub async fn moves(
        &self,
        booking: &str,
        seat: &str,
        start: Timestamp,
    ) -> Result<(String, String), Refused> {
        let body = json!({ "seatUid": seat, "start": start });
        let done = self.does("POST", &["bookings", booking, "reschedule"], body, Asker::Website).await?;
        Ok(named(&done))
    }

    /// Cancels a whole booking, as its host.
    pub async fn cancels_all(&self, booking: &str, reason: &str) -> Result<(), Refused> {
        let host = self.stand_in.world().bookings().find(|it| it.uid == booking).map_or(0, |it| it.host);
        let body = json!({ "cancellationReason": reason });
        self.does("POST", &["bookings", booking, "cancel"], body, Asker::User(host)).await.map(drop)
    }

    /// Changes how many can come, also to fewer than are booked.
    pub async fn changes_capacity(&self, event_type: u64, seats: u32) -> Result<(), Refused> {
        let known = self.stand_in.world().event_types.get(&event_type).map(|it| it.body["seats"].clone());
        // Where there were none, the page shows what it has for new ones.
        let mut body = known
            .filter(|it| it["seatsPerTimeSlot"].is_u64())
            .unwrap_or_else(|| json!({ "showAttendeeInfo": false, "showAvailabilityCount": true }));
        body["seatsPerTimeSlot"] = seats.into();
        self.changes(event_type, json!({ "seats": body })).await
    }

    /// Changes something of an event type, such as its title, its length or where it is.
    pub async fn changes(&self, event_type: u64, said: Value) -> Result<(), Refused> {
        let id = event_type.to_string();
        self.does("PATCH", &["event-types", &id], said, self.owner(event_type)).await.map(drop)
    }

    /// Changes when it can be booked. Bookings that are there stay where they are.
    pub async fn changes_time(
        &self,
        event_type: u64,
        date: &str,
        from: &str,
        to: &str,
    ) -> Result<(), Refused> {
        let schedule =
            self.stand_in.world().event_types.get(&event_type).and_then(|it| it.body["scheduleId"].as_u64());
        let owner = self.owner(event_type);
        let overrides = json!([{ "date": date, "startTime": from, "endTime": to }]);
        let id = schedule.unwrap_or_default().to_string();
        self.does("PATCH", &["schedules", &id], json!({ "overrides": overrides }), owner).await?;
        self.changes(event_type, json!({ "bookingWindow": { "type": "range", "value": [date, date] } })).await
    }

    /// Deletes an event type. Its bookings stay and belong to nothing.
    pub async fn deletes_event_type(&self, event_type: u64) -> Result<(), Refused> {
        let (id, owner) = (event_type.to_string(), self.owner(event_type));
        self.does("DELETE", &["event-types", &id], Value::Null, owner).await.map(drop)
    }

    fn owner(&self, event_type: u64) -> Asker {
        Asker::User(self.stand_in.world().event_types.get(&event_type).map_or(0, |it| it.owner))
    }

    async fn does(&self, method: &str, path: &[&str], body: Value, who: Asker) -> Result<Done, Refused> {
        let mut asked = Asked::at_the_website(method, path, body, who);
        asked.version = match path[0] {
            "schedules" => Some("2024-06-11".to_owned()),
            "event-types" => Some("2024-06-14".to_owned()),
            _ => Some("2024-08-13".to_owned()),
        };
        let answered: Answered = self.stand_in.shared.answer(Ok(asked)).await;
        let now = self.stand_in.world().now();
        answered.map_err(|refusal| {
            let body = refusal.body(now, "");
            let message = body["message"].as_str().or_else(|| body["error"]["message"].as_str());
            (refusal.status(), message.unwrap_or_default().to_owned())
        })
    }
}

fn named(done: &Done) -> (String, String) {
    let text = |name: &str| done.body["data"][name].as_str().unwrap_or_default().to_owned();
    (text("uid"), text("seatUid"))
}
