//! Statements are kept once and read in order; a lease is one host's at a time.

use jiff::SignedDuration;
use uuid::Uuid;

use super::Backend;
use crate::ports::{DeadLetter, TELLER};
use crate::statement::{Told, Topic, Verb};
use crate::testing::plans::{id, now};

fn told(number: u32, verb: Verb, subject: Option<&str>) -> Told {
    Told {
        id: id(number),
        sequence: u64::from(number),
        topic: verb.topic().unwrap_or(Topic::Attendance),
        verb,
        key: id(100),
        subject: subject.map(str::to_owned),
        at: now(),
        correlation: id(2),
        causation: id(3),
        body: format!(r#"{{"id":"{}","ü":"Köln"}}"#, id(number)),
        fault: (verb == Verb::NoShow).then(|| "it is not as its schema says".to_owned()),
    }
}

/// What is kept comes back to the byte, numbered without gaps.
pub async fn statements_come_back_in_order_and_to_the_byte<S: Backend>(store: &S) {
    let first = [told(1, Verb::Registered, None), told(2, Verb::NoShow, Some("attendance/5"))];
    assert!(store.keep_told(0, 2, &first).await.expect("kept"));
    assert!(
        store.keep_told(2, 7, &[]).await.expect("kept"),
        "entries of which nothing is told count as well"
    );
    assert!(store.keep_told(7, 8, &[told(8, Verb::Completed, None)]).await.expect("kept"));
    let read = store.told_after(0, 2).await.expect("read");
    assert_eq!(read.iter().map(|it| it.number).collect::<Vec<_>>(), [1, 2]);
    assert_eq!(read.into_iter().map(|it| it.told).collect::<Vec<_>>(), first);
    let rest = store.told_after(2, 9).await.expect("read");
    assert_eq!(rest.iter().map(|it| (it.number, it.told.sequence)).collect::<Vec<_>>(), [(3, 8)]);
    let named = store.told(&[id(8), id(9), id(1)]).await.expect("read");
    assert_eq!(named.iter().map(|it| it.number).collect::<Vec<_>>(), [1, 3]);
    assert_eq!(named.last(), rest.first());
    assert_eq!(store.last_number().await.expect("read"), 3);
    assert_eq!(store.checkpoint(TELLER).await.expect("read"), 8);
}

/// What was at fault is told last, and as it should have been; what was not stays.
pub async fn faulty_statements_are_mended_once<S: Backend>(store: &S) {
    let all = [told(1, Verb::NoShow, None), told(2, Verb::Registered, None), told(3, Verb::NoShow, None)];
    assert!(store.keep_told(0, 3, &all).await.expect("kept"));
    let faulty = store.faulty(9).await.expect("read");
    assert_eq!(faulty.iter().map(|it| it.number).collect::<Vec<_>>(), [1, 3]);
    assert_eq!(store.faulty(1).await.expect("read"), faulty[..1]);
    let sound = |number| Told { fault: None, body: "mended".to_owned(), ..told(number, Verb::NoShow, None) };
    for _ in 0..2 {
        store.mend(&[sound(1), sound(2), sound(7)]).await.expect("mended");
        let read = store.told_after(0, 9).await.expect("read");
        let seen: Vec<_> = read.iter().map(|it| (it.number, it.told.id, it.told.body == "mended")).collect();
        assert_eq!(seen, [(2, id(2), false), (3, id(3), false), (4, id(1), true)]);
        assert_eq!(read[2].told.fault, None);
    }
    assert!(store.keep_told(3, 4, &[told(8, Verb::Registered, None)]).await.expect("kept"));
    assert_eq!(store.last_number().await.expect("read"), 5);
}

/// Two hosts that tell of the same entries: one of them is too late.
pub async fn entries_are_told_of_once<S: Backend>(store: &S) {
    assert!(store.keep_told(0, 1, &[told(1, Verb::Registered, None)]).await.expect("kept"));
    assert!(!store.keep_told(0, 1, &[told(2, Verb::Registered, None)]).await.expect("refused"));
    assert_eq!(store.last_number().await.expect("read"), 1);
}

/// What was told last of a subject, and nothing of one that was voided.
pub async fn what_was_told_last_can_be_corrected<S: Backend>(store: &S) {
    let all = [
        told(1, Verb::NoShow, Some("attendance/5")),
        told(2, Verb::Attended, Some("attendance/6")),
        told(3, Verb::Voided, Some("attendance/6")),
        told(4, Verb::Attended, Some("attendance/7")),
        told(5, Verb::Voided, Some("attendance/7")),
        told(6, Verb::Excused, Some("attendance/7")),
    ];
    assert!(store.keep_told(0, 6, &all).await.expect("kept"));
    let subjects = ["attendance/5", "attendance/6", "attendance/7", "attendance/8"].map(str::to_owned);
    let last = store.last_told(&subjects).await.expect("read");
    let expected: [(String, Uuid); 2] =
        [("attendance/5".to_owned(), id(1)), ("attendance/7".to_owned(), id(6))];
    assert_eq!(last, expected.into());
}

/// One holds it; another gets it once it has ended or was given back.
pub async fn a_lease_is_one_hosts_at_a_time<S: Backend>(store: &S) {
    let (one, other) = (id(1), id(2));
    let until = now() + SignedDuration::from_secs(10);
    let hold = async |holder, at| {
        let until = at + SignedDuration::from_secs(10);
        store.hold("kafka", holder, at, until).await.expect("asked")
    };
    assert!(hold(one, now()).await);
    assert!(hold(one, now()).await, "it is renewed");
    assert!(!hold(other, now()).await);
    assert!(store.hold("lrs", other, now(), until).await.expect("asked"), "another lease");
    assert!(hold(other, until).await, "it has ended");
    assert!(!hold(one, until).await);
    store.let_go("kafka", one).await.expect("harmless");
    assert!(!hold(one, until).await);
    store.let_go("kafka", other).await.expect("given back");
    assert!(hold(one, until).await);
}

/// What cannot be delivered is kept in the transaction that goes on after it; burying it again is burying it once.
pub async fn a_dead_letter_is_kept_once_with_the_checkpoint<S: Backend>(store: &S) {
    let letter = |number, status| DeadLetter {
        statement: id(number),
        reason: "invalid".to_owned(),
        status,
        at: now(),
    };
    let letters = [letter(1, Some(400)), letter(2, None)];
    store.bury("lrs", &letters, 7).await.expect("buried");
    store.bury("lrs", &letters[..1], 5).await.expect("buried again");
    store.bury("lrs", &[], 8).await.expect("nothing to bury");
    store.bury("other", &letters[1..], 1).await.expect("another's");
    assert_eq!(store.dead("lrs", 10).await.expect("read"), letters);
    assert_eq!(store.dead("lrs", 1).await.expect("read"), letters[..1]);
    assert_eq!(store.checkpoint("lrs").await.expect("read"), 8);
    store.exhume("lrs", &[id(1)]).await.expect("forgotten");
    assert_eq!(store.dead("lrs", 10).await.expect("read"), letters[1..]);
    assert_eq!(store.dead("other", 10).await.expect("read"), letters[1..]);
}
