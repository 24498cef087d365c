//! What people undo over there is done again.

use ilt_core::calendar::Did;

use super::*;

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn what_people_undo_is_done_again() {
    let mut house = House::new();
    let wanted = session(&[1, 2]);
    house.settles(&wanted).await;
    let event_type = house.event_type();
    let SeatAt { booking, seat: chair } = house.seat_of("l1@example.com");
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

/// With another instructor's key it cannot be called off, and stops nothing there.
#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn an_event_type_that_somebody_removed_is_nothing_to_the_next_instructor() {
    let mut house = House::new();
    house.settles(&session(&[1, 2])).await;
    house.world.calcom.person().deletes_event_type(house.event_type()).await.expect("removed");
    let settled = house.settles(&Mirror { instructors: vec![ivo()], ..session(&[1, 2]) }).await;
    assert_eq!(did(&settled), [Did::Appeared, Did::Booked, Did::Booked, Did::CalledOff, Did::Removed]);
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

/// There they will not be on again, so all of them are called off.
#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn seats_that_somebody_switched_off_hold_up_nothing_that_is_cleared_away() {
    for wanted in [
        Mirror { instructors: vec![ivo()], ..session(&[1, 2]) },
        Mirror { stage: Stage::Gone { reason: "Ill.".to_owned() }, ..session(&[]) },
    ] {
        let mut house = House::new();
        house.settles(&session(&[1, 2])).await;
        let person = house.world.calcom.person();
        let start = morning("2027-01-12").starts_at;
        person.books(house.event_type(), start, "Sid", "sid@example.com").await.expect("a seat");
        let off = serde_json::json!({ "seats": { "disabled": true } });
        person.changes(house.event_type(), off).await.expect("changed");
        let settled = house.settles(&wanted).await;
        assert_eq!((why(&settled), house.has(ina()).await), (Vec::new(), (0, 0)));
        assert_eq!(house.told("sid@example.com").len(), 1);
    }
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn a_seat_that_somebody_moved_is_moved_back() {
    let mut house = House::new();
    let wanted = session(&[1, 2]);
    house.settles(&wanted).await;
    let (event_type, person) = (house.event_type(), house.world.calcom.person());
    person.changes_time(event_type, "2027-01-20", "09:00", "12:00").await.expect("changed");
    let SeatAt { booking, seat } = house.seat_of("l1@example.com");
    let later = morning("2027-01-20").starts_at;
    person.moves(&booking, &seat, later).await.expect("moved");
    assert_eq!(did(&house.settles(&wanted).await), [Did::Changed, Did::Moved]);
    assert_eq!(house.seat_of("l1@example.com").booking, house.seat_of("l2@example.com").booking);
}
