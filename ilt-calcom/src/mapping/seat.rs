//! A registration, as a seat.

use std::collections::BTreeMap;

use ilt_core::ids::RegistrationId;
use ilt_core::schedule::Zone;
use jiff::Timestamp;

use super::alias::{Attendees, NAME};
use crate::api::{METADATA_KEY, NewAttendee, NewBooking};
use crate::ids::EventTypeId;
use crate::personal::Personal;

/// Whom a seat is for.
#[derive(Debug, Clone)]
pub struct Learner<'a> {
    /// Full name.
    pub name: &'a Personal,
    /// Mail address.
    pub email: &'a Personal,
    /// The zone the learner lives in.
    pub zone: &'a Zone,
    /// The language the learner reads (`de`), when it is known.
    pub language: Option<&'a str>,
}

/// Somebody without a name or an address that mail could be sent to.
#[derive(Debug, Clone, Copy, PartialEq, Eq, thiserror::Error)]
#[error(
    "the learner has no name or no mail address, without which Cal.com gives no seat: use aliases, or add it"
)]
pub struct NoAddress;

/// A registration's seat, before it is booked.
///
/// # Errors
/// [`NoAddress`] for who has none; never with aliases.
pub fn booking(
    registration: RegistrationId,
    learner: &Learner<'_>,
    attendees: &Attendees,
    event_type: EventTypeId,
    start: Timestamp,
) -> Result<NewBooking, NoAddress> {
    let (name, email) = match attendees.alias(registration) {
        Some(alias) => (Personal::new(NAME), alias),
        None => own(learner)?,
    };
    let language = learner.language.map(str::to_owned);
    let attendee = NewAttendee { name, email, time_zone: learner.zone.name().to_owned(), language };
    let metadata = BTreeMap::from([(METADATA_KEY.to_owned(), registration.to_string())]);
    Ok(NewBooking { start, event_type_id: event_type, attendee, metadata })
}

fn own(learner: &Learner<'_>) -> Result<(Personal, Personal), NoAddress> {
    let (name, email) = (learner.name.reveal().trim(), learner.email.as_address());
    let is_address = email.reveal().split_once('@').is_some_and(|(to, at)| !to.is_empty() && !at.is_empty());
    if name.is_empty() || !is_address {
        return Err(NoAddress);
    }
    Ok((Personal::new(name), email))
}

#[cfg(test)]
mod tests {
    use ilt_core::testing::plans::id;
    use rstest::rstest;
    use serde_json::{Value, json};

    use super::super::alias::Domain;
    use super::*;

    fn booked(name: &str, email: &str, attendees: &Attendees) -> Result<Value, NoAddress> {
        let (name, email, zone) =
            (Personal::new(name), Personal::new(email), "Europe/Berlin".parse().expect("a zone"));
        let learner = Learner { name: &name, email: &email, zone: &zone, language: Some("de") };
        let start = "2027-01-12T08:00:00Z".parse().expect("a time");
        let new = booking(RegistrationId(id(9)), &learner, attendees, EventTypeId(4), start)?;
        Ok(serde_json::to_value(new).expect("JSON"))
    }

    #[test]
    fn somebody_has_a_seat_under_an_address_in_small_letters() {
        let expected = json!({
            "start": "2027-01-12T08:00:00Z",
            "eventTypeId": 4,
            "attendee": { "name": "Amy", "email": "amy@example.com", "timeZone": "Europe/Berlin", "language": "de" },
            "metadata": { "iltEnrolmentId": "00000000-0000-0000-0000-000000000009" },
        });
        assert_eq!(booked("Amy ", " AMY@Example.com", &Attendees::Own), Ok(expected));
    }

    #[test]
    fn an_alias_takes_nothing_of_the_learner_along_but_zone_and_language() {
        let aliases = Attendees::Alias(Domain::new("training.example").expect("a domain"));
        let sent = booked("Amy Able", "amy@example.com", &aliases).expect("a seat").to_string();
        assert!(!sent.to_lowercase().contains("amy") && !sent.contains("example.com"), "{sent}");
        assert!(booked("", "", &aliases).is_ok(), "whoever has no address has an alias");
    }

    #[rstest]
    #[case::no_name(" ", "amy@example.com")]
    #[case::no_address("Amy", "")]
    #[case::half_an_address("Amy", "amy@")]
    #[case::no_at("Amy", "amy.example.com")]
    fn who_has_no_address_has_no_seat_under_it(#[case] name: &str, #[case] email: &str) {
        assert_eq!(booked(name, email, &Attendees::Own), Err(NoAddress));
    }
}
