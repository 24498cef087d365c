//! What a statement counts: read from the statement alone, so that the journal and Kafka give the same numbers.

use ilt_core::ids::CourseId;
use ilt_core::ports::{Counting, Measure, Month};
use ilt_core::schedule::Zone;
use ilt_core::statement::Verb;
use serde_json::Value;
use uuid::Uuid;

/// A statement that does not say what it must.
#[derive(Debug, Clone, PartialEq, Eq, thiserror::Error)]
#[error("{0} cannot be read")]
pub struct Unreadable(pub &'static str);

/// What a statement of this verb counts; nothing when it is not counted.
///
/// # Errors
/// [`Unreadable`] when it is no statement, or lacks what is counted by.
pub fn counting(verb: Verb, body: &str) -> Result<Option<Counting>, Unreadable> {
    let it: Value = serde_json::from_str(body).map_err(|_| Unreadable("the statement"))?;
    let measure = match verb {
        Verb::Registered => Measure::Registered,
        Verb::Unregistered => Measure::Unregistered,
        Verb::Waitlisted => Measure::Waitlisted,
        Verb::Attended if it["result"]["completion"] == Value::Bool(true) => Measure::Attended,
        Verb::Attended => Measure::Partial,
        Verb::NoShow => Measure::NoShow,
        Verb::Excused => Measure::Excused,
        Verb::Completed => Measure::Completed,
        Verb::Voided => {
            let statement = uuid(&it["object"]["id"]).ok_or(Unreadable("/object/id"))?;
            return Ok(Some(Counting::TakesBack { statement }));
        }
        Verb::Scheduled
        | Verb::Rescheduled
        | Verb::Changed
        | Verb::Cancelled
        | Verb::Described
        | Verb::Requested
        | Verb::Offered
        | Verb::OfferDeclined
        | Verb::OfferLapsed => return Ok(None),
    };
    let course = match verb {
        Verb::Completed => &it["object"]["id"],
        _ => &it["context"]["contextActivities"]["parent"][0]["id"],
    };
    let at = match verb {
        // Whoever was there was there in the month of the class, whenever it was marked or corrected.
        Verb::Attended | Verb::NoShow | Verb::Excused => {
            extension(&it, "scheduled_time").unwrap_or(&it["timestamp"])
        }
        _ => &it["timestamp"],
    };
    // A class on New Year's morning is in January where it is, whatever month that still is in Greenwich.
    let zone = extension(&it, "scheduled_zone").and_then(|zone| zone.as_str()?.parse().ok());
    let zone = zone.unwrap_or_else(Zone::utc);
    let month =
        at.as_str().and_then(|at| Month::of(at.parse().ok()?, &zone)).ok_or(Unreadable("/timestamp"))?;
    Ok(Some(Counting::Counts {
        statement: uuid(&it["id"]).ok_or(Unreadable("/id"))?,
        course: uuid(course).map(CourseId).ok_or(Unreadable("the course"))?,
        month,
        measure,
    }))
}

/// An extension by the end of its name: what extensions begin with is the installation's own.
fn extension<'a>(statement: &'a Value, name: &str) -> Option<&'a Value> {
    let mut extensions = statement["context"]["extensions"].as_object()?.iter();
    extensions.find(|(known, _)| known.rsplit('/').next() == Some(name)).map(|(_, value)| value)
}

/// The UUID that a text is, or that an address ends with.
pub fn uuid(text: &Value) -> Option<Uuid> {
    text.as_str()?.rsplit('/').next()?.parse().ok()
}

#[cfg(test)]
mod tests {
    use std::collections::BTreeMap;

    use ilt_core::statement::Actors;
    use ilt_core::testing::plans::id;
    use ilt_core::testing::statements::{every_sort, style};

    use super::*;

    #[test]
    fn each_statement_counts_what_it_tells() {
        let mut counted: BTreeMap<&str, String> = BTreeMap::new();
        for one in every_sort(&style(Actors::Account, 1)) {
            let said = match counting(one.verb, &one.body).expect("it can be read") {
                None => continue,
                Some(Counting::TakesBack { .. }) => "taken back".to_owned(),
                Some(Counting::Counts { statement, course, month, measure }) => {
                    assert_eq!((statement, course), (one.id, CourseId(id(1))));
                    format!("{} in {month}", measure.word())
                }
            };
            counted.insert(one.verb.word(), said);
        }
        let lines: Vec<_> = counted.iter().map(|(verb, said)| format!("{verb}: {said}")).collect();
        insta::assert_snapshot!(lines.join("\n"), @"
        attended: attended in 2027-04
        completed: completed in 2027-03
        excused: excused in 2027-04
        no-show: no-show in 2027-04
        registered: registered in 2027-03
        unregistered: unregistered in 2027-03
        voided: taken back
        waitlisted: waitlisted in 2027-03
        ");
    }

    #[test]
    fn a_class_is_in_the_month_of_its_place() {
        let attended =
            every_sort(&style(Actors::Account, 1)).into_iter().find(|it| it.verb == Verb::Attended);
        let mut body: Value = serde_json::from_str(&attended.expect("told").body).expect("JSON");
        let extensions = body["context"]["extensions"].as_object_mut().expect("extensions");
        for (name, value) in extensions {
            match name.rsplit('/').next() {
                Some("scheduled_time") => *value = "2026-12-31T23:00:00Z".into(),
                Some("scheduled_zone") => *value = "Asia/Seoul".into(),
                _ => {}
            }
        }
        let counted = counting(Verb::Attended, &body.to_string()).expect("read").expect("counted");
        let Counting::Counts { month, .. } = counted else { panic!("{counted:?}") };
        assert_eq!(month.to_string(), "2027-01");
    }

    #[test]
    fn what_takes_back_names_what_was_counted() {
        let told = every_sort(&style(Actors::Account, 1));
        let no_show = told.iter().find(|it| it.verb == Verb::NoShow).expect("told");
        let voided = told.iter().find(|it| it.verb == Verb::Voided).expect("told");
        let taken_back = counting(Verb::Voided, &voided.body).expect("read");
        assert_eq!(taken_back, Some(Counting::TakesBack { statement: no_show.id }));
    }

    #[test]
    fn what_cannot_be_read_is_said_without_its_values() {
        assert_eq!(counting(Verb::Registered, "{"), Err(Unreadable("the statement")));
        assert_eq!(counting(Verb::Registered, r#"{"timestamp":"soon"}"#), Err(Unreadable("/timestamp")));
        let early = r#"{"timestamp":"-000044-03-15T08:00:00Z"}"#;
        assert_eq!(counting(Verb::Registered, early), Err(Unreadable("/timestamp")), "in no month of ours");
        assert_eq!(counting(Verb::Voided, r#"{"object":{"id":"x"}}"#), Err(Unreadable("/object/id")));
    }
}
