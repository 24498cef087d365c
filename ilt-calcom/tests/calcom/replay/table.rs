//! Which call each recording is, and how each refusal is to be understood.

use std::time::Duration;

use ilt_calcom::Kind;
use ilt_calcom::api::Family;

/// A call of ours, or one that is never made.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Call {
    Me,
    Schedule,
    Schedules,
    EventType,
    EventTypes,
    Slots,
    Webhook,
    Webhooks,
    Book,
    Booking,
    Bookings,
    Attendees,
    CancelSeat,
    CancelBooking,
    MoveSeat,
    MarkAbsent,
    /// Never made; that it is refused is understood all the same.
    Foreign,
    /// Never made, and what it answers is nothing to us.
    Unread,
}

/// First and last number, and which call it is.
const ROWS: &[(u32, u32, Call)] = &[
    (1, 1, Call::Unread), // health: answers OK, in plain text
    (2, 4, Call::Me),
    (5, 7, Call::Schedule),
    (8, 8, Call::Schedules),
    (9, 9, Call::Schedule),
    (10, 14, Call::EventType),
    (15, 15, Call::EventTypes),
    (16, 16, Call::Slots),
    (17, 19, Call::Webhook),
    (20, 20, Call::Webhooks),
    (21, 24, Call::Book),
    (25, 25, Call::Slots),
    (26, 29, Call::Booking),
    (30, 30, Call::Bookings),
    (31, 31, Call::Attendees),
    (32, 32, Call::CancelSeat),
    (33, 33, Call::CancelBooking),
    (34, 35, Call::CancelSeat),
    (36, 36, Call::Booking),
    (37, 37, Call::Book),
    (38, 38, Call::EventType),
    (39, 40, Call::Book),
    (41, 41, Call::MoveSeat),
    (42, 42, Call::Bookings),
    (43, 44, Call::MoveSeat),
    (45, 45, Call::Slots),
    (46, 46, Call::Book),
    (47, 48, Call::Foreign), // adding people without a seat
    (49, 55, Call::Book),
    (56, 56, Call::Bookings), // in the oldest version
    (57, 57, Call::EventType),
    (58, 60, Call::Booking),
    (61, 61, Call::Bookings),
    (62, 62, Call::MarkAbsent),
    (63, 63, Call::Schedule),
    (64, 64, Call::MoveSeat), // without a seat
    (65, 65, Call::Booking),
    (66, 82, Call::Book),
    (83, 87, Call::MarkAbsent),
    (88, 88, Call::Booking),
    (89, 89, Call::Bookings),
    (90, 90, Call::CancelSeat),
    (91, 93, Call::CancelBooking),
    (94, 94, Call::Booking),
    (95, 95, Call::Bookings),
    (96, 96, Call::Book),
    (97, 97, Call::CancelSeat),
    (98, 98, Call::Booking),
    (99, 99, Call::Book),
    (100, 100, Call::Slots),
    (101, 103, Call::Book),
    (104, 104, Call::EventType),
    (105, 105, Call::Slots),
    (106, 106, Call::EventType),
    (107, 110, Call::Book),
    (111, 111, Call::Unread), // adding somebody without a seat
    (112, 112, Call::Booking),
    (113, 113, Call::Slots),
    (114, 115, Call::Webhook),
    (116, 116, Call::Book),
    (117, 120, Call::Webhook),
    (121, 121, Call::Unread), // holding a place, which changes nothing
    (122, 122, Call::Slots),
    (123, 126, Call::Bookings),
    (127, 127, Call::Unread), // references to other calendars
    (128, 133, Call::Foreign),
    (134, 136, Call::Me),
];

/// Which call a recording is.
pub fn call(number: u32) -> Option<Call> {
    ROWS.iter().find(|(first, last, _)| (*first..=*last).contains(&number)).map(|(_, _, call)| *call)
}

fn invalid(fields: &[&str]) -> Kind {
    Kind::Invalid { fields: fields.iter().map(|&it| it.to_owned()).collect() }
}

/// How a recording is to be understood, when it is a refusal.
pub fn refusal(number: u32) -> Option<Kind> {
    Some(match number {
        3 => Kind::NoKey,
        4 => Kind::BadKey,
        9 => invalid(&["overrides.0.date", "overrides.0.startTime"]),
        11 => Kind::SlugTaken,
        12 => invalid(&[
            "lengthInMinutes",
            "seats.seatsPerTimeSlot",
            "seats.showAttendeeInfo",
            "seats.showAvailabilityCount",
        ]),
        13 | 106 => Kind::SeatsMisfit,
        18 => Kind::AddressTaken,
        19 => invalid(&["triggers"]),
        23 | 75 | 77 | 79 | 82 => Kind::Full,
        24 | 39 | 109 => Kind::AlreadySignedUp,
        29 | 54 | 119 => Kind::NotFound,
        33 => Kind::ReasonWanted,
        44 | 51 | 101 | 102 => Kind::NotBookable,
        47 | 48 | 130 => invalid(&[]),
        49 | 50 => invalid(&["metadata"]),
        52 => Kind::Past,
        53 => invalid(&["attendee"]),
        55 => invalid(&["timeZone", "language"]),
        56 => Kind::Unreadable { line: 1, column: 0 },
        62 => Kind::NotStarted,
        64 => Kind::SeatWanted,
        66..=68 | 70..=73 => Kind::ColdSlot,
        87 => Kind::Server,
        90 => Kind::Ended,
        91 | 107 | 128 | 129 => Kind::NotAllowed,
        126 => invalid(&["take"]),
        131..=133 => Kind::NoSuchCall(Family::Me),
        135 | 136 => Kind::Throttled { reset: Duration::from_secs(if number == 135 { 60 } else { 58 }) },
        _ => return None,
    })
}
