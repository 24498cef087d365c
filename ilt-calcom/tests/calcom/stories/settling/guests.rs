//! Who booked over there by themselves: left alone until it is decided, then theirs or given back.

use ilt_calcom::mapping::Domain;
use ilt_calcom::stand_in::Mishap;
use ilt_core::calendar::{Mirror, Stage};
use jiff::Timestamp;
use rstest::rstest;

use super::*;

const SID: &str = "sid@example.com";
const FULL: &str = "All seats of this session are taken.";

fn start() -> Timestamp {
    morning("2027-01-12").starts_at
}

async fn books(house: &House, email: &str) {
    let person = house.world.calcom.person();
    person.books(house.event_type(), start(), "Sid", email).await.expect("a seat");
}

async fn with_a_stranger() -> House {
    let mut house = House::new();
    house.settles(&session(&[1, 2])).await;
    books(&house, SID).await;
    house
}

/// The same, where the stranger is told on leaving that it is full.
fn turning_away(house: &House, wanted: Mirror) -> Mirror {
    Mirror { turned: [(house.seat_of(SID), FULL.to_owned())].into(), ..wanted }
}

/// With somebody who is registered, and goes by the stranger's address.
fn registered(mut wanted: Mirror) -> Mirror {
    let mut sid = seat(9);
    sid.mail = String::from(SID);
    wanted.seats.push(sid);
    wanted
}

fn longer() -> Mirror {
    Mirror { days: vec![day(0, hours("2027-01-12", 4))], ..session(&[1, 2]) }
}

fn elsewhere() -> Mirror {
    Mirror { instructors: vec![ivo()], ..session(&[1, 2]) }
}

fn gone() -> Mirror {
    Mirror { stage: Stage::Gone { reason: "Ill.".to_owned() }, ..session(&[]) }
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn a_stranger_is_left_alone_until_it_is_decided() {
    let mut house = with_a_stranger().await;
    let settled = house.settle(&session(&[1, 2])).await.expect("settled");
    assert_eq!((did(&settled), why(&settled)), (vec![], vec![Why::Strangers(1)]));
    assert_eq!(
        settled.strangers.iter().map(|it| (it.mail.as_str(), &it.at)).collect::<Vec<_>>(),
        [(SID, &house.seat_of(SID))]
    );
    assert!(!format!("{settled:?}").contains("sid@"), "nobody is named in a log");
    // There is room for ours beside the stranger.
    let full = Mirror { capacity: 3, ..session(&[1, 2, 3]) };
    house.settle(&full).await.expect("settled");
    house.is_as(&full);
    for wanted in [Mirror { days: vec![day(0, morning("2027-01-19"))], ..session(&[1, 2]) }, elsewhere()] {
        let settled = house.settle(&wanted).await.expect("settled");
        assert_eq!((why(&settled), settled.strangers.len()), (vec![Why::Strangers(1)], 1));
        house.is_as(&wanted);
        house.stays(&wanted).await;
    }
    assert_eq!(house.has(ina()).await, (1, 1), "the stranger's page stays");
    assert!(house.everybody().contains(SID) && house.kept.places.len() == 2);
}

/// What becomes of somebody who cannot have the seat.
#[rstest]
#[case::as_it_is(session(&[1, 2]), FULL, &[Did::TurnedAway])]
#[case::and_it_is_full_by_now(Mirror { capacity: 2, ..session(&[1, 2]) }, FULL, &[Did::TurnedAway, Did::Changed])]
#[case::it_lasts_longer(longer(), FULL, &[Did::TurnedAway, Did::CalledOff, Did::Changed, Did::Booked, Did::Booked])]
#[case::it_is_at_another_instructors(elsewhere(), FULL,
    &[Did::Appeared, Did::Booked, Did::Booked, Did::TurnedAway, Did::CalledOff, Did::Removed])]
#[case::it_is_called_off(gone(), "Ill.", &[Did::TurnedAway, Did::CalledOff, Did::Removed])]
#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn a_stranger_is_turned_away_with_the_reason(
    #[case] wanted: Mirror,
    #[case] said: &str,
    #[case] steps: &[Did],
) {
    let mut house = with_a_stranger().await;
    let wanted = turning_away(&house, wanted);
    let settled = house.settles(&wanted).await;
    assert_eq!((did(&settled), why(&settled)), (steps.to_vec(), Vec::new()));
    assert_eq!(house.told(SID), [said]);
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn whoever_is_registered_by_now_has_the_seat_that_they_booked() {
    let mut house = with_a_stranger().await;
    let at = house.seat_of(SID);
    let wanted = registered(session(&[1, 2]));
    let settled = house.settle(&wanted).await.expect("settled");
    assert_eq!((did(&settled), why(&settled)), (Vec::new(), Vec::new()));
    assert_eq!(house.kept.seats.get(&(seat(9).registration, 0)), Some(&at), "and it is remembered");
    house.stays(&wanted).await;
    // It is ours from now on: to be moved, and to be given back.
    let mut moved = wanted.clone();
    moved.days = vec![day(0, morning("2027-01-19"))];
    assert_eq!(
        did(&house.settle(&moved).await.expect("settled")),
        [Did::Changed, Did::Moved, Did::Moved, Did::Moved]
    );
    let without = Mirror { seats: session(&[1, 2]).seats, ..moved };
    assert_eq!(did(&house.settle(&without).await.expect("settled")), [Did::Released]);
    assert!(!house.everybody().contains(SID));
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn capitals_make_nobody_else() {
    let mut house = House::new();
    house.settles(&session(&[1])).await;
    books(&house, "L2@Example.com").await;
    books(&house, "L1@Example.com").await;
    let settled = house.settle(&session(&[1, 2])).await.expect("settled");
    assert_eq!((did(&settled), settled.strangers.len()), (vec![Did::TurnedAway], 0));
    assert_eq!(house.everybody(), ["L2@Example.com".to_owned(), "l1@example.com".to_owned()].into());
    assert!(house.told("L1@Example.com")[0].contains("another seat"), "{:?}", house.told("L1@Example.com"));
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn whoever_goes_by_an_alias_loses_the_seat_under_their_own_address() {
    let aliases = Attendees::Alias(Domain::new("training.example").expect("a domain"));
    let mut house = House::with(aliases);
    house.settle(&session(&[1])).await.expect("settled");
    books(&house, "l2@example.com").await;
    let settled = house.settle(&session(&[1, 2])).await.expect("settled");
    assert_eq!((did(&settled), settled.strangers.len()), (vec![Did::TurnedAway, Did::Booked], 0));
    assert!(house.told("l2@example.com")[0].contains("by another address"));
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn at_an_instructors_who_teaches_no_more_the_registered_are_told_of_their_other_booking() {
    let mut house = with_a_stranger().await;
    let wanted = registered(elsewhere());
    house.settles(&wanted).await;
    assert!(house.told(SID)[0].contains("have another booking now"), "{:?}", house.told(SID));
    assert_eq!((house.has(ina()).await, house.everybody().len()), ((0, 0), 3));
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn nobody_is_turned_away_from_what_has_begun() {
    let mut house = with_a_stranger().await;
    let mut wanted = turning_away(&house, session(&[1, 2]));
    for (now, phase) in [("2027-01-12T08:30:00Z", Phase::Running), ("2027-01-12T12:00:00Z", Phase::Past)] {
        house.world.watch.set(now);
        wanted.days[0].phase = phase;
        let settled = house.settle(&wanted).await.expect("settled");
        assert_eq!((did(&settled), why(&settled)), (Vec::new(), vec![Why::Strangers(1)]));
        assert_eq!(settled.strangers, []);
    }
    house.world.watch.set("2027-01-12T08:30:00Z");
    let settled = house.settle(&gone()).await.expect("settled");
    assert_eq!((did(&settled), why(&settled)), (vec![Did::Released, Did::Released], vec![Why::Strangers(1)]));
}

/// Its seats cannot be told apart any more: all hear that they can book again, and ours are booked again.
#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn strangers_of_an_event_type_that_somebody_removed_are_not_left_behind() {
    for learners in [&[1, 2][..], &[]] {
        let mut house = House::new();
        house.settles(&session(learners)).await;
        books(&house, SID).await;
        house.world.calcom.person().deletes_event_type(house.event_type()).await.expect("removed");
        let settled = house.settles(&session(learners)).await;
        assert_eq!(did(&settled)[..2], [Did::CalledOff, Did::Appeared]);
        assert!(house.told(SID)[0].contains("book again"), "{:?}", house.told(SID));
    }
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn who_is_called_absent_there_only_is_heard() {
    let mut house = House::new();
    let mut wanted = session(&[1, 2, 3]);
    house.settles(&wanted).await;
    house.world.watch.set("2027-01-12T08:30:00Z");
    wanted.days[0].phase = Phase::Running;
    // Of the second it was said here that they are there, of the third nothing is said anywhere.
    wanted.seats[1].absent = [(0, false)].into();
    {
        let account = house.calendar.account(ina(), &house.links[&ina()]).expect("a key");
        let booking = house.seat_of("l1@example.com").booking;
        let mark = |number: u32| ilt_calcom::api::Mark {
            email: ilt_calcom::Personal::new(format!("l{number}@example.com")),
            absent: true,
        };
        account.mark_absent(&booking.as_str().into(), &[mark(1), mark(2)]).await.expect("marked");
    }
    let settled = house.settle(&wanted).await.expect("settled");
    assert_eq!(did(&settled), [Did::Marked], "what was said here is said there");
    let heard = ilt_core::calendar::Absence { registration: seat(1).registration, part: 0 };
    assert_eq!(settled.absent, [heard]);
    wanted.seats[0].absent = [(0, true)].into();
    let settled = house.settle(&wanted).await.expect("settled");
    assert_eq!((did(&settled), settled.absent), (Vec::new(), Vec::new()), "once it is said here as well");
}

/// Between any two calls: the call comes to nothing, its answer is lost, or we are gone and remember nothing of it.
#[rstest]
#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn whenever_it_goes_wrong_it_comes_to_the_same(
    #[values(Mishap::Fails, Mishap::AnswerLost, Mishap::Dead)] mishap: Mishap,
    #[values(0, 1, 2, 3)] scene: usize,
) {
    let mut crashes = 0;
    loop {
        let mut house = with_a_stranger().await;
        books(&house, "l3@example.com").await;
        let wanted = [session(&[1, 2, 3]), longer(), elsewhere(), gone()][scene].clone();
        let wanted = turning_away(&house, wanted);
        house.world.calcom.world().mishaps.next = [vec![None; crashes], vec![Some(mishap)]].concat();
        let _interrupted = house.settle(&wanted).await;
        let left = house.world.calcom.world().mishaps.next.len();
        house.world.calcom.world().mishaps.next.clear();
        let settled =
            house.settle(&wanted).await.unwrap_or_else(|error| panic!("after {crashes} calls: {error}"));
        assert_eq!(house.told(SID).len(), 1, "it is told once");
        let others = [0, 1, 1, 0][scene];
        assert_eq!(settled.strangers.len(), others, "of the other it is to be decided where it takes place");
        let ours = [3, 2, 2, 0][scene];
        assert_eq!(house.everybody().len(), ours + others);
        house.stays(&wanted).await;
        if left > 0 {
            break;
        }
        crashes += 1;
        assert!(crashes < 200, "it comes to an end");
    }
}
