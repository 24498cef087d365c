//! What advice may do, as tables.

use std::collections::BTreeSet;

use jiff::ToSpan as _;
use proptest::collection::vec;
use proptest::prelude::*;
use proptest::sample;
use rstest::rstest;

use super::Change::{Add, AtMinute, Mute, ToDigest};
use super::ToldAs::{Admin, Approver, DealerAdmin, Instructor, Learner, Manager};
use super::{
    Advice, Change, Heard, Known, Notification, Pace, Planned, Telling, ToldAs, When, concerned, heed,
    planned, tellings,
};
use crate::access;
use crate::catalog::{Completion, Person, Role};
use crate::ids::{DealerId, EventId, PersonId};
use crate::journal::rules::every_event;
use crate::journal::{Actor, Entry, Event};
use crate::opinion::{Fault, Speaker};
use crate::testing::Network;
use crate::testing::plans::{id, in_role, now};
use crate::testing::questions::telling;

const ADA: PersonId = Network::ADA;
const MIA: PersonId = Network::MIA;
const DAN: PersonId = Network::DAN;

fn by(plugin: &str) -> Speaker {
    Speaker { plugin: plugin.to_owned(), version: "1.0.0".to_owned(), digest: "ab".repeat(32) }
}

fn advice(plugin: &str, change: Change) -> Advice {
    Advice { by: by(plugin), change, reason: "We agreed so.".to_owned() }
}

fn entry(event: Event) -> Entry {
    Entry {
        sequence: 1,
        id: EventId(id(1)),
        at: now(),
        actor: Actor::system("desk"),
        session: Some(id(100).into()),
        learner: Some(ADA),
        registration: Some(id(500).into()),
        reason: None,
        correlation: id(2),
        event,
        seats: None,
    }
}

fn asked(network: &Network, entry: &Entry, planned: &[Planned]) -> Vec<Telling> {
    let session = entry.session.as_ref().and_then(|id| network.world.sessions.get(id));
    let no_shows = |person| u32::from(person == ADA) * 3;
    tellings(entry, planned, &Known { people: &network.world.people, session, no_shows: &no_shows })
}

fn name(person: PersonId) -> String {
    let names = [(ADA, "ada"), (MIA, "mia"), (DAN, "dan"), (Network::INA, "ina")];
    let known = names.into_iter().find(|(known, _)| *known == person);
    known.map_or_else(|| person.to_string(), |(_, name)| name.to_owned())
}

/// Whoever is told otherwise than was planned.
fn changed(heard: &[Heard]) -> String {
    let line = |it: &Heard| {
        let when = match it.when {
            When::Urgent => "urgently".to_owned(),
            When::AtOnce => "at once".to_owned(),
            When::From(at) => at.to_string(),
            When::Digest => "in the digest".to_owned(),
            When::Never => "never".to_owned(),
        };
        format!("{} {when}", name(it.person))
    };
    heard.iter().filter(|it| it.advised.is_some()).map(line).collect::<Vec<_>>().join(", ")
}

fn all_of(faults: &[(Speaker, Fault)]) -> Vec<Fault> {
    faults.iter().map(|(_, fault)| *fault).collect()
}

fn heeded(network: &Network, actor: &Actor, said: Vec<Advice>) -> (String, Vec<Fault>) {
    let (heard, faults) = heed(&telling(), actor, &network.world.people, said);
    (changed(&heard), all_of(&faults))
}

#[rstest]
#[case::muted(Mute(0), "mia never", &[])]
#[case::what_has_to_be_heard(Mute(1), "", &[Fault::MustHear])]
#[case::to_the_digest(ToDigest(1), "ada in the digest", &[])]
#[case::in_the_digest_already(ToDigest(0), "", &[])]
#[case::tomorrow_at_seven(AtMinute(1, 420), "ada 2027-03-02T06:00:00Z", &[])]
#[case::today_at_noon(AtMinute(1, 720), "ada 2027-03-01T11:00:00Z", &[])]
#[case::right_now(AtMinute(1, 540), "ada 2027-03-01T08:00:00Z", &[])]
#[case::out_of_the_digest(AtMinute(0, 720), "mia 2027-03-01T11:00:00Z", &[])]
#[case::no_minute(AtMinute(1, 1_440), "", &[Fault::NoMinute])]
#[case::urgent_is_not_muted(Mute(2), "", &[Fault::Urgent])]
#[case::urgent_is_not_moved(ToDigest(2), "", &[Fault::Urgent])]
#[case::urgent_is_not_put_off(AtMinute(2, 420), "", &[Fault::Urgent])]
#[case::not_asked(Mute(3), "", &[Fault::Unasked])]
#[case::far_from_asked(AtMinute(usize::MAX, 420), "", &[Fault::Unasked])]
#[case::the_dealer_admin(Add(DealerAdmin, Pace::AtOnce), "dan at once", &[])]
#[case::the_dealer_admins_digest(Add(DealerAdmin, Pace::Digest), "dan in the digest", &[])]
#[case::nobody_is_added_urgently(Add(DealerAdmin, Pace::Urgent), "dan at once", &[Fault::Urgent])]
#[case::who_may_approve(Add(Approver, Pace::AtOnce), "mia at once, dan at once", &[])]
#[case::sooner_than_planned(Add(Manager, Pace::AtOnce), "mia at once", &[])]
#[case::as_planned(Add(Manager, Pace::Digest), "", &[])]
#[case::later_than_planned(Add(Learner, Pace::Digest), "", &[])]
#[case::no_instructor(Add(Instructor, Pace::AtOnce), "", &[Fault::NotTheirs])]
#[case::no_admin(Add(Admin, Pace::AtOnce), "", &[Fault::NotTheirs])]
fn what_advice_does(#[case] change: Change, #[case] is: &str, #[case] wrong: &[Fault]) {
    let heeded = heeded(&Network::new(), &Actor::system("desk"), vec![advice("a", change)]);
    assert_eq!(heeded, (is.to_owned(), wrong.to_vec()));
}

#[rstest]
#[case::none("", &[Fault::NoReason], None)]
#[case::nothing_to_be_seen(" \n\u{0}", &[Fault::NoReason], None)]
#[case::markup("<b>We</b> agreed.", &[Fault::Cleaned], Some("We agreed."))]
#[case::a_sentence("We agreed.", &[], Some("We agreed."))]
fn whoever_is_told_otherwise_can_see_why(
    #[case] reason: &str,
    #[case] wrong: &[Fault],
    #[case] seen: Option<&str>,
) {
    let network = Network::new();
    let said = Advice { reason: reason.to_owned(), ..advice("a", Mute(0)) };
    let (heard, faults) = heed(&telling(), &Actor::system("desk"), &network.world.people, vec![said]);
    assert_eq!(heard[0].advised.as_ref().map(|it| it.reason.as_str()), seen);
    assert_eq!(all_of(&faults), wrong);
}

#[rstest]
#[case::twice_by_one(vec![advice("a", ToDigest(1)), advice("a", AtMinute(1, 720))], "ada in the digest", &[Fault::Again])]
#[case::the_first_of_two(vec![advice("a", ToDigest(1)), advice("b", AtMinute(1, 720))], "ada in the digest", &[])]
#[case::the_next_when_the_first_may_not(vec![advice("a", Mute(1)), advice("b", ToDigest(1))], "ada in the digest", &[Fault::MustHear])]
#[case::each_another(vec![advice("a", Mute(0)), advice("b", ToDigest(1))], "mia never, ada in the digest", &[])]
#[case::who_is_muted_stays_so(vec![advice("a", Mute(0)), advice("b", Add(Manager, Pace::AtOnce))], "mia never", &[])]
#[case::nobody_hears_twice(vec![advice("a", Add(DealerAdmin, Pace::Digest)), advice("b", Add(DealerAdmin, Pace::AtOnce))], "dan in the digest", &[])]
#[case::urgent_beats_all(vec![advice("a", Mute(2)), advice("b", Mute(2))], "", &[Fault::Urgent, Fault::Urgent])]
fn several_plugins_are_heard_in_their_order(
    #[case] said: Vec<Advice>,
    #[case] is: &str,
    #[case] wrong: &[Fault],
) {
    assert_eq!(heeded(&Network::new(), &Actor::system("desk"), said), (is.to_owned(), wrong.to_vec()));
}

#[rstest]
#[case::by_whoever_did_it(Actor::Person(DAN), |_: &mut Network| {}, "")]
#[case::who_left(Actor::system("desk"), |it: &mut Network| person(it, DAN).active = false, "")]
#[case::of_another_dealer(Actor::system("desk"), |it: &mut Network| person(it, DAN).roles[0].dealer = Some(DealerId(id(2))), "")]
#[case::an_admin_is_none(Actor::system("desk"), |it: &mut Network| person(it, DAN).roles[0].role = Role::Admin, "")]
#[case::the_learner_has_left_the_dealer(Actor::system("desk"), |it: &mut Network| person(it, ADA).dealer = Some(DealerId(id(2))), "")]
#[case::a_learner_who_is_not_known(Actor::system("desk"), |it: &mut Network| drop(it.world.people.remove(&ADA)), "")]
#[case::by_somebody_else(Actor::Person(ADA), |_: &mut Network| {}, "dan at once")]
fn nobody_is_told_as_well_who_may_not_see_the_learner_or_did_it(
    #[case] actor: Actor,
    #[case] change: fn(&mut Network),
    #[case] is: &str,
) {
    let mut network = Network::new();
    change(&mut network);
    let said = vec![advice("a", Add(DealerAdmin, Pace::AtOnce))];
    let (heard, faults) = heed(&telling(), &actor, &network.world.people, said);
    assert_eq!((changed(&heard).as_str(), all_of(&faults)), (is, Vec::new()));
}

fn person(network: &mut Network, id: PersonId) -> &mut Person {
    network.world.people.get_mut(&id).expect("somebody")
}

#[test]
fn five_people_are_told_as_well_at_most() {
    let mut network = Network::new();
    for number in 40..50 {
        network.meet(in_role(id(number).into(), Role::DealerAdmin));
    }
    let said = vec![advice("a", Add(DealerAdmin, Pace::AtOnce)), advice("b", Add(Approver, Pace::AtOnce))];
    let (heard, faults) = heed(&telling(), &Actor::system("desk"), &network.world.people, said);
    let added: Vec<_> = heard[3..].iter().map(|it| it.person).collect();
    assert_eq!(added, [DAN, id(40).into(), id(41).into(), id(42).into(), id(43).into()]);
    assert_eq!(heard[0].when, When::AtOnce, "whoever is told anyhow is none of the five");
    assert_eq!(all_of(&faults), [Fault::TooMany, Fault::TooMany]);
}

#[test]
fn without_advice_everything_is_as_planned() {
    let network = Network::new();
    let (heard, _) = heed(&telling(), &Actor::system("desk"), &network.world.people, Vec::new());
    let when: Vec<_> = heard.iter().map(|it| (name(it.person), it.when)).collect();
    let is = |name: &str, when| (name.to_owned(), when);
    assert_eq!(when, [is("mia", When::Digest), is("ada", When::AtOnce), is("ina", When::Urgent)]);
}

/// What a manager hears of today: at once has to be heard, the digest does not.
#[rstest]
#[case::late(true, Pace::AtOnce, false)]
#[case::in_time(false, Pace::Digest, true)]
fn what_happened_is_asked_about(#[case] late: bool, #[case] pace: Pace, #[case] may_be_muted: bool) {
    let mut network = Network::new().with_session(100, 5, 10);
    person(&mut network, MIA).zone = "Asia/Kolkata".parse().expect("a zone");
    let entry = entry(Event::Cancelled { late });
    let planned = planned(&entry, &network.world.people);
    let [telling] = &asked(&network, &entry, &planned)[..] else { panic!("one learner") };
    let Telling { happening, notices } = telling;
    let session = network.session(100);
    assert_eq!((happening.kind, happening.late, happening.no_shows), ("registration.cancelled", late, 3));
    assert_eq!((happening.course, happening.starts_at), (Some(session.course), Some(session.starts_at())));
    assert_eq!((happening.learner, happening.dealer), (ADA, Some(DealerId(id(1)))));
    let zone = "Asia/Kolkata".parse().expect("a zone");
    let manager = Notification { person: MIA, told_as: ToldAs::Manager, pace, may_be_muted, zone };
    assert_eq!(notices, &[manager]);
    assert_eq!(telling.clock_of(&notices[0]), jiff::civil::date(2027, 3, 1).at(13, 30, 0, 0));
}

#[rstest]
#[case::nobody_leads_them(Event::Cancelled { late: true }, 1)]
#[case::nothing_to_anybody(Event::FeedRenewed, 0)]
#[case::two_learners(completions(), 2)]
fn a_question_is_asked_for_each_learner_also_when_nobody_is_told_yet(
    #[case] event: Event,
    #[case] questions: usize,
) {
    let entry = Entry { learner: Some(ADA), ..entry(event) };
    assert_eq!(asked(&Network::new(), &entry, &[]).len(), questions);
}

/// So that nobody works out a question that nobody is asked, and nobody is left out.
#[test]
fn an_entry_concerns_those_about_whom_somebody_is_asked() {
    let network = Network::new();
    for event in every_event() {
        let entry = entry(event);
        let asked = asked(&network, &entry, &planned(&entry, &network.world.people));
        let asked: BTreeSet<_> = asked.iter().map(|it| it.happening.learner).collect();
        let concerned = concerned(&entry).into_iter().filter(|it| network.world.people.contains_key(it));
        assert_eq!(concerned.collect::<BTreeSet<_>>(), asked, "{}", entry.event.word());
    }
}

#[test]
fn what_somebody_is_to_the_learner_has_one_word() {
    let words = ToldAs::ALL.map(|it| serde_json::to_value(it).expect("a word"));
    assert_eq!(words, ToldAs::ALL.map(|it| serde_json::Value::from(it.word())));
}

fn completions() -> Event {
    let completion =
        |person, hours: i64| Completion { person, course: id(1).into(), completed_at: now() - hours.hours() };
    Event::CompletionsRecorded(vec![completion(Network::BEN, 1), completion(ADA, 2), completion(ADA, 3)])
}

fn any_change() -> impl Strategy<Value = Change> {
    let told_as = sample::select(vec![Learner, Manager, Approver, Instructor, DealerAdmin, Admin]);
    let pace = sample::select(vec![Pace::Urgent, Pace::AtOnce, Pace::Digest]);
    prop_oneof![
        (0..5_usize).prop_map(Mute),
        (0..5_usize).prop_map(ToDigest),
        (0..5_usize, 0..2_000_u32).prop_map(|(at, minute)| AtMinute(at, minute)),
        (told_as, pace).prop_map(|(told_as, pace)| Add(told_as, pace)),
    ]
}

proptest! {
    /// Whatever is advised: what is urgent stays so and nothing becomes so, what has to be heard is, nobody hears twice, and nobody is
    /// told who may not see the learner.
    #[test]
    fn advice_stays_within_its_bounds(changes in vec((sample::select(vec!["a", "b"]), any_change()), 0..40)) {
        let mut network = Network::new();
        (40..50).for_each(|number| network.meet(in_role(id(number).into(), Role::DealerAdmin)));
        let people = &network.world.people;
        let said = changes.into_iter().map(|(by, change)| advice(by, change)).collect();
        let (heard, _) = heed(&telling(), &Actor::system("desk"), people, said);
        let urgent: Vec<_> = heard.iter().map(|it| it.when == When::Urgent).collect();
        prop_assert_eq!(&urgent[..3], [false, false, true]);
        prop_assert!(!urgent[3..].contains(&true) && heard.len() <= 8);
        prop_assert!(heard.iter().all(|it| it.when != When::Never || it.person == MIA));
        let hear: BTreeSet<_> = heard.iter().map(|it| it.person).collect();
        prop_assert_eq!(hear.len(), heard.len());
        prop_assert!(heard[3..].iter().all(|it| access::over(&people[&it.person], &people[&ADA]).is_ok()));
    }
}
