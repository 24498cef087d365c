//! Whatever goes wrong, and whenever: doing it again comes to the same.

use ilt_calcom::stand_in::Mishap;
use ilt_core::calendar::{CalendarTrouble, Mirror, Phase, Stage};
use rstest::rstest;

use super::*;

/// From one of these to the next, and from the last to the first.
fn scenes() -> Vec<Mirror> {
    let moved = |mut mirror: Mirror, date: &str| {
        mirror.days = vec![day(0, morning(date)), day(1, hours(date, 2))];
        mirror.days[1].time = super::super::morning("2027-02-01");
        mirror
    };
    vec![
        session(&[1, 2]),
        moved(session(&[2, 3]), "2027-01-19"),
        Mirror { days: vec![day(0, hours("2027-01-19", 5))], capacity: 2, ..session(&[2, 4]) },
        Mirror { instructors: vec![ivo()], ..session(&[2, 4, 5]) },
        Mirror { stage: Stage::Gone { reason: "Ill.".to_owned() }, ..session(&[]) },
        session(&[6]),
    ]
}

/// Between any two calls of what becomes of a session: the call comes to nothing, its answer is lost, or we are gone after it and
/// remember nothing but where something may be.
#[rstest]
#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn whenever_it_goes_wrong_it_comes_to_the_same(
    #[values(Mishap::Fails, Mishap::AnswerLost, Mishap::Dead)] mishap: Mishap,
    #[values(0, 1, 2, 3, 4)] scene: usize,
) {
    let (before, wanted) = (&scenes()[scene], &scenes()[scene + 1]);
    let mut crashes = 0;
    loop {
        let mut house = House::new();
        house.settle(before).await.expect("settled");
        house.world.calcom.world().mishaps.next = [vec![None; crashes], vec![Some(mishap)]].concat();
        let interrupted = house.settle(wanted).await;
        let left = house.world.calcom.world().mishaps.next.len();
        house.world.calcom.world().mishaps.next.clear();
        assert!(!matches!(interrupted, Err(CalendarTrouble::Key { .. })), "{interrupted:?}");
        house.settle(wanted).await.unwrap_or_else(|error| panic!("after {crashes} calls: {error}"));
        house.is_as(wanted);
        house.stays(wanted).await;
        if left > 0 {
            assert!(crashes > 3, "something was interrupted");
            break;
        }
        crashes += 1;
        assert!(crashes < 200, "it comes to an end");
    }
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn an_outage_is_over_and_the_calendar_catches_up() {
    let mut house = House::new();
    house.settles(&session(&[1])).await;
    house.world.calcom.stop();
    let away = house.settle(&session(&[1, 2])).await.expect_err("nobody is there");
    assert!(matches!(away, CalendarTrouble::Away { .. }), "{away:?}");
    house.world.calcom.start_again().expect("its port");
    house.settles(&session(&[2, 3])).await;
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn a_slot_that_is_cold_is_left_alone_for_a_moment() {
    let mut house = House::new();
    house.world.calcom.world().mishaps.cold = 1;
    let cold = house.settle(&session(&[1])).await.expect_err("somebody else was first");
    assert!(matches!(cold, CalendarTrouble::Busy { instructor, .. } if instructor == ina()), "{cold:?}");
    house.settles(&session(&[1])).await;
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn what_was_remembered_may_be_lost_but_for_where_something_is() {
    let mut house = House::new();
    house.settles(&session(&[1, 2])).await;
    let kept = house.kept.clone();
    house.kept.seats.clear();
    house.kept.places.values_mut().for_each(|it| *it = ilt_core::calendar::Place::default());
    house.settle(&session(&[1, 2])).await.expect("settled");
    assert_eq!(house.kept, kept, "it is found again");
}

/// A little of everything, by chance but always the same.
#[rstest]
#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn after_whatever_happens_it_is_as_it_should_be(#[values(1, 2, 3, 4)] seed: u64) {
    let mut dice = fastrand::Rng::with_seed(seed);
    let mut house = House::new();
    for _ in 0..15 {
        let learners: Vec<u32> = (1..=6).filter(|_| dice.bool()).collect();
        let mut wanted = session(&learners);
        wanted.capacity = u32::try_from(learners.len()).expect("few").max(1) + dice.u32(0..3);
        let date = ["2027-01-12", "2027-01-19", "2027-01-26"][dice.usize(0..3)];
        wanted.days = (0..dice.u16(1..4))
            .map(|part| {
                let mut one = day(part, hours(date, dice.i64(2..5)));
                let later = i64::from(part) * 24;
                one.time = Part::new(
                    one.time.starts + SignedDuration::from_hours(later),
                    berlin(),
                    one.time.length,
                    String::new(),
                )
                .expect("a part");
                one.place = ["Hall A", "Hall B"][dice.usize(0..2)].to_owned();
                one
            })
            .collect();
        assert!(wanted.days.iter().all(|it| it.phase == Phase::ToCome));
        if dice.u32(0..3) == 0 {
            wanted.instructors = vec![ivo()];
        }
        if dice.u32(0..6) == 0 {
            (wanted.stage, wanted.seats) = (Stage::Gone { reason: "Ill.".to_owned() }, Vec::new());
        }
        if dice.bool() {
            let calls = dice.usize(0..12);
            house.world.calcom.world().mishaps.next =
                [vec![None; calls], vec![Some(Mishap::AnswerLost)]].concat();
            let _whatever = house.settle(&wanted).await;
            house.world.calcom.world().mishaps.next.clear();
        }
        house.settles(&wanted).await;
    }
}
