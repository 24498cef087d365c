//! Event types (recorded: 010–015, 038, 057, 104, 106).

use serde_json::{Map, Value, json};

use super::asked::{Answered, Asked, Asker, Done};
use super::refusal::Refusal;
use super::validate;
use super::world::{EventType, Row, World};

/// What can be said of an event type; `metadata` is not among it.
const SAID: [&str; 19] = [
    "title",
    "slug",
    "description",
    "lengthInMinutes",
    "slotInterval",
    "scheduleId",
    "minimumBookingNotice",
    "beforeEventBuffer",
    "afterEventBuffer",
    "disableGuests",
    "hidden",
    "locations",
    "bookingWindow",
    "seats",
    "customName",
    "bookingRequiresAuthentication",
    "hideOrganizerEmail",
    "disableCancelling",
    "disableRescheduling",
];

impl World {
    pub(super) fn create_event_type(&mut self, asked: &Asked) -> Answered {
        let owner = asked.user()?;
        validate::event_type(&asked.body)?;
        let slug = asked.text("slug").unwrap_or_default();
        if self.event_types.values().any(|it| it.owner == owner && it.text("slug") == slug) {
            return Err(Refusal::bad_request("User already has an event type with this slug."));
        }
        fits_seats(&asked.body)?;
        let id = self.next(Row::EventType);
        let username = self.host(owner).map(|it| it.username.clone()).unwrap_or_default();
        let mut body = plain(id, owner, &format!("http://localhost:3000/{username}/{slug}"));
        say(&mut body, &asked.body);
        self.event_types.insert(id, EventType { owner, body: body.clone() });
        Ok(Done::new(201, body))
    }

    /// A user's; hidden ones for the user alone.
    pub(super) fn list_event_types(&self, asked: &Asked) -> Done {
        let username = asked.asks("username");
        let owner = self.hosts.iter().find(|it| Some(it.username.as_str()) == username).map(|it| it.id);
        let owner = match (owner, asked.asker) {
            (None, Asker::User(user)) if username.is_none() => Some(user),
            (owner, _) => owner,
        };
        let is_own = matches!((owner, asked.asker), (Some(owner), Asker::User(user)) if owner == user);
        let is_asked = |it: &&EventType| {
            let is_slug = asked.asks("eventSlug").is_none_or(|slug| it.text("slug") == slug);
            Some(it.owner) == owner && is_slug && (is_own || !it.is("hidden"))
        };
        Done::new(200, self.event_types.values().filter(is_asked).map(|it| it.body.clone()).collect())
    }

    pub(super) fn read_event_type(&mut self, asked: &Asked, id: &str) -> Answered {
        let (_, event_type) = self.own_event_type(asked, id)?;
        Ok(Done::new(200, event_type.body.clone()))
    }

    /// Seats may become fewer than are booked (recorded: 104).
    pub(super) fn change_event_type(&mut self, asked: &Asked, id: &str) -> Answered {
        validate::event_type(&asked.body)?;
        let (id, event_type) = self.own_event_type(asked, id)?;
        let (owner, mut body) = (event_type.owner, event_type.body.clone());
        say(&mut body, &asked.body);
        let is_other = |other: &u64, it: &EventType| {
            *other != id && it.owner == owner && it.body["slug"] == body["slug"]
        };
        if self.event_types.iter().any(|(other, it)| is_other(other, it)) {
            return Err(Refusal::bad_request("User already has an event type with this slug."));
        }
        fits_seats(&body)?;
        self.event_types.insert(id, EventType { owner, body: body.clone() });
        Ok(Done::new(200, body))
    }

    /// Its bookings stay, and belong to nothing.
    pub(super) fn delete_event_type(&mut self, asked: &Asked, id: &str) -> Answered {
        let (id, event_type) = self.own_event_type(asked, id)?;
        let names = ["id", "lengthInMinutes", "slug", "title"];
        let data: Map<_, _> =
            names.map(|name| (name.to_owned(), event_type.body[name].clone())).into_iter().collect();
        self.event_types.remove(&id);
        self.bookings.values_mut().filter(|it| it.event_type == Some(id)).for_each(|it| it.event_type = None);
        self.hooks.retain(|it| it.event_type != Some(id));
        Ok(Done::new(200, data.into()))
    }

    fn own_event_type(&mut self, asked: &Asked, id: &str) -> Result<(u64, &EventType), Refusal> {
        let user = asked.user()?;
        let none = || Refusal::not_found(&format!("Event type with id {id} not found"));
        let number: u64 = id.parse().map_err(|_| none())?;
        let found = self.event_types.get(&number).filter(|it| it.owner == user);
        found.map(|it| (number, it)).ok_or_else(none)
    }
}

/// Seats go with one place, and with no confirmation (recorded: 013, 106).
fn fits_seats(body: &Value) -> Result<(), Refusal> {
    if !body["seats"]["seatsPerTimeSlot"].is_u64() {
        return Ok(());
    }
    if body["locations"].as_array().is_some_and(|all| all.len() > 1) {
        return Err(Refusal::bad_request(
            "Seats Validation failed: Seats are enabled but more than one location provided.",
        ));
    }
    let policy = &body["confirmationPolicy"];
    if policy.is_object() && policy["disabled"] != true {
        return Err(Refusal::bad_request(
            "Seats Validation failed: Seats are enabled but requiresConfirmation is true.",
        ));
    }
    Ok(())
}

fn say(body: &mut Value, said: &Value) {
    for name in SAID {
        if let Some(value) = said.get(name) {
            body[name] = value.clone();
        }
    }
    // Nobody is told what a booking is called.
    if body["seats"].get("seatsPerTimeSlot").is_some() {
        body["seats"]["disabled"] = false.into();
    }
}

/// One of which nothing is said.
fn plain(id: u64, owner: u64, url: &str) -> Value {
    json!({
        "id": id, "ownerId": owner, "lengthInMinutes": 0, "title": "", "slug": "", "description": "", "locations": [],
        "recurrence": null, "disableGuests": false, "slotInterval": null, "minimumBookingNotice": 120,
        "beforeEventBuffer": 0, "afterEventBuffer": 0, "metadata": {}, "price": 0, "currency": "usd",
        "lockTimeZoneToggleOnBookingPage": false, "forwardParamsSuccessRedirect": true, "successRedirectUrl": null,
        "isInstantEvent": false, "scheduleId": null, "onlyShowFirstAvailableSlot": false, "offsetStart": 0,
        "bookingWindow": { "disabled": true }, "confirmationPolicy": { "disabled": true },
        "requiresBookerEmailVerification": false, "hideCalendarNotes": false, "seats": { "disabled": true },
        "useDestinationCalendarEmail": false, "hideCalendarEventDetails": false, "hideOrganizerEmail": false,
        "hidden": false, "bookingRequiresAuthentication": false, "bookerActiveBookingsLimit": { "disabled": true },
        "bookingUrl": url, "disableCancelling": { "disabled": false }, "disableRescheduling": { "disabled": false },
        "interfaceLanguage": null, "allowReschedulingPastBookings": false,
        "allowReschedulingCancelledBookings": false, "showOptimizedSlots": false,
    })
}
