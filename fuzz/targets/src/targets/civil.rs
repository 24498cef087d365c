//! Civil times: a wall clock, a zone and a length, and what people call a time of the week or a month.

use std::fmt::{Debug, Display};
use std::str::FromStr;

use ilt_core::catalog::PreferredTime;
use ilt_core::ports::Month;
use ilt_core::schedule::{BadTime, Part, Zone};
use jiff::civil::DateTime;
use jiff::{SignedDuration, Timestamp};

use crate::script::first_line;
use crate::{Target, privacy};

pub const TARGET: Target = Target {
    name: "civil",
    reads: "wall clocks with zone and length, times of the week, months, instants",
    run,
    words: &[
        "2027-03-28T02:30",
        "2027-10-31T02:30",
        "9999-12-31T23:59:59",
        "-009999-01-01T00:00",
        "Europe/Berlin",
        "Pacific/Apia",
        "UTC",
        "Etc/Unknown",
        "PT6H",
        "-PT1S",
        "PT175307616H",
        "tuesday 08:00-13:00",
        "2027-02",
        "Z",
        "[Europe/Berlin]",
    ],
};

fn run(input: &[u8]) {
    let Ok(text) = std::str::from_utf8(input) else { return };
    let mut lines = text.lines();
    let mut next = || lines.next().unwrap_or_default();
    let (starts, zone, length) = (next(), next(), next());
    part(starts, zone, length);
    let (line, _) = first_line(input);
    let line = std::str::from_utf8(line).unwrap_or_default();
    again::<PreferredTime>(line);
    again::<Month>(line);
    again::<Timestamp>(line);
    if let Ok(at) = line.parse::<Timestamp>() {
        // What is counted is read again by whoever asks for the numbers.
        for zone in ["UTC", "Pacific/Kiritimati", "Pacific/Pago_Pago"] {
            let month = Month::of(at, &zone.parse().expect("a zone")).map(|it| it.to_string());
            assert!(month.iter().all(|it| it.parse::<Month>().is_ok()), "{at} is in no month: {month:?}");
        }
    }
}

fn part(starts: &str, zone: &str, length: &str) {
    again::<DateTime>(starts);
    again::<Zone>(zone);
    let (Ok(starts), Ok(zone)) = (starts.parse::<DateTime>(), zone.parse::<Zone>()) else { return };
    let length = length.parse::<SignedDuration>().unwrap_or_default();
    match Part::new(starts, zone.clone(), length, String::new()) {
        Ok(part) => {
            let shown = part.starts_at.to_zoned(zone.rules().clone()).datetime();
            assert_eq!(shown, starts, "the instant shows another wall clock in {zone}");
            assert!(
                length.is_negative() || part.ends_at() >= part.starts_at,
                "{part:?} ends before it starts"
            );
            let json = serde_json::to_string(&part).expect("JSON");
            assert_eq!(serde_json::from_str::<Part>(&json).ok().as_ref(), Some(&part), "{json}");
        }
        Err(BadTime::Repeated { first, second, .. }) => {
            assert!(first < second, "{first} and {second}");
            for at in [first, second] {
                assert_eq!(at.to_zoned(zone.rules().clone()).datetime(), starts, "{zone}");
            }
        }
        Err(bad @ (BadTime::Skipped { .. } | BadTime::OutOfRange { .. })) => {
            assert!(bad.to_string().len() < 200, "{bad}");
        }
    }
}

/// What is read is printed as something that is read as the same; what is not is refused in few words.
fn again<T: FromStr<Err: Display> + Display + PartialEq + Debug>(text: &str) {
    match text.parse::<T>() {
        Ok(it) => {
            let shown = it.to_string();
            let read = shown.parse::<T>().map_err(|error| error.to_string());
            assert_eq!(read.as_ref(), Ok(&it), "`{text}` is shown as `{shown}`");
        }
        Err(error) => privacy::no_mail(b"", &error.to_string()),
    }
}
