//! What a text of ours looks like where it is not just any text: closed lists of words, as the core has them, and forms.
//!
//! Types here stand in the contract for types of the core, which knows nothing of contracts:
//! `#[schema(value_type = words::Role)]`.

use ilt_core::attendance::Outcome;
use ilt_core::calendar;
use ilt_core::catalog;
use ilt_core::desk;
use ilt_core::notice::advice;
use ilt_core::plugin::Step;
use ilt_core::policy;
use ilt_core::registration::Status;
use ilt_core::session::SessionStatus;
use ilt_engine::rehearsal::{self, Fate};
use serde_json::{Value, json};
use utoipa::openapi::schema::{Schema, SchemaFormat, SchemaType};
use utoipa::openapi::{Object, ObjectBuilder, RefOr, Type};
use utoipa::{PartialSchema, ToSchema};

/// Declares closed lists of words.
macro_rules! words {
    ($($(#[doc = $doc:literal])+ $name:ident = $words:expr;)+) => {$(
        $(#[doc = $doc])+
        #[derive(Debug)]
        pub struct $name;

        impl PartialSchema for $name {
            fn schema() -> RefOr<Schema> {
                closed($words.into_iter().map(|word| json!(word))).description(Some(concat!($($doc),+).trim())).build().into()
            }
        }

        impl ToSchema for $name {}
    )+};
}

words! {
    /// What a course is for.
    ProgrammeType = catalog::ProgrammeType::ALL;
    /// What somebody may do.
    Role = catalog::Role::ALL;
    /// How somebody is told.
    Channel = catalog::Channel::ALL;
    /// Where a session is in its life; `running` while it takes place.
    SessionStage = ["running"].into_iter().chain(SessionStatus::WORDS);
    /// Where a registration is in its life.
    RegistrationStatus = Status::WORDS;
    /// What an attendance came to.
    Attendance = Outcome::ALL;
    /// How far a calendar shows something.
    CalendarState = calendar::Shown::WORDS;
    /// Why a calendar cannot be as it should.
    CalendarDifference = calendar::Why::WORDS;
    /// What to do when no seat is open.
    OnFull = [desk::OnFull::Alternatives, desk::OnFull::Waitlist, desk::OnFull::BeyondCapacity];
    /// A rule that can be set.
    Rule = policy::Rule::ALL.map(policy::Rule::word);
    /// Where a rule's value comes from.
    RuleSource = [policy::Source::Course, policy::Source::DealerGroup, policy::Source::Global, policy::Source::Default];
    /// What was done to a plugin.
    PluginStep = [Step::Added, Step::Revised, Step::Activated, Step::RolledBack, Step::SwitchedOff, Step::Removed].map(Step::word);
    /// How a rehearsal stands.
    RehearsalStand = ["running", "done", "failed"];
    /// What somebody is to the learner, or to the session, that they are told of it.
    ToldAs = advice::ToldAs::ALL;
    /// What becomes of a notice with the plugin.
    NoticeChange = Fate::ALL;
    /// When somebody hears of something: `later` is from an instant on.
    Hears = rehearsal::Hears::ALL;
    /// What a list is sorted by.
    Sort = ["start", "distance"];
    /// What became of a mark: taken, known already, older than another, or refused.
    Marked = ["applied", "unchanged", "superseded", "refused"];
    /// What numbers are counted from.
    CountedFrom = ["journal", "kafka", "off"];
}

fn closed(words: impl Iterator<Item = Value>) -> ObjectBuilder {
    text().enum_values(Some(words))
}

fn text() -> ObjectBuilder {
    ObjectBuilder::new().schema_type(SchemaType::Type(Type::String))
}

/// Words for where registrations are, separated by commas.
pub fn statuses() -> Object {
    let word = format!("({})", Status::WORDS.join("|"));
    text().pattern(Some(format!("^{word}(,{word})*$"))).examples([json!("confirmed,waitlisted")]).build()
}

/// Ids, separated by commas.
pub fn ids() -> Object {
    text().pattern(Some(format!("^{ID}(,{ID})*$"))).build()
}

/// Who did something: a person by their id, or a part of the system.
pub fn actor() -> Object {
    text().pattern(Some(format!("^({ID}|system:[a-z-]+)$"))).examples([json!("system:timer")]).build()
}

const ID: &str = "[0-9a-fA-F]{8}(-[0-9a-fA-F]{4}){3}-[0-9a-fA-F]{12}";

/// A place in a list: only what a page answered is one.
pub fn cursor() -> Object {
    formatted("cursor").build()
}

fn formatted(format: &str) -> ObjectBuilder {
    text().format(Some(SchemaFormat::Custom(format.to_owned())))
}

/// Declares forms that a text may have, with their names and an example.
macro_rules! forms {
    ($($(#[doc = $doc:literal])+ $name:ident = $format:literal, $example:literal;)+) => {$(
        $(#[doc = $doc])+
        #[derive(Debug)]
        pub struct $name;

        impl PartialSchema for $name {
            fn schema() -> RefOr<Schema> {
                let form = formatted($format).examples([json!($example)]);
                form.description(Some(concat!($($doc),+).trim())).build().into()
            }
        }

        impl ToSchema for $name {}
    )+};
}

/// Bytes as they are.
#[derive(Debug)]
pub struct Bytes;

impl PartialSchema for Bytes {
    fn schema() -> RefOr<Schema> {
        formatted("binary").build().into()
    }
}

impl ToSchema for Bytes {}

/// The SHA-256 of what was uploaded, in hexadecimal.
#[derive(Debug)]
pub struct Digest;

impl PartialSchema for Digest {
    fn schema() -> RefOr<Schema> {
        let digest = text().pattern(Some("^[0-9a-f]{64}$"));
        digest.description(Some("The SHA-256 of what was uploaded, in hexadecimal.")).build().into()
    }
}

impl ToSchema for Digest {}

forms! {
    /// A length of time: hours, minutes and seconds (ISO 8601).
    Length = "duration", "PT6H";
    /// What clocks on the wall show, without an offset.
    WallClock = "local-date-time", "2027-03-28T09:00";
    /// A month.
    Month = "month", "2027-01";
    /// A time zone, by its name in the IANA database.
    ZoneName = "time-zone", "Europe/Berlin";
    /// A weekday, or a part of one.
    PreferredTime = "weekday-time", "friday 08:00-13:00";
    /// Degrees north and degrees east.
    Coordinates = "coordinates", "50.94,6.96";
}
