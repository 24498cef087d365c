//! From lines to records, kind by kind. A line that has a problem may leave its record out: nothing is imported then.

use ilt_core::catalog::{
    Channel, CompletedOn, Course, Dealer, Grant, Location, Person, Place, Preferences, ProgrammeType, Role,
};
use ilt_core::desk::{Command, PartPlan, SessionPlan};
use ilt_core::ids::DealerId;
use ilt_core::schedule::Zone;
use ilt_core::session::SessionStatus;

use super::Kind;
use super::row::{Row, shown};

const ID: &str = "a UUID";
const ZONE: &str = "an IANA time zone such as Europe/Berlin";

/// The command that imports these lines.
pub fn command(kind: Kind, rows: &mut [Row<'_>]) -> Command {
    match kind {
        Kind::Dealers => Command::SaveDealers(rows.iter_mut().filter_map(dealer).collect()),
        Kind::Locations => Command::SaveLocations(rows.iter_mut().filter_map(location).collect()),
        Kind::Courses => Command::SaveCourses(rows.iter_mut().filter_map(course).collect()),
        Kind::People => Command::SavePeople(rows.iter_mut().filter_map(person).collect()),
        Kind::Sessions => {
            Command::SaveSessions { plans: rows.iter_mut().filter_map(session).collect(), historic: true }
        }
        Kind::Completions => Command::RecordDays(rows.iter_mut().filter_map(completion).collect()),
    }
}

fn place(row: &mut Row<'_>) -> Place {
    let mut degrees = |column| row.parsed(column, "a number of degrees").unwrap_or(0.0);
    Place { lat: degrees("lat"), lon: degrees("lon") }
}

fn zone(row: &mut Row<'_>) -> Zone {
    row.parsed("zone", ZONE).unwrap_or_else(Zone::utc)
}

fn words(row: &mut Row<'_>, column: &str) -> Vec<String> {
    row.list::<String>(column, "a word").iter().map(|word| word.to_lowercase()).collect()
}

fn dealer(row: &mut Row<'_>) -> Option<Dealer> {
    let (name, group, region) = (row.text("name"), row.maybe_text("group"), row.maybe_text("region"));
    let (city, place, zone) = (row.text("city"), place(row), zone(row));
    Some(Dealer { id: row.parsed("id", ID)?, name, group, region, city, place, zone, version: 0 })
}

fn location(row: &mut Row<'_>) -> Option<Location> {
    let (name, address, city, country) =
        (row.text("name"), row.text("address"), row.text("city"), row.text("country"));
    let (place, zone, rooms) = (place(row), zone(row), row.list("rooms", "a room"));
    Some(Location { id: row.parsed("id", ID)?, name, address, city, country, place, zone, rooms, version: 0 })
}

fn course(row: &mut Row<'_>) -> Option<Course> {
    let kinds = ProgrammeType::ALL.map(ProgrammeType::word).join(", ");
    let programme_type = row.word("programme_type", ProgrammeType::from_word, &kinds);
    let (title, summary, topics) = (row.text("title"), row.text("summary"), words(row, "topics"));
    let (length, validity_months, travel) =
        (row.length("length"), row.months("validity"), row.switch("travel"));
    let (prerequisites, equivalents) = (row.list("prerequisites", ID), row.list("equivalents", ID));
    Some(Course {
        id: row.parsed("id", ID)?,
        title,
        summary,
        programme_type: programme_type?,
        topics,
        track: row.maybe_text("track"),
        length,
        validity_months,
        travel,
        prerequisites,
        equivalents,
        version: 0,
    })
}

fn person(row: &mut Row<'_>) -> Option<Person> {
    let dealer = row.maybe("dealer", ID);
    let roles = roles(row, dealer);
    let (name, email) = (row.text("name"), row.text("email").to_lowercase());
    let (manager, stands_in_for) = (row.maybe("manager", ID), row.list("stands_in_for", ID));
    let (zone, active) = (zone(row), row.switch("active"));
    let preferences = Preferences {
        locations: row.list("preferred_locations", ID),
        times: row.list("preferred_times", "a time such as `tuesday` or `tuesday 08:00-13:00`"),
        interests: words(row, "interests"),
        notify_by: channels(row),
    };
    let id = row.parsed("id", ID)?;
    Some(Person {
        id,
        name,
        email,
        dealer,
        roles,
        manager,
        stands_in_for,
        preferences,
        zone,
        active,
        version: 0,
    })
}

fn channels(row: &mut Row<'_>) -> Vec<Channel> {
    let mut channels = Vec::new();
    for word in words(row, "notify_by") {
        match Channel::from_word(&word) {
            Some(channel) => channels.push(channel),
            None => row.refuse("notify_by", format!("{} is none of mail, sms, push", shown(&word))),
        }
    }
    channels
}

/// `manager` is held at the person's own dealer, `manager@<dealer id>` at another.
fn roles(row: &mut Row<'_>, own: Option<DealerId>) -> Vec<Grant> {
    let mut grants = Vec::new();
    for text in row.list::<String>("roles", "a role") {
        let (word, at) = text.split_once('@').map_or((text.as_str(), None), |(word, at)| (word, Some(at)));
        let Some(role) = Role::from_word(word) else {
            let words = Role::ALL.map(Role::word).join(", ");
            row.refuse("roles", format!("{} is none of {words}", shown(word)));
            continue;
        };
        let dealer = match at.map(str::parse) {
            None => own.filter(|_| role.is_at_a_dealer()),
            Some(Ok(dealer)) => Some(dealer),
            Some(Err(_)) => {
                row.refuse("roles", format!("{} names no dealer after the @", shown(&text)));
                continue;
            }
        };
        grants.push(Grant { role, dealer });
    }
    grants
}

fn session(row: &mut Row<'_>) -> Option<SessionPlan> {
    let (room, length) = (row.text("room"), row.length("length"));
    let starts = row.wall_clocks("starts");
    if starts.is_empty() && row.is_empty("starts") {
        row.refuse("starts", "is empty: a session has at least one part");
    }
    let words = SessionStatus::WORDS.join(", ");
    let known = |word: &str| SessionStatus::WORDS.contains(&word).then(|| word.to_owned());
    let status = row.word("status", known, &words);
    let (capacity, minimum) =
        (row.parsed("capacity", "a number of seats"), row.parsed("minimum", "a number of people"));
    let (waitlist, instructors) = (row.switch("waitlist"), row.list("instructors", ID));
    let (course, location) = (row.parsed("course", ID), row.parsed("location", ID));
    let part = |starts| PartPlan { starts, zone: None, length, room: room.clone() };
    Some(SessionPlan {
        id: row.parsed("id", ID)?,
        course: course?,
        location: location?,
        parts: starts.into_iter().map(part).collect(),
        instructors,
        capacity: capacity?,
        minimum: minimum?,
        waitlist,
        status,
        override_reason: row.maybe_text("override_reason"),
        version: None,
        busy: Vec::new(),
    })
}

fn completion(row: &mut Row<'_>) -> Option<CompletedOn> {
    let (person, course) = (row.parsed("person", ID), row.parsed("course", ID));
    let day = row.day("completed_on")?;
    Some(CompletedOn { person: person?, course: course?, day })
}
