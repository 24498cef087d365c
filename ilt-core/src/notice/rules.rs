//! What a manager hears of, as a table.

use jiff::ToSpan as _;
use rstest::rstest;

use super::Notice::{AtOnce, Digest};
use super::{Notice, Told, for_manager, to_managers};
use crate::attendance::{Mark, Outcome};
use crate::catalog::Completion;
use crate::ids::{DealerId, EventId, PersonId};
use crate::journal::rules::every_event;
use crate::journal::{Actor, Entry, Event};
use crate::testing::Network;
use crate::testing::plans::{id, now};
use crate::testing::statements::moved;

const ADA: PersonId = Network::ADA;
const BEN: PersonId = Network::BEN;
const MIA: PersonId = Network::MIA;

/// PRODUCT.md, "manager notices": at once a request, a late cancellation, a no-show; the rest in a daily digest.
#[rstest]
#[case::a_request(Event::Requested { until: now(), gives_back: None }, Some(AtOnce))]
#[case::a_late_cancellation(Event::Cancelled { late: true }, Some(AtOnce))]
#[case::a_seat_left_late_for_another(Event::Transferred { to: id(1).into(), late: true }, Some(AtOnce))]
#[case::a_no_show(Event::AttendanceSettled { outcome: Outcome::NoShow, stay: None }, Some(AtOnce))]
#[case::a_cancellation_in_time(Event::Cancelled { late: false }, Some(Digest))]
#[case::a_transfer_in_time(Event::Transferred { to: id(1).into(), late: false }, Some(Digest))]
#[case::an_excuse(Event::AttendanceSettled { outcome: Outcome::Excused, stay: None }, Some(Digest))]
#[case::attendance(Event::AttendanceSettled { outcome: Outcome::Attended, stay: None }, Some(Digest))]
#[case::a_registration(Event::Registered, Some(Digest))]
#[case::a_promotion(Event::Promoted, Some(Digest))]
#[case::a_place_in_a_queue(Event::Waitlisted { automatic: false, gives_back: None, group: None }, Some(Digest))]
#[case::a_request_that_lapsed(Event::RequestLapsed, Some(Digest))]
#[case::a_session_that_was_cancelled(Event::EndedWithSession, Some(Digest))]
#[case::a_session_that_moved(moved(now(), now()), Some(Digest))]
#[case::a_completion(Event::CompletionsRecorded(Vec::new()), Some(Digest))]
#[case::an_offer_is_the_learners(Event::OfferMade { until: now(), warn_at: now() }, None)]
#[case::a_mark_is_not_settled_yet(Event::AttendanceMarked { part: 1, mark: Mark { minutes: 0, excused: false, at: now(), client: None, arrived_at: None } }, None)]
#[case::the_plan_of_the_network(Event::SessionPublished, None)]
#[case::what_was_shown(Event::AlternativesShown(Vec::new()), None)]
fn what_a_manager_hears_of_at_once_and_what_in_the_digest(
    #[case] event: Event,
    #[case] heard: Option<Notice>,
) {
    assert_eq!(for_manager(&event), heard);
}

/// Of every kind of event; where it depends on what happened, the table above says how.
#[test]
fn every_event_is_told_at_once_in_the_digest_or_not() {
    let said = |event: &Event| match for_manager(event) {
        Some(AtOnce) => "at once",
        Some(Digest) => "in the digest",
        None => "no",
    };
    let mut lines: Vec<_> =
        every_event().iter().map(|event| format!("{}: {}", event.word(), said(event))).collect();
    lines.dedup();
    insta::assert_snapshot!(lines.join("\n"), @r"
    courses.saved: no
    locations.saved: no
    dealers.saved: no
    people.saved: no
    completions.recorded: in the digest
    rule.set: no
    rule.cleared: no
    plugin.activated: no
    session.scheduled: no
    session.changed: no
    session.published: no
    session.cancelled: no
    session.below-minimum: no
    session.completed: no
    block.saved: no
    block.used: no
    block.refilled: no
    block.naming-due: no
    block.released: no
    registration.clash-arose: at once
    registration.session-moved: in the digest
    registration.reminded: no
    registration.confirmed: in the digest
    registration.waitlisted: in the digest
    registration.admitted-beyond-capacity: in the digest
    registration.walked-in: in the digest
    attendance.marked: no
    attendance.settled: at once
    attendance.missing: no
    completions.withdrawn: in the digest
    registration.requested: at once
    registration.request-passed-on: no
    registration.approved: in the digest
    registration.approved-beforehand: in the digest
    registration.declined: in the digest
    registration.request-lapsed: in the digest
    registration.offered: no
    registration.offer-warned: no
    registration.offer-taken: in the digest
    registration.offer-declined: in the digest
    registration.offer-lapsed: in the digest
    registration.wait-paused: in the digest
    registration.prioritised: no
    registration.wait-resumed: in the digest
    registration.seat-announced: no
    registration.not-placed: in the digest
    registration.promoted: in the digest
    registration.skipped: in the digest
    registration.cancelled: at once
    registration.transferred: in the digest
    registration.substituted: in the digest
    registration.displaced: in the digest
    registration.took-over: in the digest
    registration.session-cancelled: in the digest
    alternatives.shown: no
    alternative.taken: no
    feed.renewed: no
    session.seats-recounted: no
    ");
}

/// What happened to Ada by her own doing.
fn entry(event: Event) -> Entry {
    Entry {
        sequence: 1,
        id: EventId(id(1)),
        at: now(),
        actor: Actor::Person(ADA),
        session: Some(id(100).into()),
        learner: Some(ADA),
        registration: Some(id(500).into()),
        reason: None,
        correlation: id(2),
        event,
        seats: None,
    }
}

fn told(network: &Network, entry: &Entry) -> Vec<(PersonId, PersonId)> {
    let told = to_managers(entry, &network.world.people);
    told.into_iter().map(|told| (told.manager, told.learner)).collect()
}

#[test]
fn whoever_leads_the_learner_hears_of_it() {
    let heard = to_managers(&entry(Event::Cancelled { late: true }), &Network::new().world.people);
    assert_eq!(heard, [Told { manager: MIA, learner: ADA, notice: AtOnce }]);
}

#[rstest]
#[case::the_learner(Actor::Person(ADA), true)]
#[case::the_dealer_admin(Actor::Person(Network::DAN), true)]
#[case::the_system(Actor::system("desk"), true)]
#[case::the_manager(Actor::Person(MIA), false)]
fn nobody_is_told_what_they_did_themselves(#[case] actor: Actor, #[case] is_told: bool) {
    let entry = Entry { actor, ..entry(Event::Registered) };
    assert_eq!(!told(&Network::new(), &entry).is_empty(), is_told);
}

#[rstest]
#[case::somebody_whom_nobody_leads(|it: &mut Network| it.world.people.get_mut(&ADA).expect("Ada").manager = None)]
#[case::a_manager_who_left(|it: &mut Network| it.world.people.get_mut(&MIA).expect("Mia").active = false)]
#[case::one_who_is_no_manager_any_more(|it: &mut Network| it.world.people.get_mut(&MIA).expect("Mia").roles.clear())]
#[case::a_learner_who_changed_the_dealer(|it: &mut Network| {
    it.world.people.get_mut(&ADA).expect("Ada").dealer = Some(DealerId(id(2)));
})]
#[case::a_manager_of_whom_nothing_is_known(|it: &mut Network| drop(it.world.people.remove(&MIA)))]
fn nobody_hears_of_people_whom_they_do_not_lead(#[case] change: fn(&mut Network)) {
    let mut network = Network::new();
    change(&mut network);
    assert_eq!(told(&network, &entry(Event::Cancelled { late: true })), []);
}

fn completions() -> Event {
    let completion =
        |person, course: u32| Completion { person, course: id(course).into(), completed_at: now() };
    Event::CompletionsRecorded(vec![completion(BEN, 1), completion(ADA, 1), completion(BEN, 2)])
}

#[rstest]
#[case::by_an_admin(Actor::Person(Network::ROOT), &[(MIA, ADA), (MIA, BEN)])]
#[case::by_an_import(Actor::import(), &[])]
fn completions_are_told_of_each_learner_once_and_history_is_no_news(
    #[case] actor: Actor,
    #[case] hear: &[(PersonId, PersonId)],
) {
    let entry = Entry { actor, learner: None, session: None, registration: None, ..entry(completions()) };
    assert_eq!(told(&Network::new(), &entry), hear);
}

#[test]
fn a_session_that_an_import_moves_is_news() {
    let entry = Entry { actor: Actor::import(), ..entry(moved(now(), now() + 1.hours())) };
    assert_eq!(told(&Network::new(), &entry), [(MIA, ADA)]);
}

/// What the desk does on a day, and what becomes of it in the manager's eyes.
#[test]
fn a_day_of_a_team() {
    let mut network = Network::new().with_session(100, 1, 35);
    network.register(ADA, 100).expect("the seat");
    network.wait(BEN, 100).expect("a place");
    network.cancel(ADA, 100).expect("in time");
    let registration = network.id_of(BEN, 100);
    network.ask(MIA, crate::desk::Command::TakeOffer { registration }).expect("for Ben");
    network.now = network.session(100).starts_at();
    network.later(-1);
    network.cancel(BEN, 100).expect("late");
    let line = |entry: &Entry| {
        let told = to_managers(entry, &network.world.people).pop()?;
        Some(format!("{} {:?}", entry.event.word(), told.notice))
    };
    let heard: Vec<_> = network.entries().filter_map(line).collect();
    insta::assert_snapshot!(heard.join("\n"), @r"
    registration.confirmed Digest
    registration.waitlisted Digest
    registration.cancelled Digest
    registration.cancelled AtOnce
    ");
}
