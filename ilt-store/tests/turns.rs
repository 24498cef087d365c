//! Hosts take turns with a session.

use std::time::Duration;

use ilt_core::desk::Ask;
use ilt_core::ports::{Store, StoreError};
use ilt_core::testing::plans::id;
use ilt_store::testing::{Database, postgres};
use ilt_store::{Options, SqlStore};

async fn host(database: &Database, options: Options) -> SqlStore {
    let options = Options { schema: database.schema.clone(), ..options };
    SqlStore::connect(&database.url, &options).await.expect("a database")
}

#[tokio::test]
async fn whoever_wants_a_session_that_another_host_decides_on_waits_for_its_turn_and_nobody_else_does() {
    let Some(database) = postgres("turns") else { return };
    let one = database.store(Options::default()).await;
    let other = host(&database, Options::default()).await;
    let busy = one.begin_in_turn(id(100).into()).await.expect("begun");
    drop(other.begin_in_turn(id(101).into()).await.expect("another session"));
    drop(other.begin().await.expect("without a turn"));
    let waiting = tokio::spawn(async move { other.begin_in_turn(id(100).into()).await.map(drop) });
    tokio::time::sleep(Duration::from_millis(200)).await;
    assert!(!waiting.is_finished());
    drop(busy);
    waiting.await.expect("run").expect("its turn has come");
}

#[tokio::test]
async fn a_turn_that_does_not_come_spoils_no_connection() {
    let Some(database) = postgres("no_turn") else { return };
    let one = database.store(Options::default()).await;
    let impatient = Options { pool: 2, lock_timeout: Duration::from_millis(100), ..Options::default() };
    let other = host(&database, impatient).await;
    let busy = one.begin_in_turn(id(100).into()).await.expect("begun");
    for _ in 0..3 {
        let refused = other.begin_in_turn(id(100).into()).await.map(drop);
        assert!(matches!(refused, Err(StoreError::Conflict(_))), "{refused:?}");
        // On the only connection that writes, at once.
        other.begin().await.expect("begun").load(&Ask::default()).await.expect("loaded");
    }
    drop(busy);
    // Whoever drops a transaction does not wait for its end.
    tokio::time::sleep(Duration::from_millis(300)).await;
    drop(other.begin_in_turn(id(100).into()).await.expect("its turn has come"));
}
