//! What an instructor has in that calendar beside our sessions: whoever plans a session is to know of it.

use ilt_core::calendar::Busy;
use jiff::{SignedDuration, Timestamp};

use super::*;
use crate::stories::{plan, seat};

/// What Ina has in her calendar from one time to another.
async fn busy(house: &House, from: Timestamp, to: Timestamp) -> Vec<Busy> {
    let links = [(ina(), house.links[&ina()].clone())].into();
    house.calendar.busy(&links, from, to).await.expect("an answer")
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn an_instructors_own_appointments_are_told_and_our_sessions_are_not() {
    let mut house = House::new();
    house.settles(&session(&[1, 2])).await;
    let account = house.world.account();
    let plan = plan(1, "2027-01-13", 4);
    let schedule = account.ensure_schedule(None, &plan.schedule).await.expect("a schedule");
    let mut visits = plan.event_type(schedule.id);
    "visits".clone_into(&mut visits.slug);
    let visits = account.ensure_event_type("ines.instructor", &visits).await.expect("an event type");
    account.create_booking(&seat(9, &visits, &plan)).await.expect("booked");
    let (starts_at, ends_at) = (plan.start, plan.end);
    let own = vec![Busy { instructor: ina(), starts_at, ends_at }];
    let hour = SignedDuration::from_hours(1);
    assert_eq!(
        busy(&house, starts_at - hour * 24, ends_at + hour * 24).await,
        own,
        "a session of ours is none"
    );
    assert_eq!(busy(&house, starts_at + hour, starts_at + hour * 2).await, own, "in the middle of it");
    assert_eq!(busy(&house, ends_at, ends_at + hour).await, [], "from its end on");
    assert_eq!(busy(&house, starts_at - hour, starts_at).await, [], "until it starts");
}
