//! What is told of each thing that happens, to the byte.

use std::collections::{BTreeMap, BTreeSet};

use jiff::{Timestamp, ToSpan as _};
use rstest::rstest;

use super::bytes::{instant, length};
use super::{Actors, Style, Teller, Told, Topic, Verb, event_type, sort_of, sorts};
use crate::attendance::{Mark, Outcome};
use crate::catalog::{Completion, Course};
use crate::journal::{Entry, Event};
use crate::schedule::Part;
use crate::session::{Session, SessionStatus};
use crate::testing::Network;
use crate::testing::plans::{id, now};
use crate::testing::statements::{entry, moved};

fn network() -> Network {
    let mut network = Network::new().with_session(100, 12, 35);
    network.world.sessions.change(id(100).into()).expect("a session").instructors = vec![Network::INA];
    network
}

fn told_in(style: &Style, entries: &[Entry]) -> Vec<Told> {
    let network = network();
    let mut teller = Teller::new(style, &network.world, BTreeMap::new());
    entries.iter().flat_map(|entry| teller.tell(entry)).collect()
}

fn told(entries: &[Entry]) -> Vec<Told> {
    told_in(&Style::default(), entries)
}

fn pretty(told: &Told) -> String {
    let value: serde_json::Value = serde_json::from_str(&told.body).expect("JSON");
    serde_json::to_string_pretty(&value).expect("JSON")
}

#[test]
fn a_seat_that_is_taken() {
    insta::assert_snapshot!(pretty(&told(&[entry(1, Event::Registered)])[0]));
}

#[test]
fn the_bytes_themselves() {
    insta::assert_snapshot!(told(&[entry(1, Event::Cancelled { late: false })])[0].body, @r#"{"id":"6ed706ee-d329-5495-9c3f-888abb6e8758","actor":{"objectType":"Agent","name":"Ada","mbox":"mailto:ada@dealer.example"},"verb":{"id":"http://id.tincanapi.com/verb/unregistered","display":{"en":"unregistered"}},"object":{"objectType":"Activity","id":"http://nlj.platform/training-sessions/00000000-0000-0000-0000-000000000064","definition":{"name":{"en":"High-voltage safety"},"type":"http://id.tincanapi.com/activitytype/meeting"}},"context":{"registration":"6731703f-209d-5404-977a-69ac0e8a841d","instructor":{"objectType":"Agent","name":"Ada","mbox":"mailto:ada@dealer.example"},"contextActivities":{"category":[{"objectType":"Activity","id":"http://nlj.platform/xapi/profiles/ilt-scheduling/v1"}],"parent":[{"objectType":"Activity","id":"http://nlj.platform/courses/00000000-0000-0000-0000-000000000001","definition":{"name":{"en":"High-voltage safety"},"type":"http://adlnet.gov/expapi/activities/course"}}]},"platform":"NLJ Learning Platform","language":"en","extensions":{"http://nlj.platform/extensions/cancelled_by":"learner","http://nlj.platform/extensions/late_cancellation":false,"http://nlj.platform/extensions/registration_id":"00000000-0000-0000-0000-0000000001f4","http://nlj.platform/extensions/scheduled_time":"2027-04-05T07:00:00.000Z","http://nlj.platform/extensions/scheduled_zone":"Europe/Berlin"}},"timestamp":"2027-03-01T08:00:00.000Z"}"#);
}

#[test]
fn a_session_that_is_opened() {
    insta::assert_snapshot!(pretty(&told(&[entry(1, Event::SessionPublished)])[0]));
}

#[test]
fn a_course_that_has_another_title() {
    let course = network().world.courses[&id(1).into()].clone();
    let renamed = Course { title: "High-voltage safety 2".to_owned(), ..course };
    let saved = Entry {
        session: None,
        learner: None,
        registration: None,
        ..entry(1, Event::CoursesSaved(vec![renamed]))
    };
    let told = told(&[saved]);
    assert_eq!((told.len(), told[0].topic, told[0].key), (1, Topic::Scheduled, id(1)));
    insta::assert_snapshot!(pretty(&told[0]));
}

#[test]
fn a_room_and_instructors_that_change_are_told_of_the_session_and_are_no_move() {
    let (changed, _) = later(0, |session| {
        session.status = SessionStatus::Published { at: Timestamp::MIN };
        session.moved_at = Some(now());
        session.parts[0].room = "2.04".to_owned();
    });
    let told = told(&[entry(1, changed)]);
    assert_eq!(told.iter().map(|one| one.verb).collect::<Vec<_>>(), [Verb::Changed]);
    assert!(told[0].body.contains(r#"extensions/rooms":["2.04"]"#), "{}", told[0].body);
}

#[test]
fn a_course_that_is_completed() {
    let completion = Completion { person: Network::ADA, course: id(1).into(), completed_at: now() };
    let told = told(&[entry(1, Event::CompletionsRecorded(vec![completion]))]);
    insta::assert_snapshot!(pretty(&told[0]));
}

#[test]
fn a_completion_of_long_ago_happened_long_ago() {
    let completed_at = "2025-03-01T12:00:00Z".parse().expect("an instant");
    let completion = Completion { person: Network::ADA, course: id(1).into(), completed_at };
    let told = told(&[entry(1, Event::CompletionsRecorded(vec![completion]))]);
    assert!(told[0].body.ends_with(r#""timestamp":"2025-03-01T12:00:00.000Z"}"#), "{}", told[0].body);
    assert_eq!(told[0].at, now(), "it is told of since it was recorded");
}

#[test]
fn a_correction_takes_back_what_was_told_and_tells_anew() {
    let settled = |outcome| Event::AttendanceSettled { outcome, stay: None };
    let told = told(&[entry(1, settled(Outcome::NoShow)), entry(2, settled(Outcome::Excused))]);
    let verbs: Vec<_> = told.iter().map(|one| one.verb.word()).collect();
    assert_eq!(verbs, ["no-show", "voided", "excused"]);
    assert!(pretty(&told[1]).contains(&told[0].id.to_string()));
    assert_eq!(told[1].topic, told[0].topic, "it goes where the mistake went");
    insta::assert_snapshot!(pretty(&told[1]));
}

#[test]
fn somebody_was_there_when_the_class_was() {
    let network = network();
    let ends_at = network.session(100).ends_at();
    let settled = || entry(1, Event::AttendanceSettled { outcome: Outcome::Attended, stay: None });
    let told_at = |at| {
        let told = told(&[Entry { at, ..settled() }]);
        assert_eq!(told[0].at, at, "it is told of since it was marked");
        told[0].body.ends_with(&format!(r#""timestamp":"{}"}}"#, instant(at.min(ends_at))))
    };
    assert!(told_at(ends_at - 1.hours()), "marked before the end");
    assert!(told_at(ends_at + 700.hours()), "corrected a month later");
}

#[test]
fn a_completion_that_is_withdrawn_is_voided_once() {
    let completion = Completion { person: Network::ADA, course: id(1).into(), completed_at: now() };
    let withdrawn = |number| entry(number, Event::CompletionsWithdrawn(vec![completion]));
    let told = told(&[entry(1, Event::CompletionsRecorded(vec![completion])), withdrawn(2), withdrawn(3)]);
    let verbs: Vec<_> = told.iter().map(|one| one.verb.word()).collect();
    assert_eq!(verbs, ["completed", "voided"]);
}

#[test]
fn a_cancellation_voids_nothing() {
    let told = told(&[
        entry(1, Event::Registered),
        entry(2, Event::Cancelled { late: true }),
        entry(3, Event::Registered),
    ]);
    let verbs: Vec<_> = told.iter().map(|one| one.verb.word()).collect();
    assert_eq!(verbs, ["registered", "unregistered", "registered"]);
    assert!(told[1].body.contains(r#""http://nlj.platform/extensions/late_cancellation":true"#));
    assert_eq!(told.iter().map(|one| one.id).collect::<BTreeSet<_>>().len(), 3);
}

#[test]
fn the_same_entry_is_told_to_the_byte_the_same_again() {
    let entries = [entry(1, Event::Registered), entry(2, Event::Promoted)];
    assert_eq!(told(&entries), told(&entries));
}

/// Session 100 as it is planned for so many days later, and when it starts then.
fn later(days: i32, change: impl FnOnce(&mut Session)) -> (Event, Timestamp) {
    let network = network();
    let mut session = network.session(100).clone();
    for part in &mut session.parts {
        let starts = part.starts.checked_add(days.days()).expect("in range");
        *part = Part::new(starts, part.zone.clone(), part.length, part.room.clone()).expect("an instant");
    }
    change(&mut session);
    let starts_at = session.starts_at();
    (Event::SessionChanged(Box::new(session)), starts_at)
}

#[test]
fn a_draft_that_is_called_off_is_told_to_nobody() {
    let (at, reason) = (now(), "no room".to_owned());
    let (cancelled, _) =
        later(0, |session| session.status = SessionStatus::Cancelled { at, reason, announced: true });
    assert_eq!(told(&[entry(1, cancelled)]), []);
}

#[test]
fn a_session_that_moves_twice_is_told_of_as_it_was_each_time() {
    let moved_by = |days| {
        later(days, |session| {
            (session.status, session.rescheduled_at) =
                (SessionStatus::Published { at: Timestamp::MIN }, Some(now()));
        })
    };
    let ((once, first), (again, second)) = (moved_by(1), moved_by(2));
    let entries =
        [entry(1, once), entry(2, moved(now(), first)), entry(3, again), entry(4, moved(first, second))];
    let times = [first, first, second, second];
    let topics = [Topic::Scheduled, Topic::Registration].into_iter().cycle();
    for ((one, at), topic) in told(&entries).iter().zip(times).zip(topics) {
        assert_eq!((one.verb, one.topic), (Verb::Rescheduled, topic), "of the session, then of each learner");
        let wanted = format!(r#"/scheduled_time":"{}""#, instant(at));
        assert!(one.body.contains(&wanted), "{wanted} in {}", one.body);
    }
    let alone = [entry(1, moved(now(), second))];
    assert!(told(&alone)[0].body.contains(&instant(second)), "whatever is known of the session by now");
}

#[test]
fn a_draft_that_is_opened_by_a_plan_is_scheduled() {
    let (opened, _) = later(0, |session| session.status = SessionStatus::Published { at: now() });
    let (still_open, _) =
        later(0, |session| session.status = SessionStatus::Published { at: Timestamp::MIN });
    let told = told(&[entry(1, opened), entry(2, still_open)]);
    assert_eq!(told.iter().map(|one| one.verb).collect::<Vec<_>>(), [Verb::Scheduled, Verb::Changed]);
}

#[test]
fn more_seats_and_another_minimum_are_told_and_are_no_move() {
    let (changed, _) = later(0, |session| {
        (session.status, session.minimum) = (SessionStatus::Published { at: Timestamp::MIN }, 4);
        session.seats.capacity = 20;
    });
    let (draft, _) = later(0, |session| session.status = SessionStatus::Draft);
    let told = told(&[entry(1, changed), entry(2, draft)]);
    assert_eq!(
        told.iter().map(|one| event_type(one.topic, one.verb)).collect::<Vec<_>>(),
        ["nlj.training.scheduled.changed.v1"]
    );
    for said in
        [r#"extensions/capacity":20"#, r#"extensions/minimum":4"#, r#""http://nlj.platform/verbs/changed""#]
    {
        assert!(told[0].body.contains(said), "{said} in {}", told[0].body);
    }
}

/// A session that starts when it did, with other times otherwise, at another place, in another room, taught by somebody else.
fn otherwise((other_times, elsewhere, other_room, other_instructors): (bool, bool, bool, bool)) -> Event {
    let (from, to) = (now(), now());
    let unmarked = Vec::new();
    Event::SessionMoved { from, to, other_times, elsewhere, other_room, other_instructors, unmarked }
}

#[rstest]
#[case::registered(Event::Registered, "registered", "online")]
#[case::promoted(Event::Promoted, "registered", "waitlist")]
#[case::taken(Event::OfferTaken, "registered", "waitlist")]
#[case::approved(Event::Approved, "registered", "approval")]
#[case::beyond(Event::AdmittedBeyond, "registered", "beyond_capacity")]
#[case::walked_in(Event::WalkedIn { beyond: false }, "registered", "walk_in")]
#[case::instead_of_another(Event::TookOver { of: id(1).into() }, "registered", "substitution")]
#[case::waits(Event::Waitlisted { automatic: true, gives_back: None, group: None }, "waitlisted", "")]
#[case::requested(Event::Requested { until: now(), gives_back: None }, "requested", "")]
#[case::offered(Event::OfferMade { until: now(), warn_at: now() }, "offered", "")]
#[case::declined(Event::OfferDeclined, "offer-declined", "")]
#[case::lapsed(Event::OfferLapsed, "offer-lapsed", "")]
#[case::cancelled(Event::Cancelled { late: false }, "unregistered", "learner")]
#[case::transferred(Event::Transferred { to: id(9).into(), late: false }, "unregistered", "learner")]
#[case::substituted(Event::Substituted { to: id(9).into() }, "unregistered", "organisation")]
#[case::displaced(Event::Displaced { to: None }, "unregistered", "organisation")]
#[case::refused(Event::Declined, "unregistered", "organisation")]
#[case::with_the_session(Event::EndedWithSession, "unregistered", "session")]
#[case::request_lapsed(Event::RequestLapsed, "unregistered", "time")]
#[case::not_placed(Event::WaitEnded, "unregistered", "time")]
#[case::later(moved(now(), now() + 1.hours()), "rescheduled", "")]
#[case::elsewhere(otherwise((false, true, false, false)), "rescheduled", "")]
#[case::longer(otherwise((true, false, false, false)), "rescheduled", "")]
#[case::attended(Event::AttendanceSettled { outcome: Outcome::Attended, stay: None }, "attended", "")]
#[case::partly(Event::AttendanceSettled { outcome: Outcome::Partial, stay: None }, "attended", "")]
#[case::no_show(Event::AttendanceSettled { outcome: Outcome::NoShow, stay: None }, "no-show", "")]
#[case::excused(Event::AttendanceSettled { outcome: Outcome::Excused, stay: None }, "excused", "")]
#[case::called_off(Event::SessionCancelled, "cancelled", "")]
fn each_event_has_its_verb(#[case] event: Event, #[case] verb: &str, #[case] how: &str) {
    let told = told(&[entry(1, event)]);
    assert_eq!(told.iter().map(|one| one.verb.word()).collect::<Vec<_>>(), [verb]);
    assert!(told[0].body.contains(how), "{}", told[0].body);
    assert!(!told[0].body.contains("null"), "{}", told[0].body);
    assert_eq!(told[0].key, id(100));
}

#[rstest]
#[case::warned(Event::OfferWarned)]
#[case::skipped(Event::Skipped { why: crate::desk::Refusal::IdempotencyKeyReused })]
#[case::announced(Event::SeatAnnounced)]
#[case::marked(Event::AttendanceMarked { part: 1, mark: Mark { minutes: 9, excused: false, at: now(), client: None, arrived_at: None } })]
#[case::approved_beforehand(Event::ApprovedBeforehand)]
#[case::reminded(Event::Reminded { days: 7 })]
#[case::in_another_room(otherwise((false, false, true, false)))]
#[case::taught_by_somebody_else(otherwise((false, false, false, true)))]
fn what_stays_in_the_house(#[case] event: Event) {
    assert_eq!(told(&[entry(1, event)]), []);
}

#[test]
fn in_privacy_mode_nobody_is_named() {
    let style = Style { actors: Actors::Account, ..Style::default() };
    let told = told_in(&style, &[entry(1, Event::Registered), entry(2, Event::SessionPublished)]);
    for one in told {
        assert!(
            !one.body.contains("mbox") && !one.body.contains("Ada") && !one.body.contains('@'),
            "{}",
            one.body
        );
        assert!(one.body.contains(r#""account":{"homePage":"https://nlj.platform","name":""#));
    }
}

#[test]
fn whoever_has_an_address_that_not_every_record_store_takes_is_told_of_by_an_account() {
    let mut network = network();
    for (number, email) in ["jürgen@dealer.example", "a#b@dealer.example"].into_iter().enumerate() {
        let person = network.world.people.get_mut(&Network::ADA).expect("Ada");
        email.clone_into(&mut person.email);
        let style = Style::default();
        let entries = [entry(1 + u32::try_from(number).expect("few"), Event::Registered)];
        let told = Teller::new(&style, &network.world, BTreeMap::new()).tell(&entries[0]);
        let statement: serde_json::Value = serde_json::from_str(&told[0].body).expect("JSON");
        let account =
            serde_json::json!({"homePage": "https://nlj.platform", "name": Network::ADA.to_string()});
        let agent = serde_json::json!({"objectType": "Agent", "name": "Ada", "account": account});
        assert_eq!(statement["actor"], agent);
        assert!(!told[0].body.contains(email), "{}", told[0].body);
    }
}

#[test]
fn a_registration_is_named_by_a_uuid_that_every_library_takes() {
    let ties = |style: &Style, registration: &str| {
        let registration = Some(registration.parse().expect("an id"));
        let entries = [
            Entry { registration, ..entry(1, Event::Registered) },
            Entry { registration, ..entry(2, Event::Cancelled { late: false }) },
        ];
        let told = told_in(style, &entries);
        let named = told.iter().map(|one| {
            let statement: serde_json::Value = serde_json::from_str(&one.body).expect("JSON");
            let ours = &statement["context"]["extensions"]["http://nlj.platform/extensions/registration_id"];
            assert_eq!(ours, &serde_json::json!(registration), "it is found by its own id as well");
            statement["context"]["registration"].as_str().expect("a UUID").parse().expect("a UUID")
        });
        let named: Vec<uuid::Uuid> = named.collect();
        assert_eq!(named[0], named[1], "both are about one");
        named[0]
    };
    let style = Style::default();
    let ours = ties(&style, "018f3c6e-7a10-7cc2-9d2e-000000000001");
    assert_eq!(ours.get_version_num(), 5);
    assert_ne!(ours, ties(&style, "018f3c6e-7a10-7cc2-9d2e-000000000002"));
    assert_ne!(
        ours,
        ties(&Style { namespace: id(77), ..style.clone() }, "018f3c6e-7a10-7cc2-9d2e-000000000001")
    );
    let theirs = "a2a1bd1c-6f5b-4b3a-8a4d-0c8f5d3f9c11";
    assert_eq!(ties(&style, theirs).to_string(), theirs, "one of version 4 stays as it is");
}

#[test]
fn names_are_the_installations_own() {
    let style = Style {
        activity_base: "https://training.example".to_owned(),
        verbs: [(Verb::Registered, "https://training.example/verbs/booked".to_owned())].into(),
        ..Style::default()
    };
    let told = told_in(&style, &[entry(1, Event::Registered)]);
    assert!(told[0].body.contains(r#""verb":{"id":"https://training.example/verbs/booked""#));
    assert!(told[0].body.contains(r#""id":"https://training.example/training-sessions/"#));
}

#[test]
fn two_installations_have_two_ids_for_one_entry() {
    let other = Style { namespace: id(77), ..Style::default() };
    let entries = [entry(1, Event::Registered)];
    assert_ne!(told(&entries)[0].id, told_in(&other, &entries)[0].id);
}

#[rstest]
#[case(0, "PT0S")]
#[case(45, "PT45M")]
#[case(120, "PT2H")]
#[case(150, "PT2H30M")]
#[case(1_500, "PT25H")]
fn lengths(#[case] minutes: u32, #[case] written: &str) {
    assert_eq!(length(minutes), written);
}

#[rstest]
#[case("2027-03-01T08:00:00Z", "2027-03-01T08:00:00.000Z")]
#[case("2027-03-01T09:00:00.1234567+01:00", "2027-03-01T08:00:00.123Z")]
fn instants(#[case] at: &str, #[case] written: &str) {
    assert_eq!(instant(at.parse().expect("an instant")), written);
}

#[test]
fn a_type_of_event_names_its_sort_and_nothing_else_does() {
    for (topic, verb) in sorts() {
        assert_eq!(sort_of(&event_type(topic, verb)), Some((topic, verb)));
    }
    assert_eq!(sorts().len(), 19);
    for wrong in [
        "",
        "nlj.training.registration.registered.v2",
        "nlj.training.attendance.registered.v1",
        "nlj.training.scheduled.voided.v1",
    ] {
        assert_eq!(sort_of(wrong), None, "{wrong}");
    }
}
