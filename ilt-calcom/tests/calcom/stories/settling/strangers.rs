//! What people do over there: what is ours is repaired, and what is theirs is told of.

use ilt_core::calendar::{Did, Mirror, Stage, Why};
use jiff::Timestamp;

use super::*;

fn start() -> Timestamp {
    morning("2027-01-12").starts_at
}

async fn with_a_stranger() -> House {
    let mut house = House::new();
    house.settles(&session(&[1, 2])).await;
    let person = house.world.calcom.person();
    person.books(house.event_type(), start(), "Sid", "sid@example.com").await.expect("a seat");
    house
}

fn has_sid(house: &House) -> bool {
    let world = house.world.calcom.world();
    let has = world
        .bookings()
        .any(|it| !it.is_cancelled && it.guests.iter().any(|it| it.email == "sid@example.com"));
    drop(world);
    has
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn a_stranger_is_told_of_and_never_cancelled() {
    let mut house = with_a_stranger().await;
    let settled = house.settle(&session(&[1, 2])).await.expect("settled");
    assert_eq!((did(&settled), why(&settled)), (vec![], vec![Why::Strangers(1)]));
    // There is room for ours beside the stranger.
    let full = Mirror { capacity: 3, ..session(&[1, 2, 3]) };
    house.settle(&full).await.expect("settled");
    house.is_as(&full);
    for wanted in [
        Mirror { days: vec![day(0, morning("2027-01-19"))], ..session(&[1, 2]) },
        Mirror { instructors: vec![ivo()], ..session(&[1, 2]) },
        Mirror { stage: Stage::Gone { reason: "Ill.".to_owned() }, ..session(&[]) },
    ] {
        let settled = house.settle(&wanted).await.expect("settled");
        assert_eq!(why(&settled), [Why::Strangers(1)]);
        house.is_as(&wanted);
        assert!(has_sid(&house));
        house.stays(&wanted).await;
    }
    assert_eq!(house.has(ina()).await, (1, 1), "the stranger's page stays");
    assert_eq!(house.kept.places.len(), 1, "and is remembered");
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn a_length_that_a_stranger_is_in_the_way_of_is_told_of() {
    let mut house = with_a_stranger().await;
    let longer = Mirror { days: vec![day(0, hours("2027-01-12", 4))], ..session(&[1, 2]) };
    let settled = house.settle(&longer).await.expect("settled");
    assert!(matches!(&why(&settled)[..], [Why::Refused(_), Why::Strangers(1)]), "{settled:?}");
    assert!(has_sid(&house));
}

/// A seat that a webhook has taken in has no metadata, but we remember whose it is.
#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn a_stranger_who_was_taken_in_is_ours() {
    let mut house = with_a_stranger().await;
    let (booking, chair) = {
        let world = house.world.calcom.world();
        let booking = world.bookings().find(|it| !it.is_cancelled).expect("a booking");
        let sid = booking.guests.iter().find(|it| it.email == "sid@example.com").expect("Sid");
        (booking.uid.clone(), sid.seat.clone().expect("a seat"))
    };
    let mut sid = seat(9);
    sid.mail = String::from("sid@example.com");
    let at = ilt_core::calendar::SeatAt { booking, seat: chair };
    house.kept.seats.insert((sid.registration, 0), at);
    let mut wanted = session(&[1, 2]);
    wanted.seats.push(sid);
    house.stays(&wanted).await;
    assert_eq!(house.kept.seats.len(), 3);
    assert_eq!(did(&house.settle(&session(&[1, 2])).await.expect("settled")), [Did::Released]);
    assert!(!has_sid(&house), "and it is ours to give back");
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn what_people_undo_is_done_again() {
    let mut house = House::new();
    let wanted = session(&[1, 2]);
    house.settles(&wanted).await;
    let event_type = house.event_type();
    let (booking, chair) = {
        let at = house.kept.seats.values().next().expect("a seat");
        (at.booking.clone(), at.seat.clone())
    };
    house.world.calcom.person().cancels(&booking, &chair).await.expect("cancelled");
    assert_eq!(did(&house.settles(&wanted).await), [Did::Booked]);
    house.world.calcom.person().cancels_all(&booking, "No.").await.expect("cancelled");
    assert_eq!(did(&house.settles(&wanted).await), [Did::Booked, Did::Booked]);
    house.world.calcom.person().changes_capacity(event_type, 1).await.expect("changed");
    assert_eq!(did(&house.settles(&wanted).await), [Did::Changed]);
    let said = serde_json::json!({ "title": "Mine", "hidden": false });
    house.world.calcom.person().changes(event_type, said).await.expect("changed");
    assert_eq!(did(&house.settles(&wanted).await), [Did::Changed]);
    house
        .world
        .calcom
        .person()
        .changes_time(event_type, "2027-01-20", "10:00", "13:00")
        .await
        .expect("changed");
    assert_eq!(did(&house.settles(&wanted).await), [Did::Changed]);
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn an_event_type_that_somebody_removed_is_made_again_with_everybody_in_it() {
    let mut house = House::new();
    let wanted = session(&[1, 2]);
    house.settles(&wanted).await;
    house.world.calcom.person().deletes_event_type(house.event_type()).await.expect("removed");
    let settled = house.settles(&wanted).await;
    assert_eq!(did(&settled), [Did::CalledOff, Did::Appeared, Did::Booked, Did::Booked]);
    assert_eq!(house.has(ina()).await, (1, 1));
}

/// Without seats its bookings do not say whose they are: they are switched on again first, and looked at then.
#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn seats_that_somebody_switched_off_are_on_again_and_nobody_is_booked_twice() {
    let mut house = House::new();
    let wanted = session(&[1, 2]);
    house.settles(&wanted).await;
    let off = serde_json::json!({ "seats": { "disabled": true } });
    house.world.calcom.person().changes(house.event_type(), off).await.expect("changed");
    assert_eq!(did(&house.settle(&wanted).await.expect("settled")), [Did::Changed]);
    house.is_as(&wanted);
    house.stays(&wanted).await;
}
