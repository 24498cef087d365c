//! What happens to sessions and to seats.

use ilt_calcom::mapping::{Attendees, Domain};
use ilt_core::calendar::{CalendarTrouble, Did, Mirror, Phase, Seat, Stage, Why};
use rstest::rstest;

use super::*;

fn moved(date: &str) -> Mirror {
    Mirror { days: vec![day(0, morning(date))], ..session(&[1, 2, 3]) }
}

fn two_days(learners: &[u32]) -> Mirror {
    let days = vec![day(0, morning("2027-01-12")), day(1, morning("2027-01-13"))];
    Mirror { days, ..session(learners) }
}

fn gone() -> Mirror {
    Mirror { stage: Stage::Gone { reason: "Ill.".to_owned() }, ..session(&[]) }
}

fn elsewhere() -> Mirror {
    let mut wanted = session(&[1, 2, 3]);
    wanted.days[0].place = String::from("2.05, Hall B");
    wanted
}

fn readdressed() -> Mirror {
    let mut wanted = session(&[1, 2, 3]);
    wanted.seats[0].mail = String::from("new@example.com");
    wanted
}

/// What becomes of a session of three learners, and with how few steps.
#[rstest]
#[case::nothing_happens(session(&[1, 2, 3]), &[])]
#[case::somebody_registers(session(&[1, 2, 3, 4]), &[Did::Booked])]
#[case::somebody_cancels(session(&[1, 3]), &[Did::Released])]
#[case::somebody_is_substituted(session(&[1, 3, 9]), &[Did::Released, Did::Booked])]
#[case::all_cancel(session(&[]), &[Did::Released, Did::Released, Did::Released])]
#[case::it_has_fewer_seats(Mirror { capacity: 2, ..session(&[1, 2]) }, &[Did::Released, Did::Changed])]
#[case::it_has_more_seats(Mirror { capacity: 12, ..session(&[1, 2, 3, 4]) }, &[Did::Changed, Did::Booked])]
#[case::it_moves(moved("2027-01-19"), &[Did::Changed, Did::Moved, Did::Moved, Did::Moved])]
#[case::it_moves_by_hours(Mirror { days: vec![day(0, hours("2027-01-12", 5))], ..session(&[1, 2, 3]) },
    &[Did::CalledOff, Did::Changed, Did::Booked, Did::Booked, Did::Booked])]
#[case::it_is_in_another_room(elsewhere(), &[Did::Changed, Did::Relocated])]
#[case::it_has_another_instructor(Mirror { instructors: vec![ivo()], ..session(&[1, 2, 3]) },
    &[Did::Appeared, Did::Booked, Did::Booked, Did::Booked, Did::CalledOff, Did::Removed])]
#[case::it_lasts_another_day(two_days(&[1, 2, 3]), &[Did::Appeared, Did::Booked, Did::Booked, Did::Booked])]
#[case::it_is_called_off(gone(), &[Did::CalledOff, Did::Removed])]
#[case::somebody_has_another_address(readdressed(), &[Did::Released, Did::Booked])]
#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn a_calendar_follows(#[case] wanted: Mirror, #[case] steps: &[Did]) {
    let mut house = House::new();
    let first = house.settles(&session(&[1, 2, 3])).await;
    assert_eq!(did(&first), [Did::Appeared, Did::Booked, Did::Booked, Did::Booked]);
    let settled = house.settles(&wanted).await;
    assert_eq!((did(&settled), why(&settled)), (steps.to_vec(), Vec::new()));
    // And back again.
    house.settles(&session(&[1, 2, 3])).await;
    assert_eq!((house.has(ina()).await, house.has(ivo()).await), ((1, 1), (0, 0)), "nothing is left behind");
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn a_session_of_two_days_that_is_called_off_leaves_nothing() {
    let mut house = House::new();
    house.settles(&two_days(&[1, 2])).await;
    assert_eq!(house.has(ina()).await, (2, 2));
    house.settles(&Mirror { stage: gone().stage, seats: Vec::new(), ..two_days(&[]) }).await;
    assert_eq!((house.has(ina()).await, house.kept.places.len(), house.kept.seats.len()), ((0, 0), 0, 0));
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn who_teaches_and_is_not_linked_shows_nothing_and_that_is_told() {
    let mut house = House::new();
    let link = house.links.remove(&ina()).expect("a link");
    house.links.remove(&ivo());
    let settled = house.settle(&session(&[1])).await.expect("settled");
    assert_eq!((why(&settled), house.writes().len()), (vec![Why::NotLinked], 0));
    house.links.insert(ina(), link);
    house.settles(&session(&[1])).await;
    house.links.clear();
    let settled = house.settle(&session(&[1])).await.expect("settled");
    assert_eq!((why(&settled), house.kept.places.len()), (vec![Why::NotLinked, Why::Unlinked], 1));
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn a_day_that_cannot_be_said_there_is_told_of_and_shown_no_more() {
    let mut house = House::new();
    house.settles(&session(&[1])).await;
    let night = Mirror { days: vec![day(0, hours("2027-01-12", 20))], ..session(&[1]) };
    let settled = house.settle(&night).await.expect("settled");
    assert!(matches!(&why(&settled)[..], [Why::CannotBeSaid(_)]), "{settled:?}");
    assert_eq!((did(&settled), house.seated().len()), (vec![Did::CalledOff, Did::Removed], 0));
    house.settles(&session(&[1])).await;
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn who_was_absent_is_told_once_it_has_begun_and_what_is_over_is_left_alone() {
    let mut house = House::new();
    house.settles(&session(&[1, 2, 3])).await;
    house.world.watch.set("2027-01-12T08:30:00Z");
    let marks = |one: Option<bool>, two: Option<bool>, phase| {
        let said = |number, absent: Option<bool>| Seat {
            absent: absent.map(|it| (0, it)).into_iter().collect(),
            ..seat(number)
        };
        let mut wanted = Mirror { seats: vec![said(1, one), said(2, two), seat(3)], ..session(&[]) };
        wanted.days[0].phase = phase;
        wanted
    };
    let absent = |house: &House| {
        let world = house.world.calcom.world();
        let guests: Vec<_> = world.bookings().flat_map(|it| it.guests.clone()).collect();
        guests.iter().map(|it| it.absent).collect::<Vec<_>>()
    };
    let running = marks(Some(true), Some(false), Phase::Running);
    assert_eq!(did(&house.settles(&running).await), [Did::Marked]);
    assert_eq!(absent(&house), [true, false, false]);
    // Whoever comes late has a seat here, and none there; whoever leaves gives it back.
    let mut late = running.clone();
    late.seats.push(seat(4));
    late.seats.remove(2);
    let settled = house.settle(&late).await.expect("settled");
    assert_eq!((did(&settled), why(&settled)), (vec![Did::Released], vec![Why::TooLate]));
    house.world.watch.set("2027-01-12T12:00:00Z");
    let over = marks(Some(false), Some(true), Phase::Past);
    assert_eq!(did(&house.settle(&over).await.expect("settled")), [Did::Marked]);
    assert_eq!(absent(&house), [false, true]);
    house.stays(&over).await;
    assert_eq!(house.kept.seats.len(), 2, "who has which seat is known");
    let settled = house.settle(&gone()).await.expect("settled");
    assert_eq!((did(&settled), absent(&house)), (Vec::new(), vec![false, true]));
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn under_aliases_who_was_known_by_name_is_known_no_more() {
    let mut house = House::new();
    house.settles(&session(&[1, 2])).await;
    let aliases = Attendees::Alias(Domain::new("training.example").expect("a domain"));
    let other = House::with(aliases.clone());
    // The same Cal.com, and what was remembered of it, after another setting.
    let base = Base::new(&house.world.calcom.address()).expect("an address");
    let settings = Settings { limits: impatient(), ..Settings::at(base) };
    let instance = Instance::new(settings, house.world.watch.clone(), Dice::seeded(1)).expect("a client");
    let seal = Arc::new(Seal::new(&SECRET.into()).expect("a secret"));
    house.calendar = Calcom::new(instance, aliases, seal, house.world.watch.clone());
    drop(other);
    let settled = house.settle(&session(&[1, 2])).await.expect("settled");
    assert_eq!(did(&settled), [Did::Released, Did::Released, Did::Booked, Did::Booked]);
    let world = house.world.calcom.world();
    let alive: Vec<_> =
        world.bookings().filter(|it| !it.is_cancelled).flat_map(|it| it.guests.clone()).collect();
    assert_eq!(alive.len(), 2);
    assert!(
        alive.iter().all(|it| it.name == "Participant" && it.email.ends_with("@training.example")),
        "{alive:?}"
    );
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn a_learner_without_an_address_is_told_of_and_the_others_are_booked() {
    let mut house = House::new();
    let mut wanted = session(&[1, 2]);
    wanted.seats[0].mail = String::new();
    let settled = house.settle(&wanted).await.expect("settled");
    assert_eq!((did(&settled), why(&settled)), (vec![Did::Appeared, Did::Booked], vec![Why::NoAddress]));
    assert_eq!(settled.differs[0].registration, Some(wanted.seats[0].registration));
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn two_learners_of_one_address_have_one_seat_and_the_other_is_told_of() {
    let mut house = House::new();
    let mut wanted = session(&[1, 2]);
    wanted.seats[1].mail = String::from("l1@example.com");
    let settled = house.settle(&wanted).await.expect("settled");
    assert!(matches!(&why(&settled)[..], [Why::Refused(said)] if said.contains("has a seat there already")));
    assert_eq!(settled.differs[0].registration, Some(wanted.seats[1].registration));
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn a_key_that_opens_nothing_is_told_apart_from_a_calendar_that_is_away() {
    let mut house = House::new();
    house.world.calcom.world().hosts.iter_mut().for_each(|it| it.keys.clear());
    let refused = house.settle(&session(&[1])).await.expect_err("no key");
    assert!(matches!(refused, CalendarTrouble::Key { instructor, .. } if instructor == ina()), "{refused:?}");
    house.links.entry(ina()).and_modify(|it| it.sealed.reverse());
    let unsealed = house.settle(&session(&[1])).await.expect_err("no key");
    assert!(unsealed.to_string().contains("link the instructor again"), "{unsealed}");
}
