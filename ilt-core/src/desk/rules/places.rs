//! What becomes of sessions to come when their location changes.

use jiff::SignedDuration;

use crate::catalog::Location;
use crate::desk::{Answer, Command, Refusal};
use crate::testing::Network;

fn save(network: &mut Network, change: impl Fn(&mut Location)) -> Answer {
    let mut location = network.world.locations[&network.session(100).location].clone();
    change(&mut location);
    network.ask(Network::ROOT, Command::SaveLocations(vec![location]))
}

/// A class at nine in Berlin, in room A, and one who comes to it.
fn class() -> Network {
    let mut network = Network::new().with_session(100, 4, 35);
    network.session_mut(100).parts[0].room = "A".to_owned();
    save(&mut network, |it| it.rooms = vec!["A".to_owned(), "B".to_owned()]).expect("rooms");
    network.register(Network::ADA, 100).expect("a seat");
    network.news();
    network
}

#[test]
fn a_room_that_is_booked_does_not_vanish() {
    let mut network = class();
    let refused = save(&mut network, |it| it.rooms = vec!["B".to_owned()]);
    let Err(Refusal::InvalidRequest { fields }) = refused else { panic!("{refused:?}") };
    assert_eq!(fields[0].pointer, "/rooms");
    assert_eq!(fields[0].detail, "`A` is booked on 2027-04-05: plan that session elsewhere first");
    save(&mut network, |it| it.rooms = vec!["A".to_owned()]).expect("nobody is in B");
    save(&mut network, |it| it.rooms.clear()).expect("a location that lists none has any");
    network.now = network.session(100).starts_at();
    save(&mut network, |it| it.rooms = vec!["B".to_owned()]).expect("it has begun");
}

#[test]
fn a_class_keeps_its_clock_when_the_zone_of_its_location_is_corrected() {
    let mut network = class();
    let before = network.session(100).clone();
    save(&mut network, |it| it.zone = "Europe/London".parse().expect("a zone")).expect("corrected");
    let after = network.session(100);
    assert_eq!(after.parts[0].starts, before.parts[0].starts);
    assert_eq!(after.starts_at(), before.starts_at() + SignedDuration::from_hours(1));
    assert_eq!((after.parts[0].zone.name(), after.version), ("Europe/London", before.version + 1));
    assert_eq!(network.news(), ["locations.saved", "session.changed", "registration.session-moved"]);
}

#[test]
fn whoever_was_to_teach_and_has_left_is_in_no_corrections_way() {
    let mut network = class();
    network.session_mut(100).instructors = vec![Network::INA];
    network.world.people.get_mut(&Network::INA).expect("Ina").active = false;
    save(&mut network, |it| it.zone = "Europe/London".parse().expect("a zone")).expect("corrected");
    assert_eq!(network.session(100).instructors, [Network::INA], "until somebody else is named");
}

#[test]
fn what_cannot_keep_its_clock_keeps_the_zone() {
    let mut network = class();
    network.now = network.session(100).starts_at() - SignedDuration::from_mins(30);
    let refused = save(&mut network, |it| it.zone = "Europe/Helsinki".parse().expect("a zone"));
    let Err(Refusal::InvalidRequest { fields }) = refused else { panic!("{refused:?}") };
    assert_eq!(fields[0].pointer, "/zone");
    let location = &network.world.locations[&network.session(100).location];
    assert_eq!(
        (location.zone.name(), network.session(100).zone().name()),
        ("Europe/Berlin", "Europe/Berlin")
    );
}
