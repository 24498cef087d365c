//! The columns of each file. What is documented here is what is read.

use std::fmt::Write as _;

use csv::StringRecord;

use super::Kind;
use super::row::shown;

/// Unknown columns that are told of.
const MOST_TOLD: usize = 10;

/// The beginning of a cell of the header. In a file without a header it is somebody's data.
fn unquoted(cell: &str) -> String {
    shown(cell).trim_matches('`').to_owned()
}

/// A column.
#[derive(Debug, Clone, Copy)]
pub struct Column {
    /// Its name in the header.
    pub name: &'static str,
    /// What it holds, with an example.
    pub holds: &'static str,
    /// Whether a file may do without it.
    may_lack: bool,
}

const fn column(name: &'static str, holds: &'static str) -> Column {
    Column { name, holds, may_lack: false }
}

/// A column that files of before there was one do without.
const fn extra(name: &'static str, holds: &'static str) -> Column {
    Column { name, holds, may_lack: true }
}

const ID: Column = column("id", "a UUID that never changes; importing it again changes the record");
const LAT: Column = column("lat", "degrees north, such as 50.94");
const LON: Column = column("lon", "degrees east, such as 6.96");
const ZONE: Column = column("zone", "IANA time zone, such as Europe/Berlin");

const ROLES: Column = column(
    "roles",
    "learner, instructor, manager, dealer-admin, admin, separated by ;  manager@<dealer id> for another dealer than their own",
);

const PEOPLE: [Column; 13] = [
    ID,
    column("name", "full name"),
    column("email", "mail address"),
    column("dealer", "id of the dealer they work for; may be empty"),
    ROLES,
    column("manager", "id of the person who leads them; may be empty"),
    column("stands_in_for", "ids of managers they are deputies of, separated by ; may be empty"),
    column("preferred_locations", "ids of locations, separated by ; may be empty"),
    column(
        "preferred_times",
        "weekdays, or parts of them, separated by ;  tuesday;friday 08:00-13:00  may be empty",
    ),
    column("interests", "words, separated by ;"),
    column("notify_by", "mail, sms, push, separated by ;  empty for not at all"),
    ZONE,
    column(
        "active",
        "true, or false for people who have left; TRUE, yes, wahr, ja and their like are read as well",
    ),
];

/// The columns of a kind of file.
pub const fn columns(kind: Kind) -> &'static [Column] {
    match kind {
        Kind::Dealers => {
            const {
                &[
                    ID,
                    column("name", "what people call it"),
                    column("group", "the dealer group whose rules it shares; may be empty"),
                    column("region", "the sales region; may be empty"),
                    column("city", "town"),
                    LAT,
                    LON,
                    ZONE,
                ]
            }
        }
        Kind::Locations => {
            const {
                &[
                    ID,
                    column("name", "what people call it"),
                    column("address", "street and number; may be empty"),
                    column("city", "town"),
                    column("country", "country; may be empty"),
                    LAT,
                    LON,
                    ZONE,
                    column("rooms", "rooms, separated by ;"),
                ]
            }
        }
        Kind::Courses => {
            const {
                &[
                    ID,
                    column("title", "what people call it"),
                    column("summary", "a sentence or two; may be empty"),
                    column(
                        "programme_type",
                        "onboarding, new-hire, compliance, employee-development or customer-partner",
                    ),
                    column("topics", "words, separated by ;"),
                    column("track", "certification track; may be empty"),
                    column("length", "teaching time, such as PT6H"),
                    column("validity", "how long a completion holds, such as P24M or P2Y; empty for ever"),
                    column("travel", "true when people travel to it, else false"),
                    column("prerequisites", "ids of courses to be completed first, separated by ;"),
                    column("equivalents", "ids of courses that count as this one, separated by ;"),
                ]
            }
        }
        Kind::People => &PEOPLE,
        Kind::Sessions => {
            const {
                &[
                    ID,
                    column("course", "id of the course"),
                    column("location", "id of the location"),
                    column("room", "room at the location; may be empty"),
                    column(
                        "starts",
                        "wall clock at the location, without an offset, one for each part, separated by ;  2027-03-15T09:00;2027-03-16T09:00",
                    ),
                    column("length", "length of each part, such as PT6H"),
                    column("capacity", "seats"),
                    column("minimum", "fewer people than this and it may be cancelled"),
                    column("waitlist", "true when a queue may form, else false"),
                    column("instructors", "ids of people with the role instructor, separated by ;"),
                    column(
                        "status",
                        "draft, published, completed or cancelled; what is to come is not completed",
                    ),
                    extra(
                        "override_reason",
                        "why an instructor or a room is booked twice, when it is; may be empty, and the column may be left out",
                    ),
                ]
            }
        }
        Kind::Completions => {
            const {
                &[
                    column("person", "id of the person"),
                    column("course", "id of the course"),
                    column("completed_on", "the day where they work, such as 2026-03-28"),
                ]
            }
        }
    }
}

/// Where each column of a kind stands in a header, in the order of [`columns`]. Capitals are as good as small letters.
///
/// # Errors
/// What is missing and what is unknown, in words.
pub fn places(kind: Kind, header: &StringRecord) -> Result<Vec<(&'static str, usize)>, String> {
    let known = columns(kind);
    let is_named = |it: &Column, cell: &str| it.name.eq_ignore_ascii_case(cell);
    let count = |it: &&Column| header.iter().filter(|cell| is_named(it, cell)).count();
    let names =
        |is: &dyn Fn(&&Column) -> bool| -> Vec<_> { known.iter().filter(is).map(|it| it.name).collect() };
    let missing = names(&|it| !it.may_lack && count(it) == 0);
    let unknown: Vec<_> = header.iter().filter(|cell| !known.iter().any(|it| is_named(it, cell))).collect();
    let repeated = names(&|it| count(it) > 1);
    let mut said = String::new();
    if !missing.is_empty() {
        let _fits = write!(said, "the header lacks {}", missing.join(", "));
    }
    if !unknown.is_empty() {
        let and = if said.is_empty() { "the header" } else { ", and" };
        let told: Vec<_> = unknown.iter().take(MOST_TOLD).map(|cell| unquoted(cell)).collect();
        let more = if unknown.len() > MOST_TOLD { ", …" } else { "" };
        let _fits = write!(said, "{and} has unknown columns: {}{more}", told.join(", "));
    }
    if !repeated.is_empty() {
        let and = if said.is_empty() { "the header" } else { ", and" };
        let _fits = write!(said, "{and} has more than once: {}", repeated.join(", "));
    }
    if !said.is_empty() {
        return Err(format!("{said}; {} has the columns {}", kind.word(), names(&|_| true).join(",")));
    }
    let place = |it: &Column| header.iter().position(|cell| is_named(it, cell)).map(|at| (it.name, at));
    Ok(known.iter().filter_map(place).collect())
}

/// The columns of all kinds, as the documentation shows them.
pub fn in_words() -> String {
    let mut text = String::new();
    for kind in Kind::ALL {
        let _fits = write!(text, "\n## {}.csv\n\n| column | holds |\n|---|---|\n", kind.word());
        for it in columns(kind) {
            let _fits = writeln!(text, "| `{}` | {} |", it.name, it.holds);
        }
    }
    text
}
