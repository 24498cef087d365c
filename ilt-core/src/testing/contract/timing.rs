//! What must happen at a time happens once, or again when whoever claimed it failed.

use super::{Backend, data, look, save};
use crate::desk::{Ask, Changes, Key, Remembered, Reply, Timer, TimerKind};
use crate::registration::Status;
use crate::testing::Network;
use crate::testing::plans::id;

fn timer(number: u32, due: i64) -> Timer {
    Timer { kind: TimerKind::OfferLapse, subject: id(number), due: data::at(due) }
}

/// Timers set, with when they are due, and cleared.
fn timers<const N: usize>(timers: [(u32, Option<i64>); N]) -> Changes {
    let timer = |(number, due): (u32, Option<i64>)| ((TimerKind::OfferLapse, id(number)), due.map(data::at));
    Changes { timers: timers.into_iter().map(timer).collect(), ..Changes::default() }
}

/// Three timers, due after 10, 20 and 30 seconds.
async fn fill<S: Backend>(store: &S) {
    let mut changes = data::basics();
    let learners = [Network::ADA, Network::BEN, Network::CEM];
    for (number, learner) in (500..).zip(learners) {
        changes.registrations.push(data::registration(
            number,
            100,
            learner,
            Status::Confirmed { at: data::at(0) },
        ));
    }
    changes.timers = timers([(500, Some(30)), (501, Some(10)), (502, Some(20))]).timers;
    save(store, &changes).await.expect("saved");
}

/// Answers are kept for repetitions, and not for ever.
pub async fn answers_are_forgotten_after_a_while<S: Backend>(store: &S) {
    save(store, &data::basics()).await.expect("saved");
    let remembered = |seconds: i64| Remembered {
        key: Key { person: Network::ADA, key: seconds.to_string() },
        digest: "digest".to_owned(),
        answer: Ok(Reply::Done),
        at: data::at(seconds),
    };
    let changes = Changes { remembered: (1..=5).map(remembered).collect(), ..Changes::default() };
    save(store, &changes).await.expect("saved");
    assert_eq!(store.forget_answers(data::at(1), 10).await.expect("forgotten"), 0);
    assert_eq!(store.forget_answers(data::at(4), 2).await.expect("forgotten"), 2, "no more than asked for");
    assert_eq!(store.forget_answers(data::at(4), 2).await.expect("forgotten"), 1);
    let ask = Ask { keys: changes.remembered.iter().map(|it| it.key.clone()).collect(), ..Ask::default() };
    let left: Vec<_> = look(store, &ask).await.remembered.into_values().collect();
    assert_eq!(left, changes.remembered[3..]);
}

/// The earliest first, no more than asked for, and each to one claimer.
pub async fn timers_are_claimed_in_order_and_by_one<S: Backend>(store: &S) {
    fill(store).await;
    assert_eq!(store.next_due().await.expect("read"), Some(data::at(10)));
    assert_eq!(store.claim(data::at(9), data::at(60), 10).await.expect("claimed"), [], "nothing is due");
    assert_eq!(store.claim(data::at(25), data::at(60), 1).await.expect("claimed"), [timer(501, 10)]);
    assert_eq!(store.claim(data::at(25), data::at(60), 10).await.expect("claimed"), [timer(502, 20)]);
    assert_eq!(store.claim(data::at(25), data::at(60), 10).await.expect("claimed"), []);
}

/// Whoever claimed it and failed leaves it to the next; whoever succeeded cleared it.
pub async fn a_timer_that_is_not_cleared_comes_again<S: Backend>(store: &S) {
    fill(store).await;
    store.claim(data::at(25), data::at(60), 10).await.expect("claimed");
    save(store, &timers([(501, None)])).await.expect("saved");
    assert_eq!(store.claim(data::at(26), data::at(60), 10).await.expect("claimed"), []);
    let again = store.claim(data::at(60), data::at(90), 10).await.expect("claimed");
    assert_eq!(again, [timer(502, 20), timer(500, 30)]);
}

/// Whoever is still at it keeps what they claimed; what was set anew meanwhile is not theirs to keep.
pub async fn a_claim_is_kept_by_whoever_renews_it<S: Backend>(store: &S) {
    fill(store).await;
    let claimed = store.claim(data::at(25), data::at(60), 10).await.expect("claimed");
    save(store, &timers([(501, Some(40))])).await.expect("saved");
    store.renew(&claimed, data::at(60), data::at(90)).await.expect("renewed");
    assert_eq!(
        store.claim(data::at(60), data::at(99), 10).await.expect("claimed"),
        [timer(500, 30), timer(501, 40)],
        "one that was never claimed, and one that was set anew"
    );
    assert_eq!(store.claim(data::at(90), data::at(120), 10).await.expect("claimed"), [timer(502, 20)]);
}

/// There is one of a kind for each registration, and its new time counts, claimed or not.
pub async fn setting_a_timer_again_moves_it<S: Backend>(store: &S) {
    fill(store).await;
    store.claim(data::at(15), data::at(60), 10).await.expect("claimed");
    save(store, &timers([(501, Some(40)), (502, Some(12))])).await.expect("saved");
    assert_eq!(store.claim(data::at(16), data::at(60), 10).await.expect("claimed"), [timer(502, 12)]);
    assert_eq!(
        store.claim(data::at(45), data::at(60), 10).await.expect("claimed"),
        [timer(500, 30), timer(501, 40)]
    );
}
