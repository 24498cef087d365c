//! Saving courses, people, completions and rules: checked as a whole, journalled without names, and idempotent.

use jiff::{SignedDuration, Timestamp};
use rstest::rstest;

use crate::catalog::{CompletedOn, Completion, Course, Person};
use crate::desk::{Command, Refusal, Reply};
use crate::ids::PersonId;
use crate::journal::Event;
use crate::policy::{Override, Rule, Scope};
use crate::testing::Network;
use crate::testing::plans::{course, id, now, person};

const ROOT: PersonId = Network::ROOT;

/// Somebody nobody knows, with an address of their own.
fn new_person(number: u32) -> Person {
    Person { version: 0, email: format!("new{number}@dealer.example"), ..person(number) }
}

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
#[case::two_dots(|it: &mut Person| it.email = "ada..b@dealer.example".to_owned(), "/email must be a mail address such as ada@dealer.example")]
#[case::a_dot_before(|it: &mut Person| it.email = ".ada@dealer.example".to_owned(), "/email must be a mail address such as ada@dealer.example")]
#[case::a_dot_behind(|it: &mut Person| it.email = "ada.@dealer.example".to_owned(), "/email must be a mail address such as ada@dealer.example")]
#[case::a_comment(|it: &mut Person| it.email = "(c)ada@dealer.example".to_owned(), "/email must be a mail address such as ada@dealer.example")]
#[case::a_colon(|it: &mut Person| it.email = "ada:x@dealer.example".to_owned(), "/email must be a mail address such as ada@dealer.example")]
#[case::a_host_with_a_hyphen_before(|it: &mut Person| it.email = "ada@-d.example".to_owned(), "/email must be a mail address such as ada@dealer.example")]
#[case::a_host_with_two_dots(|it: &mut Person| it.email = "ada@d..example".to_owned(), "/email must be a mail address such as ada@dealer.example")]
#[case::a_machine(|it: &mut Person| it.email = "ada@[127.0.0.1]".to_owned(), "/email must be a mail address such as ada@dealer.example")]
#[case::its_number(|it: &mut Person| it.email = "ada@127.0.0.1".to_owned(), "/email must be a mail address such as ada@dealer.example")]
#[case::two_hosts(|it: &mut Person| it.email = "ada@b@dealer.example".to_owned(), "/email must be a mail address such as ada@dealer.example")]
#[case::somebody_elses_address(|it: &mut Person| it.email = "ada@dealer.example".to_owned(), "/email is the address of somebody else")]
fn a_person_who_cannot_be_is_refused(#[case] change: fn(&mut Person), #[case] said: &str) {
    let mut network = Network::new();
    let mut new = new_person(50);
    change(&mut new);
    let refused = network.ask(ROOT, Command::SavePeople(vec![new])).expect_err("refused");
    assert_eq!(sentences(refused), [said]);
    assert!(!network.world.people.contains_key(&id(50).into()));
}

#[rstest]
#[case("o'brien+ilt@dealer.example")]
#[case("jörg.müller@autohaus-köln.example")]
#[case("a#b@dealer.example")]
fn these_are_addresses(#[case] email: &str) {
    let new = Person { email: email.to_owned(), ..new_person(50) };
    Network::new().ask(ROOT, Command::SavePeople(vec![new])).expect("an address");
}

/// All of the network have had one address in common for long: it stays, until one of them gets another.
#[test]
fn an_address_is_one_persons_from_when_it_is_given() {
    let mut network = Network::new();
    let (ada, ben) =
        (network.world.people[&Network::ADA].clone(), network.world.people[&Network::BEN].clone());
    let save = |network: &mut Network, people: &[&Person]| {
        let people = people.iter().map(|it| Person { version: 0, ..(*it).clone() }).collect();
        network.ask(ROOT, Command::SavePeople(people)).map(drop)
    };
    let with = |person: &Person, email: &str| Person { email: email.to_owned(), ..person.clone() };
    let renamed = Person { name: "Ada Two".to_owned(), ..ada.clone() };
    save(&mut network, &[&renamed]).expect("it stays");
    save(&mut network, &[&with(&ada, "a@b.example")]).expect("her own now");
    let refused = save(&mut network, &[&with(&ada, "ada@dealer.example")]).expect_err("theirs");
    assert_eq!(sentences(refused), ["/email is the address of somebody else"]);
    save(&mut network, &[&with(&ben, "b@b.example")]).expect("his own");
    save(&mut network, &[&with(&ada, "b@b.example"), &with(&ben, "a@b.example")]).expect("they change");
    let refused = save(&mut network, &[&with(&new_person(50), "c@b.example"), &with(&ben, "c@b.example")]);
    let said = ["/0/email is the address of somebody else", "/1/email is the address of somebody else"];
    assert_eq!(sentences(refused.expect_err("one for two")), said);
}

#[rstest]
#[case::each_other(&[(Network::ADA, Network::BEN), (Network::BEN, Network::ADA)], Err("/1/manager"))]
#[case::with_one_who_leads_already(&[(Network::MIA, Network::ADA)], Err("/manager"))]
#[case::a_longer_circle(&[(Network::MIA, Network::BEN), (Network::DAN, Network::MIA), (Network::BEN, Network::DAN)], Err("/2/manager"))]
#[case::a_line(&[(Network::MIA, Network::DAN), (Network::DAN, Network::ROOT)], Ok(()))]
fn nobody_leads_those_who_lead_them(#[case] led: &[(PersonId, PersonId)], #[case] said: Result<(), &str>) {
    let mut network = Network::new();
    let by = |(person, manager): &(PersonId, PersonId)| Person {
        manager: Some(*manager),
        version: 0,
        ..network.world.people[person].clone()
    };
    let people = led.iter().map(by).collect();
    match network.ask(ROOT, Command::SavePeople(people)) {
        Ok(_) => assert_eq!(said, Ok(())),
        Err(Refusal::InvalidRequest { fields }) => {
            let last = fields.last().expect("a field");
            assert_eq!((Err(last.pointer.as_str()), last.detail.as_str()), (said, "is led by them in turn"));
        }
        Err(other) => panic!("{other:?}"),
    }
}

#[test]
fn the_journal_knows_no_names_and_no_mail_addresses() {
    let mut network = Network::new();
    network.ask(ROOT, Command::SavePeople(vec![new_person(50)])).expect("saved");
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

/// A day is that of the calendar where they work; it is kept as an instant of it that is over.
#[rstest]
#[case::yesterday("Europe/Berlin", "2027-02-28", Ok("2027-02-28T12:00:00Z"))]
#[case::today_before_noon("Europe/Berlin", "2027-03-01", Ok("2027-03-01T08:00:00Z"))]
#[case::tomorrow("Europe/Berlin", "2027-03-02", Err("/completed_on must not be in the future"))]
#[case::today_where_it_is_evening("Asia/Seoul", "2027-03-01", Ok("2027-03-01T08:00:00Z"))]
#[case::today_where_it_is_still_yesterday(
    "Pacific/Honolulu",
    "2027-03-01",
    Err("/completed_on must not be in the future")
)]
#[case::yesterday_there("Pacific/Honolulu", "2027-02-28", Ok("2027-02-28T12:00:00Z"))]
#[case::beyond_the_date_line("Pacific/Auckland", "2027-02-28", Ok("2027-02-27T23:00:00Z"))]
#[case::a_year_mistyped("Europe/Berlin", "0000-03-01", Err("/completed_on must not be before the year 1900"))]
fn a_day_is_that_of_the_place(#[case] zone: &str, #[case] day: &str, #[case] kept: Result<&str, &str>) {
    let mut network = Network::new();
    let dealers = std::sync::Arc::make_mut(&mut network.world.dealers);
    dealers.get_mut(&id(1).into()).expect("her dealer").zone = zone.parse().expect("a zone");
    let day = day.parse().expect("a day");
    let on = CompletedOn { person: Network::ADA, course: id(1).into(), day };
    let record = |network: &mut Network| network.ask(ROOT, Command::RecordDays(vec![on, on]));
    match record(&mut network) {
        Ok(_) => {
            let kept = kept.map(|at| at.parse::<Timestamp>().expect("an instant"));
            let known: Vec<_> =
                network.world.completions_of(Network::ADA).iter().map(|it| it.completed_at).collect();
            assert_eq!(known, [kept.expect("refused")]);
        }
        Err(refused) => assert_eq!(sentences(refused)[0].replace("/0/", "/"), kept.expect_err("taken")),
    }
    // The same file comes every night.
    network.later(20);
    if kept.is_ok() {
        let again = record(&mut network).expect("known").bare();
        assert_eq!(again, Reply::Saved { added: 0, changed: 0, one: None, picture: None });
    }
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

/// Nobody has attended and is a no-show by one rule, wherever it is set.
#[test]
fn what_is_attended_is_not_below_what_is_a_no_show() {
    let mut network = Network::new();
    let course = Scope::Course(id(1).into());
    let group = Scope::DealerGroup("north".to_owned());
    let set = |scope: &Scope, rule, value| Command::SetRule(Override { scope: scope.clone(), rule, value });
    let refused = [Refusal::invalid("/value", "attended-share must not be below no-show-share anywhere")];
    let mut ask = |command, is_right: bool| {
        let answer = network.ask(ROOT, command);
        assert_eq!(answer.err().as_slice(), if is_right { &[][..] } else { &refused[..] });
    };
    ask(set(&Scope::Global, Rule::AttendedShare, 24), false);
    ask(set(&course, Rule::AttendedShare, 25), true);
    ask(set(&Scope::Global, Rule::NoShowShare, 26), false);
    ask(set(&group, Rule::NoShowShare, 60), false);
    ask(set(&course, Rule::NoShowShare, 5), true);
    ask(set(&group, Rule::NoShowShare, 60), true);
    ask(Command::ClearRule(course, Rule::NoShowShare), false);
}

#[test]
fn a_rule_takes_only_what_makes_sense() {
    let set = Override { scope: Scope::Global, rule: Rule::OfferFar, value: 0 };
    let refused = Network::new().ask(ROOT, Command::SetRule(set)).expect_err("no hours");
    assert_eq!(sentences(refused), ["/value offer-far must be between 1 and 336 hours, not 0"]);
}
