//! The catalogue after an entry of the journal is the one that would be loaded afresh.

use jiff::SignedDuration;
use rstest::rstest;
use uuid::Uuid;

use super::{Changed, Told, Town, WANTED, WANTED_COURSE, course, id, location, now, session};
use crate::catalog::Place;
use crate::ids::{EventId, SessionId};
use crate::journal::{Actor, Entry, Event};
use crate::opinion::Adjusted;
use crate::policy::{Override, Rule, Scope};
use crate::ranking::{Catalogue, Query, alternatives, search};
use crate::session::{Seats, Session};

#[rstest]
#[case::a_session_is_planned(|| entry(None, Event::SessionScheduled(Box::new(session(103, WANTED_COURSE, 2, 50)))))]
#[case::a_session_moves(|| entry(Some(101), Event::SessionChanged(Box::new(session(101, WANTED_COURSE, 1, 80)))))]
#[case::a_session_changes_its_course(|| entry(Some(101), Event::SessionChanged(Box::new(session(101, 2, 1, 80)))))]
#[case::a_session_is_published(|| entry(Some(102), Event::SessionPublished))]
#[case::a_session_is_cancelled(|| entry(Some(101), Event::SessionCancelled))]
#[case::seats_are_taken(|| Entry {
    seats: Some(session(101, WANTED_COURSE, 3, 41).full(2).seats),
    ..entry(Some(101), Event::Registered)
})]
#[case::seats_of_a_draft_are_taken(|| Entry { seats: Some(Seats::empty(9)), ..entry(Some(102), Event::Registered) })]
#[case::a_course_changes(|| entry(None, Event::CoursesSaved(vec![course(2, "Lifting", Some("high-voltage"), &["safety"])])))]
#[case::a_course_is_added(|| entry(None, Event::CoursesSaved(vec![course(3, "Fire", Some("safety"), &["safety"])])))]
#[case::a_location_moves(|| {
    entry(None, Event::LocationsSaved(vec![location(3, "Rome", Place { lat: 41.9, lon: 12.5 })]))
})]
#[case::registration_closes_earlier(|| entry(None, Event::RuleSet(set(Rule::RegistrationCloses, 40))))]
#[case::waitlists_are_switched_off(|| entry(None, Event::RuleSet(set(Rule::Waitlist, 0))))]
#[case::a_rule_goes_back_to_its_default(|| {
    entry(None, Event::RuleCleared(Scope::Global, Rule::RegistrationCloses))
})]
#[case::something_else_happens(|| entry(None, Event::FeedRenewed))]
fn followed_is_loaded(#[case] event: fn() -> Entry) {
    let mut town = town();
    let mut followed = Catalogue::new(&town.world);
    let entry = event();
    followed.apply(&entry);
    // The same entry again changes nothing.
    if !matches!(entry.event, Event::SessionPublished | Event::SessionCancelled) {
        followed.apply(&entry);
    }
    match (&entry.event, entry.seats) {
        (Event::Registered, Some(seats)) => {
            let number = entry.session.expect("a session");
            town.world.sessions.change(number).expect("the session").seats = seats;
        }
        _ => town.world.apply(&entry).expect("it fits"),
    }
    let loaded = Catalogue::new(&town.world);
    assert_eq!(offered(&town, &followed), offered(&town, &loaded));
    assert_eq!(everything(&followed), everything(&loaded));
    assert_eq!(followed.rules(), loaded.rules());
}

#[test]
fn what_has_ended_is_forgotten() {
    let town = town();
    let mut catalogue = Catalogue::new(&town.world);
    assert_eq!(catalogue.len(), 4);
    let start = catalogue.session(SessionId(id(WANTED))).expect("it is there").starts_at();
    catalogue.prune(start + SignedDuration::from_hours(5));
    assert!(catalogue.session(SessionId(id(WANTED))).is_some(), "it is still going on");
    catalogue.prune(start + SignedDuration::from_hours(6));
    assert!(catalogue.session(SessionId(id(WANTED))).is_none());
    assert_eq!((catalogue.len(), everything(&catalogue).len()), (3, 3));
    // What happens to it afterwards is nobody's business here.
    catalogue.apply(&Entry { seats: Some(Seats::empty(3)), ..entry(Some(WANTED), Event::Registered) });
    catalogue.apply(&entry(Some(WANTED), Event::SessionCancelled));
    assert_eq!(catalogue.len(), 3);
}

/// Lets a catalogue hear of a session.
pub fn scheduled(catalogue: &mut Catalogue, session: Session) {
    catalogue.apply(&entry(None, Event::SessionScheduled(Box::new(session))));
}

/// What Ada is offered from a catalogue.
pub fn offered(town: &Town, catalogue: &Catalogue) -> Vec<Told> {
    let wanted = session(WANTED, WANTED_COURSE, 1, 35);
    town.as_learner(|ada| {
        alternatives(catalogue, ada, &wanted, town.weights, &Adjusted::new(), now())
            .iter()
            .map(Told::of)
            .collect()
    })
}

fn everything(catalogue: &Catalogue) -> Vec<(&'static str, Session)> {
    let of_status = |status| {
        let query = Query { status: Some(status), ..Query::everything() };
        search(catalogue, &query, now()).into_iter().map(move |it| (status, it.candidate.session.clone()))
    };
    ["draft", "published", "cancelled"].into_iter().flat_map(of_status).collect()
}

fn town() -> Town {
    let mut draft = session(102, WANTED_COURSE, 2, 45);
    draft.status = crate::session::SessionStatus::Draft;
    let sessions = [session(101, WANTED_COURSE, 3, 41), draft, session(104, 2, 2, 70).full(1)];
    let mut town = sessions.into_iter().fold(Town::new(), Town::hold);
    town.teach(course(2, "Lifting", None, &["safety"]));
    town.world.rules.push(set(Rule::RegistrationCloses, 3));
    town
}

fn set(rule: Rule, value: i64) -> Override {
    Override { scope: Scope::Global, rule, value }
}

fn entry(session: Option<u32>, event: Event) -> Entry {
    let planned = match &event {
        Event::SessionScheduled(session) | Event::SessionChanged(session) => Some(session.id),
        _ => session.map(|number| SessionId(id(number))),
    };
    Entry {
        sequence: 1,
        id: EventId(id(1)),
        at: now(),
        actor: Actor::system("test"),
        session: planned,
        learner: None,
        registration: None,
        reason: None,
        correlation: Uuid::nil(),
        event,
        seats: None,
    }
}
