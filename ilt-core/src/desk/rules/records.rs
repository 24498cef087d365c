//! Saving courses, people, completions and rules: checked as a whole, journalled without names, and idempotent.

use jiff::{SignedDuration, Timestamp};
use rstest::rstest;

use crate::catalog::{Completion, Course, Person};
use crate::desk::{Command, Refusal, Reply};
use crate::ids::PersonId;
use crate::journal::Event;
use crate::policy::{Override, Rule, Scope};
use crate::testing::Network;
use crate::testing::plans::{course, id, now, person};

const ROOT: PersonId = Network::ROOT;

fn sentences(refused: Refusal) -> Vec<String> {
    match refused {
        Refusal::InvalidRequest { fields } => {
            fields.iter().map(|field| format!("{} {}", field.pointer, field.detail)).collect()
        }
        other => vec![other.to_string()],
    }
}

#[test]
fn saving_the_same_again_changes_nothing() {
    let mut network = Network::new();
    let basics = Course { version: 0, ..course(2, "Basics", None, &[]) };
    let added = network.ask(ROOT, Command::SaveCourses(vec![basics.clone()]));
    assert_eq!(
        added.map(Reply::bare),
        Ok(Reply::Saved { added: 1, changed: 0, one: Some((id(2), 1)), picture: None })
    );
    let again = network.ask(ROOT, Command::SaveCourses(vec![basics.clone()]));
    assert_eq!(
        again.map(Reply::bare),
        Ok(Reply::Saved { added: 0, changed: 0, one: Some((id(2), 1)), picture: None })
    );
    let changed = Course { title: "Basics II".to_owned(), ..basics };
    let saved = network.ask(ROOT, Command::SaveCourses(vec![changed]));
    assert_eq!(
        saved.map(Reply::bare),
        Ok(Reply::Saved { added: 0, changed: 1, one: Some((id(2), 2)), picture: None })
    );
    assert_eq!(network.news(), ["courses.saved", "courses.saved"]);
}

#[test]
fn a_lost_race_says_which_version_there_is() {
    let mut network = Network::new();
    let stale = Course { version: 9, ..course(1, "High voltage", None, &[]) };
    let refused = network.ask(ROOT, Command::SaveCourses(vec![stale])).expect_err("stale");
    assert_eq!(sentences(refused), ["somebody else changed this course first: it is at version 1 now"]);
}

#[test]
fn courses_that_would_require_each_other_are_refused_with_the_circle() {
    let mut network = Network::new();
    network.teach(Course { prerequisites: vec![id(1).into()], ..course(2, "Basics", None, &[]) });
    let circle =
        Course { prerequisites: vec![id(2).into()], version: 0, ..course(1, "High voltage", None, &[]) };
    let refused = network.ask(ROOT, Command::SaveCourses(vec![circle])).expect_err("a circle");
    assert_eq!(
        sentences(refused),
        ["these courses would require each other: High voltage → Basics → High voltage"]
    );
}

#[test]
fn of_several_courses_the_one_that_closes_a_circle_is_named() {
    let mut network = Network::new();
    let course = |number, needed: u32| Course {
        prerequisites: vec![id(needed).into()],
        version: 0,
        ..course(number, "Basics", None, &[])
    };
    let courses = vec![course(2, 1), course(3, 4), course(4, 3)];
    let refused = network.ask(ROOT, Command::SaveCourses(courses)).expect_err("a circle");
    assert_eq!(sentences(refused), ["/1 these courses would require each other: Basics → Basics → Basics"]);
}

#[test]
fn a_record_comes_once_in_an_order() {
    let mut network = Network::new();
    let (one, two) = (course(2, "Basics", None, &[]), course(2, "Advanced", None, &[]));
    let twice = |courses: [&Course; 2]| courses.map(|it| Course { version: 0, ..it.clone() }).to_vec();
    let dealers = vec![network.world.dealers[&id(1).into()].clone(); 2];
    for command in [
        Command::SaveCourses(twice([&one, &two])),
        Command::SaveCourses(twice([&one, &one])),
        Command::SaveDealers(dealers),
        Command::SavePeople(vec![person(7), person(7)]),
    ] {
        let refused = network.ask(ROOT, command.clone()).expect_err("one id for two");
        assert_eq!(sentences(refused), ["/1/id is that of another one before it"], "{command:?}");
    }
}

#[test]
fn courses_may_refer_to_courses_of_the_same_request() {
    let mut network = Network::new();
    let fresh = |number, needed: &[u32]| Course {
        prerequisites: needed.iter().map(|number| id(*number).into()).collect(),
        version: 0,
        ..course(number, &format!("Course {number}"), None, &[])
    };
    assert!(network.ask(ROOT, Command::SaveCourses(vec![fresh(2, &[3]), fresh(3, &[])])).is_ok());
    let refused = network.ask(ROOT, Command::SaveCourses(vec![fresh(4, &[5])])).expect_err("unknown");
    assert_eq!(sentences(refused), [format!("/prerequisites course {} does not exist", id(5))]);
}

#[rstest]
#[case::nobody_as_manager(|it: &mut Person| it.manager = Some(id(99).into()), "/manager this person does not exist")]
#[case::herself_as_manager(|it: &mut Person| it.manager = Some(it.id), "/manager nobody is their own manager")]
#[case::a_dealer_nobody_knows(|it: &mut Person| it.dealer = Some(id(99).into()), "/dealer this dealer does not exist")]
#[case::a_role_at_such_a_dealer(|it: &mut Person| it.roles[0].dealer = Some(id(99).into()), "/roles/0/dealer this dealer does not exist")]
#[case::a_role_without_its_dealer(|it: &mut Person| it.roles[0].dealer = None, "/roles/0 learner needs a dealer")]
#[case::a_location_nobody_knows(|it: &mut Person| it.preferences.locations = vec![id(99).into()],
    "/preferred_locations/0 this location does not exist")]
#[case::no_mail_address(|it: &mut Person| it.email = "ada".to_owned(), "/email must be a mail address such as ada@dealer.example")]
#[case::no_name(|it: &mut Person| it.name = " ".to_owned(), "/name must not be empty")]
fn a_person_who_cannot_be_is_refused(#[case] change: fn(&mut Person), #[case] said: &str) {
    let mut network = Network::new();
    let mut new = Person { version: 0, ..person(50) };
    change(&mut new);
    let refused = network.ask(ROOT, Command::SavePeople(vec![new])).expect_err("refused");
    assert_eq!(sentences(refused), [said]);
    assert!(!network.world.people.contains_key(&id(50).into()));
}

#[test]
fn the_journal_knows_no_names_and_no_mail_addresses() {
    let mut network = Network::new();
    network.ask(ROOT, Command::SavePeople(vec![Person { version: 0, ..person(50) }])).expect("saved");
    let entry = network.entries().next().expect("an entry");
    let text = serde_json::to_string(entry).expect("json");
    assert!(!text.contains("Ada") && !text.contains("dealer.example"), "{text}");
    assert_eq!(network.saved[0].people[0].name, "Ada", "the record itself has both");
}

#[test]
fn many_records_are_journalled_in_entries_of_500() {
    let mut network = Network::new();
    let completions: Vec<_> = (0..1_200)
        .map(|days| Completion {
            person: Network::ADA,
            course: id(1).into(),
            completed_at: now() - SignedDuration::from_hours(24 * (days + 1)),
        })
        .collect();
    let saved = network.ask(ROOT, Command::RecordCompletions(completions.clone())).expect("saved");
    assert_eq!(saved.bare(), Reply::Saved { added: 1_200, changed: 0, one: None, picture: None });
    let sizes: Vec<_> = network
        .entries()
        .map(|entry| match &entry.event {
            Event::CompletionsRecorded(list) => list.len(),
            other => panic!("{other:?}"),
        })
        .collect();
    assert_eq!(sizes, [500, 500, 200]);
    let again = network.ask(ROOT, Command::RecordCompletions(completions)).expect("saved");
    assert_eq!(
        again.bare(),
        Reply::Saved { added: 0, changed: 0, one: None, picture: None },
        "recording twice is once"
    );
}

#[rstest]
#[case::of_nobody(|it: &mut Completion| it.person = id(99).into(), "/person this person does not exist")]
#[case::of_no_course(|it: &mut Completion| it.course = id(99).into(), "/course this course does not exist")]
#[case::in_the_future(|it: &mut Completion| it.completed_at = now() + SignedDuration::from_hours(1),
    "/completed_on must not be in the future")]
#[case::before_anybody_could_count(|it: &mut Completion| it.completed_at = Timestamp::MIN,
    "/completed_on must not be before the year 1900")]
fn a_completion_that_cannot_be_is_refused(#[case] change: fn(&mut Completion), #[case] said: &str) {
    let mut completion = Completion { person: Network::ADA, course: id(1).into(), completed_at: now() };
    change(&mut completion);
    let refused = Network::new().ask(ROOT, Command::RecordCompletions(vec![completion]));
    assert_eq!(sentences(refused.expect_err("refused")), [said]);
}

#[test]
fn a_rule_is_set_and_set_back() {
    let mut network = Network::new().with_session(100, 1, 35);
    let set = Override { scope: Scope::Course(id(1).into()), rule: Rule::Waitlist, value: 0 };
    network.ask(ROOT, Command::SetRule(set.clone())).expect("set");
    network.register(Network::ADA, 100).expect("the seat");
    assert!(network.wait(Network::BEN, 100).is_err());
    network.ask(ROOT, Command::ClearRule(set.scope, set.rule)).expect("set back");
    assert!(network.wait(Network::BEN, 100).is_ok());
    assert_eq!(network.news()[0], "rule.set");
}

#[test]
fn a_rule_takes_only_what_makes_sense() {
    let set = Override { scope: Scope::Global, rule: Rule::OfferFar, value: 0 };
    let refused = Network::new().ask(ROOT, Command::SetRule(set)).expect_err("no hours");
    assert_eq!(sentences(refused), ["/value offer-far must be between 1 and 336 hours, not 0"]);
}
