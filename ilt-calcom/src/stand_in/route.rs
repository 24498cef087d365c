//! Which call it is, and in which version: one that is not known is taken for the oldest without a word (recorded: 055, 056).

use super::asked::{Answered, Asked, Asker};
use super::world::{VERSIONS, World};

const OLDEST: &str = VERSIONS[0];

/// The controller that a version reaches.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
enum Controller {
    Ours,
    Oldest,
    None,
}

impl World {
    /// Does what is asked, at once and as a whole.
    pub fn answer(&mut self, asked: &Asked) -> Answered {
        let parts: Vec<_> = asked.path.iter().map(String::as_str).collect();
        match (self.controller(asked), asked.method.as_str(), &parts[..]) {
            (Controller::None, ..) => Err(asked.nowhere()),
            (Controller::Oldest, ..) => self.oldest(asked),
            (_, "GET", ["me"]) => self.me(asked),
            (_, "PATCH", ["me"]) => self.change_me(asked),
            (_, "POST", ["schedules"]) => self.create_schedule(asked),
            (_, "GET", ["schedules"]) => self.list_schedules(asked),
            (_, "GET", ["schedules", id]) => self.read_schedule(asked, id),
            (_, "PATCH", ["schedules", id]) => self.change_schedule(asked, id),
            (_, "DELETE", ["schedules", id]) => self.delete_schedule(asked, id),
            (_, "POST", ["event-types"]) => self.create_event_type(asked),
            (_, "GET", ["event-types"]) => Ok(self.list_event_types(asked)),
            (_, "GET", ["event-types", id]) => self.read_event_type(asked, id),
            (_, "PATCH", ["event-types", id]) => self.change_event_type(asked, id),
            (_, "DELETE", ["event-types", id]) => self.delete_event_type(asked, id),
            (_, "POST", ["event-types", id, "webhooks"]) => self.create_hook(asked, id.parse().ok()),
            (_, "GET", ["slots"]) => self.list_slots(asked),
            (_, "POST", ["bookings"]) => self.book(asked),
            (_, "GET", ["bookings"]) => self.list_bookings(asked),
            (_, "GET", ["bookings", "by-seat", seat]) => self.read_booking_by_seat(asked, seat),
            (_, "GET", ["bookings", uid]) => self.read_booking(asked, uid),
            (_, "GET", ["bookings", uid, "attendees"]) => self.list_attendees(asked, uid),
            (_, "POST", ["bookings", uid, "cancel"]) => self.cancel(asked, uid),
            (_, "POST", ["bookings", uid, "reschedule"]) => self.reschedule(asked, uid),
            (_, "POST", ["bookings", uid, "mark-absent"]) => self.mark_absent(asked, uid),
            (_, "PATCH", ["bookings", uid, "location"]) => self.move_place(asked, uid),
            (_, "POST", ["webhooks"]) => self.create_hook(asked, None),
            (_, "GET", ["webhooks"]) => self.list_hooks(asked),
            (_, "GET", ["webhooks", id]) => self.read_hook(asked, id),
            (_, "PATCH", ["webhooks", id]) => self.change_hook(asked, id),
            (_, "DELETE", ["webhooks", id]) => self.delete_hook(asked, id),
            _ => Err(asked.nowhere()),
        }
    }

    fn controller(&self, asked: &Asked) -> Controller {
        if asked.asker == Asker::Website
            || asked.version.is_none() && asked.path.len() == 3 && asked.path[2] == "webhooks"
        {
            return Controller::Ours;
        }
        let known = |version: &&str| self.versions.contains(version);
        let version = asked.version.as_deref().filter(known).unwrap_or(OLDEST);
        let family = asked.path.first().map(String::as_str);
        match (family, version) {
            (Some("bookings"), "2024-08-13")
            | (Some("event-types"), "2024-06-14")
            | (Some("schedules"), "2024-06-11" | "2024-06-14")
            | (Some("slots"), "2024-09-04") => Controller::Ours,
            (Some("bookings"), "2024-04-15" | "2024-06-11" | "2024-06-14")
            | (Some("event-types"), "2024-04-15" | "2024-06-11")
            | (Some("schedules"), "2024-04-15") => Controller::Oldest,
            (Some("bookings" | "event-types" | "schedules" | "slots"), _) => Controller::None,
            _ => Controller::Ours,
        }
    }
}
