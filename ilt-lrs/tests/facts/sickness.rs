//! Record stores that refuse everything, for a while or until somebody mends them: nothing is given up for that.

use std::sync::Arc;
use std::sync::atomic::{AtomicBool, AtomicUsize, Ordering};

use ilt_lrs::Trouble;
use serde_json::Value;

use super::{Lrs, dead, forward};

#[tokio::test]
async fn one_that_refuses_everything_is_asked_little_and_no_reason_to_give_anything_up() {
    for (status, knows_one) in
        [400, 409, 413, 422, 500, 502].into_iter().flat_map(|it| [(it, false), (it, true)])
    {
        let is_sick = Arc::new(AtomicBool::new(!knows_one));
        let sick = is_sick.clone();
        let lrs =
            Lrs::that(move |_, _| Some((if sick.load(Ordering::SeqCst) { status } else { 200 }, ""))).await;
        let forwarder = lrs.forwarder();
        if knows_one {
            forward(&forwarder, 1..=1).await.expect("it takes something first");
            is_sick.store(true, Ordering::SeqCst);
        }
        for _ in 0..3 {
            let before = lrs.batches().len();
            let said = forward(&forwarder, 2..=23).await.expect_err("nothing passes");
            assert!(matches!(said, Trouble::Failing(it) if it == status), "{said:?}");
            let asked = lrs.batches().len() - before;
            // Ids that are taken, as a conflict says, are looked for one by one.
            assert!(asked <= if status == 409 { 30 } else { 6 }, "{status}: {asked} requests");
        }
        is_sick.store(false, Ordering::SeqCst);
        assert_eq!(forward(&forwarder, 1..=23).await.expect("it is well again"), [], "{status}");
        assert_eq!(lrs.stored(), (1..=23).collect::<Vec<_>>());
    }
}

#[tokio::test]
async fn of_those_that_are_at_fault_at_both_ends_each_is_found_in_the_end() {
    let lrs = Lrs::that(|batch, _| {
        let is_bad = |it: &Value| [1, 2, 9, 10].iter().any(|bad| it["verb"] == *bad);
        Some((if batch.iter().any(is_bad) { 400 } else { 200 }, ""))
    })
    .await;
    let forwarder = lrs.forwarder();
    let mut times = 0;
    let dead_ones = loop {
        times += 1;
        match forward(&forwarder, 1..=10).await {
            Err(Trouble::Failing(400)) if times < 10 => {}
            settled => break settled.expect("something passes"),
        }
    };
    assert_eq!(dead_ones, [1, 2, 9, 10].map(|it| dead(it, "invalid", 400)));
    assert_eq!(lrs.stored(), (3..=8).collect::<Vec<_>>());
}

#[tokio::test]
async fn a_record_store_that_fails_for_a_while_makes_nobody_a_dead_letter() {
    // It fails until the batch was halved to single ones, and some of these failed as well.
    let fails = [Some((500, "")), Some((502, "")), None].map(|it| (20, it));
    let refuses = [400, 413, 422].map(|it| (6, Some((it, ""))));
    for (longest, status) in fails.into_iter().chain(refuses) {
        for failures in 1..=longest {
            let asked = AtomicUsize::new(0);
            let lrs = Lrs::that(move |_, stored| {
                let is_away = !stored.is_empty() && asked.fetch_add(1, Ordering::SeqCst) < failures;
                if is_away { status } else { Some((200, "")) }
            })
            .await;
            let forwarder = lrs.forwarder();
            forward(&forwarder, 1..=1).await.expect("it takes something first");
            let dead = loop {
                match forward(&forwarder, 2..=5).await {
                    Err(Trouble::Failing(_) | Trouble::Away(_)) => {}
                    settled => break settled.expect("settled"),
                }
            };
            assert_eq!(dead, [], "{failures} failures, {status:?}");
            assert_eq!(lrs.stored(), [1, 2, 3, 4, 5]);
        }
    }
}
