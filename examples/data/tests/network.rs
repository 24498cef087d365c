//! What makes the network believable.

use std::collections::{BTreeMap, BTreeSet};

use ilt_example_data::{Network, Sizes, generate};
use jiff::civil::{Date, date};

const TODAY: Date = date(2026, 11, 24);

fn network() -> Network {
    generate(Sizes::scaled(0.1), 7, TODAY)
}

#[test]
fn the_same_seed_gives_the_same_bytes_and_another_seed_others() {
    let files = |seed| generate(Sizes::scaled(0.05), seed, TODAY).files().unwrap();
    assert_eq!(files(1), files(1));
    assert_ne!(files(1), files(2));
}

#[test]
fn nobody_teaches_and_no_room_is_used_twice_at_once() {
    let network = network();
    let (mut teaching, mut rooms) = (BTreeSet::new(), BTreeSet::new());
    for session in &network.sessions {
        for day in &session.days {
            assert!(rooms.insert((*day, session.location, session.room.clone())), "a room is used twice");
            assert!(
                session.instructors.iter().all(|who| teaching.insert((*day, *who))),
                "somebody teaches twice"
            );
        }
    }
}

#[test]
fn nobody_completed_a_level_before_the_one_below() {
    let network = network();
    let when: BTreeMap<_, _> =
        network.completions.iter().map(|it| ((it.person, it.course), it.completed_on)).collect();
    for course in network.courses.iter().filter(|course| course.after.is_some()) {
        let below = course.after.unwrap();
        for completion in network.completions.iter().filter(|it| it.course == course.id) {
            assert!(when[&(completion.person, below)] < completion.completed_on);
        }
    }
}

#[test]
fn mail_addresses_and_ids_are_unique() {
    let network = network();
    let mails: BTreeSet<_> = network.people.iter().map(|person| &person.email).collect();
    let ids: BTreeSet<_> = network.people.iter().map(|person| person.id).collect();
    assert_eq!((mails.len(), ids.len()), (network.people.len(), network.people.len()));
}

#[test]
fn the_story_has_its_people_and_more_wishes_than_seats() {
    let network = network();
    let cast = network.cast;
    let wishes = network.demand.iter().filter(|(_, session)| *session == cast.session).count();
    let session = network.sessions.iter().find(|it| it.id == cast.session).unwrap();
    assert!(wishes > session.capacity as usize);
    assert!(network.demand.iter().all(|(learner, _)| *learner != cast.learner));
    let role = |id| network.people.iter().find(|it| it.id == id).unwrap().roles.clone();
    assert_eq!(role(cast.learner), "learner");
    assert!(role(cast.manager).contains("manager"));
    assert!(role(cast.dealer_admin).contains("dealer-admin"));
    assert_eq!((role(cast.instructor), role(cast.admin)), ("instructor".to_owned(), "admin".to_owned()));
}
