//! A disk that is full, and has room again.

use ilt_core::desk::Changes;
use ilt_core::ids::PersonId;
use ilt_core::ports::{Journal as _, Reads as _, Store as _, StoreError};
use ilt_core::testing::contract::{data, save};
use sqlx::AssertSqlSafe;
use uuid::Uuid;

use super::Pool;
use crate::testing::{Database, postgres, sqlite};
use crate::{Options, SqlStore};

/// More people than fit.
fn crowd() -> Changes {
    let learner = |number: u32| data::learner(10_000 + number, &"A long name ".repeat(40));
    Changes { people: (0..2_000).map(learner).collect(), ..Changes::default() }
}

async fn store(database: &Database) -> SqlStore {
    let store = database.store(Options { careless: true, ..Options::default() }).await;
    save(&store, &data::basics()).await.expect("saved");
    store
}

/// No room beyond what the file has now, and a little: as a disk that is full to the last page.
async fn fill_disk(store: &SqlStore, spare_pages: u32) {
    let Pool::Sqlite { writer, .. } = &store.pool else { return };
    let pages: u32 = sqlx::query_scalar("PRAGMA page_count").fetch_one(writer).await.expect("a number");
    limit(store, pages + spare_pages).await;
}

async fn limit(store: &SqlStore, pages: u32) {
    let Pool::Sqlite { writer, .. } = &store.pool else { return };
    let text = format!("PRAGMA max_page_count = {pages}");
    sqlx::query(AssertSqlSafe(text)).execute(writer).await.expect("a limit");
}

#[tokio::test]
async fn after_a_full_disk_the_next_write_is_a_fresh_one() {
    let database = sqlite();
    let store = store(&database).await;
    for spare_pages in [0, 3, 40] {
        fill_disk(&store, spare_pages).await;
        let full = save(&store, &crowd()).await;
        assert!(matches!(full, Err(StoreError::Away(_))), "it may be asked again: {full:?}");
        still_works(&store, spare_pages).await;
    }
    limit(&store, u32::MAX - 1).await;
    save(&store, &crowd()).await.expect("there is room again");
    assert_eq!(store.head().await.expect("read"), 3);
}

async fn still_works(store: &SqlStore, number: u32) {
    assert_eq!(store.people(&everybody()).await.expect("read").len(), 0, "nothing of it is there");
    let smaller = Changes { entries: vec![data::entry(number, 500)], ..Changes::default() };
    save(store, &smaller).await.expect("there is room for this");
}

/// Runs the tests named `name` in a process that can write no file beyond a megabyte and a half: there the system itself fails at the write, in
/// the middle of a commit, where SQLite takes the whole transaction back by itself.
fn on_a_small_disk(name: &str) -> std::process::Output {
    let program = std::env::current_exe().expect("this test");
    let script = "trap '' XFSZ; ulimit -f 3072; exec \"$0\" --exact \"$1\" --ignored --nocapture";
    let mut shell = std::process::Command::new("sh");
    shell.arg("-c").arg(script).arg(program).arg(name);
    shell.output().expect("a shell")
}

#[test]
fn a_disk_that_fails_in_the_middle_of_a_commit_stops_nothing_after_it() {
    let output = on_a_small_disk("seam::full::on_the_small_disk");
    let said = String::from_utf8_lossy(&output.stdout);
    assert!(output.status.success() && said.contains("1 passed"), "{said}");
}

#[tokio::test]
#[ignore = "it is run by the test above, where the disk is small"]
async fn on_the_small_disk() {
    let database = sqlite();
    let store = store(&database).await;
    for turn in 0..3 {
        let failed = save(&store, &crowd()).await;
        assert!(matches!(failed, Err(StoreError::Away(_))), "it may be asked again: {failed:?}");
        still_works(&store, turn).await;
    }
    assert_eq!(store.head().await.expect("read"), 3);
}

fn everybody() -> ilt_core::ports::PeopleQuery {
    ilt_core::ports::PeopleQuery {
        sight: ilt_core::access::Sight::Everyone,
        text: Some("a long name".to_owned()),
        dealer: None,
        after: None,
        limit: 1,
    }
}

/// A transaction that was left in the middle, by whoever gave up waiting, must not be the next one's.
#[tokio::test]
async fn nobody_is_given_a_connection_inside_a_transaction() {
    for database in [Some(sqlite()), postgres("inside")].into_iter().flatten() {
        let store = store(&database).await;
        let mut given_up = store.begin().await.expect("begun");
        let change =
            Changes { feeds: vec![(PersonId(Uuid::from_u128(1)), "x".to_owned())], ..Changes::default() };
        let _nobody_with_this_id = given_up.save(&change).await;
        drop(given_up);
        save(&store, &Changes { entries: vec![data::entry(1, 500)], ..Changes::default() })
            .await
            .expect("saved");
        assert_eq!(store.head().await.expect("read"), 1);
    }
}

/// Whoever asks goes away while the transaction begins: a client that hangs up, a request that took too long.
#[tokio::test]
async fn nobody_is_given_a_connection_whose_transaction_was_about_to_begin() {
    let Some(database) = postgres("about_to_begin") else { return };
    let store = store(&database).await;
    for (step, number) in (0..200_u64).zip(1..) {
        for _ in 0..4 {
            let mut view = Box::pin(store.pool.view());
            for _ in 0..step {
                if futures::poll!(view.as_mut()).is_ready() {
                    break;
                }
                tokio::task::yield_now().await;
            }
        }
        let entry = data::entry(u32::try_from(number).expect("few"), 500);
        save(&store, &Changes { entries: vec![entry], ..Changes::default() }).await.expect("saved");
        for _ in 0..4 {
            assert_eq!(
                store.head().await.expect("read"),
                number,
                "what is true now, not what was, after {step}"
            );
        }
    }
}

#[tokio::test]
async fn what_a_server_cannot_do_just_now_may_be_asked_again() {
    let Some(database) = postgres("full") else { return };
    let store = store(&database).await;
    let Pool::Postgres { writers, .. } = &store.pool else { return };
    for code in ["53100", "58030", "25006", "57014"] {
        let text = format!(
            "CREATE OR REPLACE FUNCTION fail() RETURNS trigger LANGUAGE plpgsql AS
             $$ BEGIN RAISE EXCEPTION 'not just now' USING ERRCODE = '{code}'; END; $$;
             CREATE TRIGGER fails BEFORE INSERT ON journal FOR EACH ROW EXECUTE FUNCTION fail();"
        );
        sqlx::raw_sql(AssertSqlSafe(text)).execute(writers).await.expect("a trigger");
        let change = Changes { entries: vec![data::entry(1, 500)], ..Changes::default() };
        let failed = save(&store, &change).await;
        assert!(matches!(failed, Err(StoreError::Away(_))), "{code}: {failed:?}");
        sqlx::raw_sql("DROP TRIGGER fails ON journal").execute(writers).await.expect("it is over");
        save(&store, &change).await.expect("saved");
    }
}
