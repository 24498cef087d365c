//! Days as tables: what is sent, when clocks change, and what cannot be said over there.

use ilt_core::testing::plans::id;
use rstest::rstest;
use serde_json::json;

use super::*;

fn part(starts: &str, zone: &str, minutes: i64) -> Part {
    let (starts, zone) = (starts.parse().expect("a wall clock"), zone.parse().expect("a zone"));
    Part::new(starts, zone, SignedDuration::from_mins(minutes), String::new()).expect("a part")
}

fn day(time: &Part) -> SessionDay<'_> {
    let (title, place) = ("Forklift Safety", "Hall B, Musterstr. 1, 10115 Berlin");
    SessionDay { session: SessionId(id(7)), part: 0, time, title, place, seats: 20 }
}

#[test]
fn a_day_is_a_schedule_with_one_date_and_a_hidden_event_type_with_seats() {
    let time = part("2027-01-12T09:00", "Europe/Berlin", 180);
    let plan = day(&time).plan().expect("a plan");
    let slug = "ilt-00000000-0000-0000-0000-000000000007";
    assert_eq!(
        (plan.start.to_string(), plan.end.to_string()),
        ("2027-01-12T08:00:00Z".into(), "2027-01-12T11:00:00Z".into())
    );
    assert_eq!((plan.schedule.name.as_str(), plan.schedule.time_zone.as_str()), (slug, "Europe/Berlin"));
    let sent = serde_json::to_value(plan.event_type(ScheduleId(3))).expect("JSON");
    assert_eq!(
        sent,
        json!({
            "title": "Forklift Safety",
            "slug": slug,
            "description": "",
            "lengthInMinutes": 180,
            "slotInterval": 180,
            "scheduleId": 3,
            "minimumBookingNotice": 0,
            "beforeEventBuffer": 0,
            "afterEventBuffer": 0,
            "disableGuests": true,
            "hidden": true,
            "locations": [{ "type": "address", "address": "Hall B, Musterstr. 1, 10115 Berlin", "public": true }],
            "bookingWindow": { "type": "range", "value": ["2027-01-12", "2027-01-12"] },
            "seats": { "seatsPerTimeSlot": 20, "showAttendeeInfo": false, "showAvailabilityCount": true },
            "customName": "{Event type title} (ILT)",
            "bookingRequiresAuthentication": true,
            "hideOrganizerEmail": true,
        })
    );
}

#[rstest]
#[case::in_winter("2027-01-12T09:00", "Europe/Berlin", 180, "09:00", "12:00")]
#[case::over_clocks_put_forward("2027-03-28T01:00", "Europe/Berlin", 180, "01:00", "05:00")]
#[case::over_clocks_put_back("2027-10-31T01:00", "Europe/Berlin", 180, "01:00", "03:00")]
#[case::until_the_last_minute("2027-01-12T20:00", "Europe/Berlin", 239, "20:00", "23:59")]
#[case::far_from_utc("2027-01-12T08:15", "Pacific/Auckland", 450, "08:15", "15:45")]
fn the_wall_clock_says_when(
    #[case] starts: &str,
    #[case] zone: &str,
    #[case] minutes: i64,
    #[case] from: &str,
    #[case] to: &str,
) {
    let time = part(starts, zone, minutes);
    let plan = day(&time).plan().expect("a plan");
    let date = time.starts.date();
    let expected = Override { date, start_time: from.to_owned(), end_time: to.to_owned() };
    assert_eq!(plan.schedule.overrides, [expected]);
    assert_eq!(plan.event_type(ScheduleId(1)).length_in_minutes.to_string(), minutes.to_string());
    assert_eq!(plan.end.duration_since(plan.start), SignedDuration::from_mins(minutes));
}

#[rstest]
#[case::into_the_night("2027-01-12T20:00", 300, Unmappable::CrossesMidnight)]
#[case::until_midnight("2027-01-12T20:00", 240, Unmappable::CrossesMidnight)]
#[case::longer_than_a_day("2027-01-12T00:00", 1_500, Unmappable::TooLong)]
#[case::between_minutes("2027-01-12T09:00:30", 60, Unmappable::NotInMinutes)]
#[case::of_no_length("2027-01-12T09:00", 0, Unmappable::NotInMinutes)]
fn some_times_cannot_be_said(#[case] starts: &str, #[case] minutes: i64, #[case] why: Unmappable) {
    let time = part(starts, "Europe/Berlin", minutes);
    assert_eq!(day(&time).plan(), Err(why));
}

#[rstest]
#[case::no_seat(|it: &mut SessionDay<'_>| it.seats = 0, Unmappable::Seats { seats: 0 })]
#[case::too_many(|it: &mut SessionDay<'_>| it.seats = 1_001, Unmappable::Seats { seats: 1_001 })]
#[case::no_place(|it: &mut SessionDay<'_>| it.place = "  ", Unmappable::NoPlace)]
#[case::no_title(|it: &mut SessionDay<'_>| it.title = "", Unmappable::NoTitle)]
fn some_sessions_cannot_be_said(#[case] change: fn(&mut SessionDay<'_>), #[case] why: Unmappable) {
    let time = part("2027-01-12T09:00", "Europe/Berlin", 180);
    let mut day = day(&time);
    change(&mut day);
    assert_eq!(day.plan(), Err(why));
}
