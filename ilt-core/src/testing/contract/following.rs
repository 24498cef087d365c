//! The journal: numbered in commit order, read without gaps.

use std::cell::RefCell;

use super::together::{Task, pause, together};
use super::{Backend, data, save};
use crate::desk::Changes;
use crate::journal::{Actor, Entry, Event};
use crate::ports::{EntryQuery, StoreError};

fn entries(numbers: impl IntoIterator<Item = u32>) -> Changes {
    Changes {
        entries: numbers.into_iter().map(|number| data::entry(number, 500)).collect(),
        ..Changes::default()
    }
}

/// Whole entries come back, numbered from 1 on, page by page.
pub async fn numbers_have_no_gaps_and_follow_the_commits<S: Backend>(store: &S) {
    assert_eq!(save(store, &entries([1, 2])).await.expect("saved"), 2);
    assert_eq!(save(store, &entries([])).await.expect("saved"), 2, "nothing happened, nothing is numbered");
    assert_eq!(save(store, &entries([3])).await.expect("saved"), 3);
    let numbered = |number: u32| Entry { sequence: u64::from(number), ..data::entry(number, 500) };
    assert_eq!(store.after(0, 2).await.expect("read"), [numbered(1), numbered(2)]);
    assert_eq!(store.after(2, 2).await.expect("read"), [numbered(3)]);
    assert_eq!(store.after(3, 2).await.expect("read"), []);
    assert_eq!(store.head().await.expect("read"), 3);
}

/// Writers commit whenever they please while a reader follows: it sees every number once, in order.
pub async fn a_reader_never_skips_a_late_commit<S: Backend>(store: &S) {
    const WRITERS: u32 = 6;
    const EACH: u32 = 5;
    let seen = RefCell::new(Vec::new());
    let mut tasks: Vec<Task<'_>> = vec![Box::pin(async {
        while seen.borrow().len() < (WRITERS * EACH * 2) as usize {
            let after = seen.borrow().last().copied().unwrap_or(0);
            let found = store.after(after, 7).await.expect("read");
            seen.borrow_mut().extend(found.iter().map(|entry| entry.sequence));
            pause(1).await;
        }
    })];
    for writer in 0..WRITERS {
        tasks.push(Box::pin(async move {
            for turn in 0..EACH {
                let first = 1_000 + (writer * EACH + turn) * 2;
                while !written(store, &entries([first, first + 1]), writer).await {}
            }
        }));
    }
    together(tasks).await;
    let expected: Vec<u64> = (1..=u64::from(WRITERS * EACH * 2)).collect();
    assert_eq!(*seen.borrow(), expected);
}

/// Saves, dawdles, and commits; whoever was in another's way tries again.
async fn written<S: Backend>(store: &S, changes: &Changes, writer: u32) -> bool {
    let attempt = async {
        let mut work = store.begin().await?;
        work.save(changes).await?;
        // The first to save is not the first to commit.
        pause(5 * (writer % 3)).await;
        work.commit().await
    };
    match attempt.await {
        Ok(()) => true,
        Err(StoreError::Conflict(_)) => false,
        Err(other) => panic!("{other}"),
    }
}

/// Whoever decided by a clock that is behind what was recorded meanwhile must decide again; one that holds the journal need not
/// fear that, and an instant that nobody can believe holds nobody up.
pub async fn nothing_is_recorded_before_what_it_follows<S: Backend>(store: &S) {
    let at = |number: u32, seconds: i64| {
        let entry = Entry { at: data::at(seconds), ..data::entry(number, 500) };
        Changes { entries: vec![entry], ..Changes::default() }
    };
    let time = async || store.begin().await.expect("begun").journal_time(false).await.expect("read");
    assert_eq!(time().await, None);
    save(store, &at(1, 10)).await.expect("saved");
    assert_eq!(time().await, Some(data::at(10)));
    let late = save(store, &at(2, 9)).await;
    assert!(matches!(late, Err(StoreError::Conflict(_))), "{late:?}");
    assert_eq!((store.head().await.expect("read"), time().await), (1, Some(data::at(10))));
    let mut work = store.begin().await.expect("begun");
    assert_eq!(work.journal_time(true).await.expect("held"), Some(data::at(10)));
    assert_eq!(work.save(&at(2, 10)).await.expect("saved"), 2);
    work.commit().await.expect("committed");
    save(store, &at(3, 1_000_000)).await.expect("saved");
    save(store, &at(4, 11)).await.expect("saved, since the one before it cannot be believed");
    assert_eq!(time().await, Some(data::at(11)));
}

/// What happened to one registration, and to no other.
pub async fn one_registrations_history_is_in_order<S: Backend>(store: &S) {
    let mut changes = entries([1, 2]);
    changes.entries.push(data::entry(3, 501));
    changes.entries.push(data::entry(4, 500));
    save(store, &changes).await.expect("saved");
    let history = store.of_registration(crate::testing::plans::id(500).into()).await.expect("read");
    assert_eq!(history.iter().map(|entry| entry.sequence).collect::<Vec<_>>(), [1, 2, 4]);
}

/// Whoever looks for something finds what there is of it, latest first and page by page, and nothing else.
pub async fn entries_are_found_by_what_is_known_of_them<S: Backend>(store: &S) {
    let person = |number| crate::testing::plans::id(number).into();
    let entry = |number: u32| Entry { at: data::at(i64::from(number) * 10), ..data::entry(number, 500) };
    let all = [
        entry(1),
        Entry {
            session: None,
            learner: None,
            registration: None,
            actor: Actor::import(),
            event: Event::CoursesSaved(Vec::new()),
            seats: None,
            ..entry(2)
        },
        Entry { actor: Actor::Person(person(77)), event: Event::Promoted, ..entry(3) },
        Entry {
            learner: Some(person(78)),
            event: Event::Waitlisted { automatic: true, gives_back: None, group: None },
            ..entry(4)
        },
        Entry {
            session: Some(crate::testing::plans::id(79).into()),
            registration: None,
            event: Event::SessionPublished,
            ..entry(5)
        },
        Entry {
            correlation: crate::testing::plans::id(80),
            registration: Some(crate::testing::plans::id(81).into()),
            ..entry(6)
        },
    ];
    save(store, &Changes { entries: all.to_vec(), ..Changes::default() }).await.expect("saved");
    let any = EntryQuery { limit: 10, ..EntryQuery::default() };
    let queries = [
        any.clone(),
        EntryQuery { limit: 2, ..any.clone() },
        EntryQuery { before: Some(3), ..any.clone() },
        EntryQuery { actor: Some(Actor::import()), ..any.clone() },
        EntryQuery { actor: Some(Actor::Person(person(77))), ..any.clone() },
        EntryQuery { learner: Some(person(78)), ..any.clone() },
        EntryQuery { learner: all[0].learner, before: Some(6), ..any.clone() },
        EntryQuery { session: all[4].session, ..any.clone() },
        EntryQuery { session: all[0].session, what: Some("registration.promoted".to_owned()), ..any.clone() },
        EntryQuery { registration: all[5].registration, ..any.clone() },
        EntryQuery { correlation: Some(all[5].correlation), ..any.clone() },
        EntryQuery { what: Some("registration".to_owned()), ..any.clone() },
        EntryQuery { what: Some("session.published".to_owned()), ..any.clone() },
        EntryQuery { what: Some("registr".to_owned()), ..any.clone() },
        EntryQuery { what: Some("%".to_owned()), ..any.clone() },
        EntryQuery { from: Some(data::at(20)), to: Some(data::at(50)), ..any.clone() },
        EntryQuery { from: Some(data::at(45)), ..any.clone() },
        EntryQuery { to: Some(data::at(10)), ..any.clone() },
        EntryQuery { from: Some(data::at(61)), ..any.clone() },
        EntryQuery { learner: all[0].learner, from: Some(data::at(11)), to: Some(data::at(60)), ..any },
    ];
    let saved: Vec<_> = store.after(0, 10).await.expect("read");
    for query in &queries {
        let found: Vec<_> =
            store.find(query).await.expect("read").iter().map(|entry| entry.sequence).collect();
        let wanted = saved.iter().rev().filter(|entry| query.asks_for(entry)).take(query.limit as usize);
        assert_eq!(found, wanted.map(|entry| entry.sequence).collect::<Vec<_>>(), "{query:?}");
    }
    let counts: Vec<_> =
        queries.iter().map(|query| saved.iter().filter(|entry| query.asks_for(entry)).count()).collect();
    assert_eq!(
        counts,
        [6, 6, 2, 1, 1, 1, 3, 1, 1, 1, 1, 4, 1, 0, 0, 3, 2, 0, 0, 2],
        "each of them asks for something of its own"
    );
}

/// A follower that was overtaken by its successor cannot make it repeat its work.
pub async fn a_checkpoint_never_goes_back<S: Backend>(store: &S) {
    assert_eq!(store.checkpoint("calendar").await.expect("read"), 0);
    for sequence in [5, 9, 7] {
        store.set_checkpoint("calendar", sequence).await.expect("set");
    }
    store.set_checkpoint("mail", 2).await.expect("set");
    assert_eq!(store.checkpoint("calendar").await.expect("read"), 9);
    assert_eq!(store.checkpoint("mail").await.expect("read"), 2);
}
