//! One day of a session, as a schedule and an event type.

use ilt_core::ids::SessionId;
use ilt_core::schedule::Part;
use jiff::civil::Time;
use jiff::{SignedDuration, Timestamp};

use super::slug::Slug;
use crate::api::{Address, NewEventType, OUR_TITLES_END, Override, ScheduleChange, Seats, Window};
use crate::ids::ScheduleId;

/// Most seats that an event type has.
pub const MOST_SEATS: u32 = 1_000;
/// The longest that an event type lasts, in minutes.
const LONGEST: i64 = 1_440;
/// Characters of a title that are sent.
const LONGEST_TITLE: usize = 200;

/// One part of a session, and what is said of it over there.
#[derive(Debug, Clone)]
pub struct SessionDay<'a> {
    /// Which session.
    pub session: SessionId,
    /// Which part of it, the first being 0.
    pub part: u16,
    /// When.
    pub time: &'a Part,
    /// The course's title.
    pub title: &'a str,
    /// Where, as people read it.
    pub place: &'a str,
    /// Seats that can be booked over there, those that are booked included.
    pub seats: u32,
}

/// Why a day cannot be kept in Cal.com.
#[derive(Debug, Clone, Copy, PartialEq, Eq, thiserror::Error)]
pub enum Unmappable {
    /// It ends on another date than it starts on, or at midnight: a schedule's dates end before.
    #[error(
        "it ends on another date than it starts on, which Cal.com's schedules cannot say: split it into parts"
    )]
    CrossesMidnight,
    /// It starts or ends between two minutes, or lasts less than one.
    #[error("it starts or ends between two minutes, which Cal.com cannot say")]
    NotInMinutes,
    /// It lasts longer than an event type does.
    #[error("it lasts longer than a day, which is the most in Cal.com: split it into parts")]
    TooLong,
    /// It has no seat, or too many.
    #[error("it has {seats} seats, and Cal.com takes 1 to 1000")]
    Seats {
        /// How many.
        seats: u32,
    },
    /// It has no place, and an event type with seats has exactly one.
    #[error("it has no place, which Cal.com wants of everything with seats")]
    NoPlace,
    /// It has no title.
    #[error("it has no title")]
    NoTitle,
}

/// What a day is over there.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct DayPlan {
    /// Its name there.
    pub slug: Slug,
    /// When it starts: what a seat in it is booked for.
    pub start: Timestamp,
    /// When it ends.
    pub end: Timestamp,
    /// When it can be booked.
    pub schedule: ScheduleChange,
    title: String,
    minutes: u32,
    address: Address,
    window: Window,
    seats: Seats,
}

impl SessionDay<'_> {
    /// What it is over there.
    ///
    /// The end is what the wall clock shows when the part is over, so a day on which clocks change is as long as it is.
    ///
    /// # Errors
    /// [`Unmappable`] for what Cal.com cannot say.
    pub fn plan(&self) -> Result<DayPlan, Unmappable> {
        let Self { time, seats, .. } = *self;
        let (start, end) = (time.starts_at, time.ends_at());
        let minutes = whole_minutes(time.length)?;
        let last = end.to_zoned(time.zone.rules().clone()).datetime();
        let date = time.starts.date();
        if last.date() != date {
            return Err(Unmappable::CrossesMidnight);
        }
        if !(1..=MOST_SEATS).contains(&seats) {
            return Err(Unmappable::Seats { seats });
        }
        let title = short(self.title).ok_or(Unmappable::NoTitle)?;
        let place = short(self.place).ok_or(Unmappable::NoPlace)?;
        let slug = Slug { session: self.session, part: self.part };
        let dates = Override { date, start_time: clock(time.starts.time())?, end_time: clock(last.time())? };
        let zone = time.zone.name().to_owned();
        let schedule = ScheduleChange { name: slug.to_string(), time_zone: zone, overrides: vec![dates] };
        // Nobody learns from a booking's uid who else comes, and everybody sees how many seats are left.
        let seats =
            Seats { seats_per_time_slot: seats, show_attendee_info: false, show_availability_count: true };
        let address = Address { address: place, public: true };
        let window = Window::Range([date, date]);
        Ok(DayPlan { slug, start, end, schedule, title, minutes, address, window, seats })
    }
}

impl DayPlan {
    /// Where it is, as people read it.
    pub fn place(&self) -> &str {
        &self.address.address
    }

    /// Seats that can be booked, those that are booked included.
    pub const fn seats(&self) -> u32 {
        self.seats.seats_per_time_slot
    }

    /// The event type, by the schedule that was made for it.
    pub fn event_type(&self, schedule: ScheduleId) -> NewEventType {
        NewEventType {
            title: self.title.clone(),
            slug: self.slug.to_string(),
            description: String::new(),
            length_in_minutes: self.minutes,
            slot_interval: self.minutes,
            schedule_id: schedule,
            minimum_booking_notice: 0,
            before_event_buffer: 0,
            after_event_buffer: 0,
            disable_guests: true,
            hidden: true,
            locations: [self.address.clone()],
            booking_window: self.window.clone(),
            seats: self.seats,
            // Instead of "… between Ines Instructor and whoever booked first", which everybody's mail would say.
            custom_name: format!("{{Event type title}}{OUR_TITLES_END}"),
            booking_requires_authentication: true,
            hide_organizer_email: true,
        }
    }
}

fn whole_minutes(length: SignedDuration) -> Result<u32, Unmappable> {
    let minutes = length.as_mins();
    if minutes < 1 || length != SignedDuration::from_mins(minutes) {
        return Err(Unmappable::NotInMinutes);
    }
    if minutes > LONGEST {
        return Err(Unmappable::TooLong);
    }
    u32::try_from(minutes).map_err(|_| Unmappable::TooLong)
}

/// A wall clock as Cal.com reads it (`09:00`).
fn clock(time: Time) -> Result<String, Unmappable> {
    let is_whole = time.second() == 0 && time.subsec_nanosecond() == 0;
    is_whole.then(|| format!("{:02}:{:02}", time.hour(), time.minute())).ok_or(Unmappable::NotInMinutes)
}

/// A text without space around it, and no longer than is sent.
fn short(text: &str) -> Option<String> {
    let text: String = text.trim().chars().take(LONGEST_TITLE).collect();
    (!text.is_empty()).then_some(text)
}

#[cfg(test)]
#[path = "day_rules.rs"]
mod rules;
