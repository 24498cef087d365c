//! All or nothing, and one after the other.

use std::cell::Cell;
use std::collections::BTreeSet;

use super::together::{Task, pause, together};
use super::{Backend, data, look, save};
use crate::desk::{Ask, Changes, Key, Ledger, Remembered, Reply};
use crate::ports::StoreError;
use crate::session::Seats;
use crate::testing::Network;
use crate::testing::plans::id;

/// Whoever looks meanwhile sees what was committed before.
pub async fn nothing_is_seen_before_the_commit<S: Backend>(store: &S) {
    let mut work = store.begin().await.expect("begun");
    let mut changes = data::basics();
    changes.entries = vec![data::entry(1, 500)];
    assert_eq!(work.save(&changes).await.expect("saved"), 1);
    assert_eq!(store.sessions(&[id(100).into()]).await.expect("read"), []);
    assert!(store.after(0, 10).await.expect("read").is_empty());
    assert_eq!(store.head().await.expect("read"), 0);
    assert!(look(store, &Ask::default()).await.courses.is_empty());
    work.commit().await.expect("committed");
    assert_eq!(store.sessions(&[id(100).into()]).await.expect("read").len(), 1);
    assert_eq!(store.after(0, 10).await.expect("read").len(), 1);
    assert!(!look(store, &Ask::default()).await.courses.is_empty());
}

/// A transaction that is not committed leaves nothing behind, its journal number included.
pub async fn what_is_dropped_never_was<S: Backend>(store: &S) {
    let mut changes = data::basics();
    changes.entries = vec![data::entry(1, 500)];
    let mut work = store.begin().await.expect("begun");
    work.save(&changes).await.expect("saved");
    drop(work);
    assert_eq!(store.sessions(&[id(100).into()]).await.expect("read"), []);
    assert_eq!(save(store, &changes).await.expect("saved"), 1, "the number is given again");
}

/// Eight at once each add one to what they loaded: whoever was in another's way does it again, and none is lost.
pub async fn no_update_is_lost_between_transactions<S: Backend>(store: &S) {
    const AT_ONCE: u32 = 8;
    save(store, &data::basics()).await.expect("saved");
    let empty =
        Ledger { session: id(100).into(), seats: Seats::empty(20), blocks: Vec::new(), freed_at: None };
    save(store, &Changes { ledgers: vec![empty], ..Changes::default() }).await.expect("saved");
    let adding = || -> Task<'_> { Box::pin(async { while !add_one(store).await {} }) };
    together((0..AT_ONCE).map(|_| adding()).collect()).await;
    let found = store.sessions(&[id(100).into()]).await.expect("read");
    assert_eq!(found[0].seats.capacity, 20 + AT_ONCE);
}

async fn add_one<S: Backend>(store: &S) -> bool {
    let ask = Ask { sessions: BTreeSet::from([id(100).into()]), ..Ask::default() };
    let attempt = async {
        let mut work = store.begin().await?;
        let world = work.load(&ask).await?;
        let mut seats = world.sessions[&id(100).into()].seats;
        seats.capacity += 1;
        pause(3).await;
        let ledger = Ledger { session: id(100).into(), seats, blocks: Vec::new(), freed_at: None };
        work.save(&Changes { ledgers: vec![ledger], ..Changes::default() }).await?;
        work.commit().await
    };
    match attempt.await {
        Ok(()) => true,
        Err(StoreError::Conflict(_)) => false,
        Err(other) => panic!("{other}"),
    }
}

/// Two transactions that answer the same request: the second is a conflict, so that it looks the first answer up.
pub async fn one_key_is_answered_by_one_transaction<S: Backend>(store: &S) {
    save(store, &data::basics()).await.expect("saved");
    let remembered = |digest: &str| Remembered {
        key: Key { person: Network::ADA, key: "once".to_owned() },
        digest: digest.to_owned(),
        answer: Ok(Reply::Done),
        at: data::at(1),
    };
    let answered = Cell::new(0);
    let answering = |digest| -> Task<'_> {
        let remembered = remembered(digest);
        let answered = &answered;
        Box::pin(async move {
            match answer(store, remembered).await {
                Ok(is_first) => answered.set(answered.get() + u32::from(is_first)),
                Err(StoreError::Conflict(_)) => {}
                Err(other) => panic!("{other}"),
            }
        })
    };
    together(vec![answering("one"), answering("other")]).await;
    assert_eq!(answered.get(), 1);
}

async fn answer<S: Backend>(store: &S, remembered: Remembered) -> Result<bool, StoreError> {
    let mut work = store.begin().await?;
    let ask = Ask { keys: BTreeSet::from([remembered.key.clone()]), ..Ask::default() };
    let is_first = work.load(&ask).await?.remembered.is_empty();
    pause(10).await;
    if is_first {
        work.save(&Changes { remembered: vec![remembered], ..Changes::default() }).await?;
    }
    work.commit().await?;
    Ok(is_first)
}
