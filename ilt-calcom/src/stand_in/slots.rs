//! Slots: a schedule's hours, cut into the lengths of an event type, less what the host is busy with (recorded: 016, 025, 100, 105).

use jiff::civil::{Date, Time};
use jiff::tz::TimeZone;
use jiff::{SignedDuration, Timestamp, ToSpan as _};
use serde_json::{Map, Value, json};

use super::asked::{Answered, Asked, Done};
use super::refusal::Refusal;
use super::world::{EventType, World};

impl World {
    pub(super) fn list_slots(&mut self, asked: &Asked) -> Answered {
        let id: u64 = asked.asks("eventTypeId").and_then(|it| it.parse().ok()).unwrap_or_default();
        let none = || Refusal::not_found(&format!("Event Type with ID={id} not found"));
        let event_type = self.event_types.get(&id).ok_or_else(none)?;
        let date = |name| asked.asks(name).and_then(|it| it.get(..10)).and_then(|it| it.parse::<Date>().ok());
        let (Some(from), Some(to)) = (date("start"), date("end")) else {
            return Err(Refusal::bad_request("start and end must be valid ISO 8601 date strings"));
        };
        let zone = asked.asks("timeZone").and_then(|it| TimeZone::get(it).ok());
        let mut days = Map::new();
        for (start, end) in self.times(event_type, from, to) {
            let Some(slot) = self.slot(id, event_type, start, end, zone.as_ref()) else { continue };
            let day = start.to_zoned(zone.clone().unwrap_or(TimeZone::UTC)).date().to_string();
            if let Some(list) = days.entry(day).or_insert_with(|| json!([])).as_array_mut() {
                list.push(slot);
            }
        }
        Ok(Done::new(200, days.into()))
    }

    fn slot(
        &self,
        id: u64,
        event_type: &EventType,
        start: Timestamp,
        end: Timestamp,
        zone: Option<&TimeZone>,
    ) -> Option<Value> {
        let booking = self.alive(id, start).and_then(|it| self.bookings.get(&it));
        let guests = booking.map_or(&[][..], |it| &it.guests);
        let total = event_type.seats().unwrap_or(1);
        let seated = i64::try_from(guests.iter().filter(|it| it.seat.is_some()).count()).unwrap_or(i64::MAX);
        // Booked beyond its seats, it is gone; and whoever was added without a seat counts all the same.
        if seated > total || self.is_busy(event_type.owner, start, end, booking.map(|it| it.id)) {
            return None;
        }
        let booked = i64::try_from(guests.len()).unwrap_or(i64::MAX);
        let shown = |at: Timestamp| match zone {
            Some(zone) if *zone != TimeZone::UTC => {
                at.to_zoned(zone.clone()).strftime("%Y-%m-%dT%H:%M:%S.000%:z").to_string()
            }
            _ => format!("{at:.3}"),
        };
        if event_type.seats().is_none() {
            return booking.is_none().then(|| json!({ "start": shown(start), "end": shown(end) }));
        }
        let mut slot = json!({
            "start": shown(start), "end": shown(end),
            "seatsBooked": booked, "seatsRemaining": total - booked, "seatsTotal": total,
        });
        if let Some(booking) = booking {
            slot["bookingUid"] = booking.uid.clone().into();
        }
        Some(slot)
    }

    /// Whether an event type can be booked from this time on, as far as its host is there.
    pub(super) fn is_available(&self, event_type: &EventType, start: Timestamp, except: Option<u64>) -> bool {
        let end = start + SignedDuration::from_mins(event_type.number("lengthInMinutes"));
        let Ok(day) = start.to_zoned(TimeZone::UTC).date().checked_sub(1.day()) else { return false };
        let Ok(last) = day.checked_add(2.days()) else { return false };
        let is_time = self.times(event_type, day, last).contains(&(start, end));
        is_time && !self.is_busy(event_type.owner, start, end, except)
    }

    /// One host is at one place at a time (recorded: 100–102).
    fn is_busy(&self, host: u64, start: Timestamp, end: Timestamp, except: Option<u64>) -> bool {
        self.bookings().any(|it| {
            it.host == host && !it.is_cancelled && Some(it.id) != except && it.start < end && start < it.end
        })
    }

    /// All times from one date to another that the schedule and the window of an event type have.
    fn times(&self, event_type: &EventType, from: Date, to: Date) -> Vec<(Timestamp, Timestamp)> {
        let length = SignedDuration::from_mins(event_type.number("lengthInMinutes").max(1));
        let step = event_type.body["slotInterval"].as_i64().map_or(length, SignedDuration::from_mins);
        let earliest = self.now() + SignedDuration::from_mins(event_type.number("minimumBookingNotice"));
        let (zone, hours) = self.hours(event_type);
        let window = &event_type.body["bookingWindow"]["value"];
        let bound = |index: usize| window[index].as_str().and_then(|it| it.parse::<Date>().ok());
        let mut times = Vec::new();
        let mut date = from;
        while date <= to {
            let is_inside =
                bound(0).is_none_or(|first| first <= date) && bound(1).is_none_or(|last| date <= last);
            for (opens, closes) in if is_inside { hours(date) } else { Vec::new() } {
                let instant = |time: Time| zone.to_ambiguous_timestamp(date.to_datetime(time)).compatible();
                let (Ok(mut start), Ok(closes)) = (instant(opens), instant(closes)) else { continue };
                while start + length <= closes {
                    if start >= earliest {
                        times.push((start, start + length));
                    }
                    start += step.max(SignedDuration::from_mins(1));
                }
            }
            let Ok(next) = date.checked_add(1.day()) else { break };
            date = next;
        }
        times
    }

    /// The hours of each date: an override's, or the week's; of an event type without a schedule the user's default ones.
    fn hours(&self, event_type: &EventType) -> (TimeZone, impl Fn(Date) -> Vec<(Time, Time)>) {
        let id = event_type.body["scheduleId"].as_u64();
        let by_id = id.and_then(|id| self.schedules.get(&id));
        let default = || self.schedules.values().find(|it| it.owner == event_type.owner && it.is_default);
        let schedule = by_id.or_else(default).cloned();
        let owner_zone = self.host(event_type.owner).map(|it| it.time_zone.clone()).unwrap_or_default();
        let zone = schedule.as_ref().map_or(owner_zone, |it| it.time_zone.clone());
        let week = json!([{
            "days": ["Monday", "Tuesday", "Wednesday", "Thursday", "Friday"], "startTime": "09:00", "endTime": "17:00"
        }]);
        let (week, overrides) = schedule.map_or((week, json!([])), |it| (it.availability, it.overrides));
        let hours = move |date: Date| {
            let all = |list: &Value, is_it: &dyn Fn(&Value) -> bool| -> Vec<_> {
                list.as_array().into_iter().flatten().filter(|it| is_it(it)).filter_map(span).collect()
            };
            let special = all(&overrides, &|it| it["date"] == date.to_string());
            let day = date.strftime("%A").to_string();
            let is_that_day =
                |it: &Value| it["days"].as_array().is_some_and(|days| days.iter().any(|it| *it == day));
            if special.is_empty() { all(&week, &is_that_day) } else { special }
        };
        (TimeZone::get(&zone).unwrap_or(TimeZone::UTC), hours)
    }
}

fn span(hours: &Value) -> Option<(Time, Time)> {
    let time = |name: &str| Time::strptime("%H:%M", hours[name].as_str()?).ok();
    Some((time("startTime")?, time("endTime")?))
}
