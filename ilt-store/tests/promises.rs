//! What only a database can promise: constraints, bounded queues, locks, and indexes that are used.

use std::collections::{BTreeMap, BTreeSet};
use std::time::Duration;

use ilt_core::access::Sight;
use ilt_core::desk::{Ask, Changes, Ledger};
use ilt_core::ports::{Journal, PeopleQuery, Reads, RegistrationQuery, Store, StoreError, Timers};
use ilt_core::registration::Status;
use ilt_core::session::Seats;
use ilt_core::testing::Network;
use ilt_core::testing::contract::{data, save};
use ilt_core::testing::plans::id;
use ilt_store::testing::{Database, postgres, sqlite};
use ilt_store::{Options, SqlStore};
use sqlx::{Connection, Row};

async fn both(name: &str) -> Vec<(SqlStore, Database)> {
    let mut stores = Vec::new();
    for database in [Some(sqlite()), postgres(name)].into_iter().flatten() {
        stores.push((database.store(Options { careless: true, ..Options::default() }).await, database));
    }
    stores
}

#[tokio::test]
async fn a_session_cannot_be_oversold_even_by_a_mistake_of_ours() {
    for (store, _database) in both("oversold").await {
        save(&store, &data::basics()).await.expect("saved");
        let seats = Seats { confirmed: 21, ..Seats::empty(20) };
        let refused = overwritten(&store, seats).await;
        assert!(matches!(refused, Err(StoreError::Failed(_))), "{refused:?}");
        assert_eq!(
            store.sessions(&[id(100).into()]).await.expect("read")[0].seats,
            data::session(100, 35).seats
        );
    }
}

#[tokio::test]
async fn a_ledger_that_differs_from_its_people_cannot_be_saved_even_by_a_mistake_of_ours() {
    let one = |column: fn(&mut Seats) -> &mut u32| {
        let mut seats = data::session(100, 35).seats;
        *column(&mut seats) += 1;
        seats
    };
    for (store, _database) in both("differs").await {
        save(&store, &data::basics()).await.expect("saved");
        for seats in [
            one(|it| &mut it.confirmed),
            one(|it| &mut it.held),
            one(|it| &mut it.offered),
            one(|it| &mut it.waitlisted),
            one(|it| &mut it.over_capacity),
        ] {
            let refused = overwritten(&store, seats).await;
            assert!(matches!(refused, Err(StoreError::Differs(_))), "{seats:?}: {refused:?}");
        }
        let kept = &store.sessions(&[id(100).into()]).await.expect("read")[0];
        assert_eq!(kept.seats, data::session(100, 35).seats);
        // And the other way round: somebody has a seat of which the ledger does not know.
        let registrations =
            vec![data::registration(500, 100, Network::ADA, Status::Confirmed { at: data::at(0) })];
        let mut work = store.begin().await.expect("begun");
        work.load(&holding(100)).await.expect("loaded");
        work.save(&Changes { registrations, ..Changes::default() }).await.expect("saved");
        let refused = work.commit().await;
        assert!(matches!(refused, Err(StoreError::Differs(_))), "{refused:?}");
    }
}

#[tokio::test]
async fn what_was_not_locked_is_not_written() {
    for (store, _database) in both("unheld").await {
        save(&store, &data::basics()).await.expect("saved");
        let ledger = Ledger::from(&data::session(100, 35));
        let cancelled = data::registration(500, 100, Network::ADA, Status::Cancelled { at: data::at(0) });
        for changes in [
            Changes { ledgers: vec![ledger], ..Changes::default() },
            Changes { registrations: vec![cancelled], ..Changes::default() },
        ] {
            let mut work = store.begin().await.expect("begun");
            work.load(&holding(101)).await.expect("loaded");
            let refused = work.save(&changes).await;
            assert!(
                matches!(refused, Err(StoreError::NotHeld(session)) if session == id(100).into()),
                "{refused:?}"
            );
        }
        // One that is saved as if it were new, and is not.
        let mut work = store.begin().await.expect("begun");
        work.load(&holding(101)).await.expect("loaded");
        let refused =
            work.save(&Changes { sessions: vec![data::session(100, 40)], ..Changes::default() }).await;
        assert!(matches!(refused, Err(StoreError::Conflict(_))), "{refused:?}");
    }
}

#[tokio::test]
async fn what_somebody_else_wrote_meanwhile_is_not_overwritten_even_without_a_lock() {
    let Some(database) = postgres("compared") else { return };
    let store = database.store(Options { unlocked: true, ..Options::default() }).await;
    save(&store, &data::basics()).await.expect("saved");
    let mut person =
        store.look(&Ask { people: [Network::ADA].into(), ..Ask::default() }).await.expect("read").people
            [&Network::ADA]
            .clone();
    person.version += 1;
    let ledger = || Ledger::from(&data::session(100, 35));
    for changes in [
        Changes { ledgers: vec![ledger()], ..Changes::default() },
        Changes { sessions: vec![data::session(100, 36)], ..Changes::default() },
        Changes { people: vec![person], ..Changes::default() },
        Changes { dealers: data::basics().dealers, ..Changes::default() },
    ] {
        let mut slow = store.begin().await.expect("begun");
        slow.load(&holding(100)).await.expect("loaded");
        save(&store, &changes).await.expect("saved by somebody else");
        let refused = slow.save(&changes).await;
        assert!(matches!(refused, Err(StoreError::Conflict(_))), "{refused:?}");
    }
}

fn holding(session: u32) -> Ask {
    Ask { sessions: BTreeSet::from([id(session).into()]), ..Ask::default() }
}

/// A ledger that nobody decided on.
async fn overwritten(store: &SqlStore, seats: Seats) -> Result<(), StoreError> {
    let ledger = Ledger { session: id(100).into(), seats, blocks: Vec::new(), freed_at: None };
    let mut work = store.begin().await?;
    work.load(&holding(100)).await?;
    work.save(&Changes { ledgers: vec![ledger], ..Changes::default() }).await?;
    work.commit().await
}

#[tokio::test]
async fn nobody_is_registered_twice_for_one_session_even_by_a_mistake_of_ours() {
    for (store, _database) in both("twice").await {
        let mut changes = data::basics();
        let seat = || Status::Confirmed { at: data::at(0) };
        changes.registrations = vec![data::registration(500, 100, Network::ADA, seat())];
        save(&store, &changes).await.expect("saved");
        let registrations = vec![data::registration(501, 100, Network::ADA, seat())];
        let refused = save(&store, &Changes { registrations, ..Changes::default() }).await;
        assert!(matches!(refused, Err(StoreError::Conflict(_))), "somebody else was first: {refused:?}");
    }
}

/// What happened stays, even when somebody with the right to write takes SQL to it.
#[tokio::test]
async fn neither_a_registration_nor_an_entry_can_be_lost() {
    for (store, database) in both("kept").await {
        let mut changes = data::basics();
        let seat = Status::Confirmed { at: data::at(0) };
        changes.registrations = vec![data::registration(500, 100, Network::ADA, seat)];
        changes.entries = vec![data::entry(1, 500)];
        save(&store, &changes).await.expect("saved");
        let is_postgres = database.url.starts_with("postgres");
        let texts = ["DELETE FROM registration", "DELETE FROM journal", "UPDATE journal SET reason = 'x'"];
        let whole = ["TRUNCATE registration", "TRUNCATE journal"];
        for text in texts.into_iter().chain(whole.into_iter().filter(|_| is_postgres)) {
            let refused = run(&database, text).await.expect_err(text).to_string();
            assert!(refused.contains("never"), "{text}: {refused}");
        }
        assert_eq!(store.head().await.expect("read"), 1);
        assert_eq!(store.after(0, 10).await.expect("read").len(), 1);
        assert!(store.registration(id(500).into()).await.expect("read").is_some());
    }
}

/// Runs a statement as somebody who has nothing to do with this program.
async fn run(database: &Database, text: &'static str) -> Result<(), sqlx::Error> {
    if database.url.starts_with("postgres") {
        return sqlx::raw_sql(text).execute(&mut connect(database).await).await.map(drop);
    }
    let mut raw = sqlx::SqliteConnection::connect(&database.url).await?;
    sqlx::raw_sql(text).execute(&mut raw).await.map(drop)
}

#[tokio::test]
async fn no_more_of_a_queue_is_loaded_than_was_asked_for() {
    for (store, _database) in both("bounded").await {
        let mut changes = data::basics();
        for number in 0..50 {
            let person = data::learner(1_000 + number, "Learner");
            let waiting = data::waiting(i64::from(number));
            changes.registrations.push(data::registration(2_000 + number, 100, person.id, waiting));
            changes.people.push(person);
        }
        save(&store, &changes).await.expect("saved");
        let session = id(100).into();
        let queues = BTreeMap::from([(session, 10)]);
        let ask = Ask { sessions: BTreeSet::from([session]), queues, ..Ask::default() };
        let world = store.look(&ask).await.expect("read");
        assert_eq!((world.registrations.queue(session).count(), world.people.len()), (10, 10));
    }
}

#[tokio::test]
async fn a_second_writer_gets_its_journal_number_only_when_the_first_has_committed() {
    let Some(database) = postgres("late") else { return };
    let store = database.store(Options::default()).await;
    let entry = |number| Changes { entries: vec![data::entry(number, 500)], ..Changes::default() };
    let mut first = store.begin().await.expect("begun");
    assert_eq!(first.save(&entry(1)).await.expect("saved"), 1);
    let second = tokio::spawn({
        let store = store.clone();
        async move { save(&store, &entry(2)).await }
    });
    tokio::time::sleep(Duration::from_millis(200)).await;
    assert!(!second.is_finished(), "it waits");
    assert!(store.after(0, 10).await.expect("read").is_empty(), "and is not seen before its elder");
    first.commit().await.expect("committed");
    assert_eq!(second.await.expect("no panic").expect("saved"), 2);
    let seen: Vec<_> = store.after(0, 10).await.expect("read").iter().map(|entry| entry.sequence).collect();
    assert_eq!(seen, [1, 2]);
}

/// Tables that grow without end, filled so far that reading one whole would be the planner's last choice.
const MUCH: &str = "
    INSERT INTO person (id, name, folded, email, dealer_id, roles, manager_id, interests, zone, active, version)
    SELECT ('00000000-0000-0000-0001-' || lpad(to_hex(n), 12, '0'))::uuid, 'Learner ' || n, 'learner ' || n,
           'l' || n || '@dealer.example', '00000000-0000-0000-0000-000000000001', '[]',
           NULL, '[]', 'Europe/Berlin', true, 1
      FROM generate_series(1, 20000) AS n;
    INSERT INTO session SELECT ('00000000-0000-0000-0002-' || lpad(to_hex(n), 12, '0'))::uuid, course_id, location_id,
           parts, instructors, starts_at, ends_at, status, status_at, status_reason, waitlist, minimum, version, capacity,
           confirmed, held, offered, reserved, open, waitlisted, over_capacity, freed_at
      FROM session CROSS JOIN generate_series(1, 20000) AS n
     WHERE session.id = '00000000-0000-0000-0000-000000000064';
    INSERT INTO registration (id, session_id, learner_id, created_by, created_at, status, status_at, since, automatic,
                              lapses, paused, turn, sequence, starts_at)
    SELECT gen_random_uuid(), s.id, p.id, 'system:import', now(), 'waitlisted', now(), now(), true, 0, false, 9, 0, s.starts_at
      FROM (SELECT id, starts_at, row_number() OVER () AS n FROM session) AS s
      JOIN (SELECT id, row_number() OVER () AS n FROM person) AS p ON p.n % 2000 = s.n % 2000;
    UPDATE session SET waitlisted = tally.waitlisted FROM tally WHERE tally.session_id = session.id;
    INSERT INTO completion SELECT id, '00000000-0000-0000-0000-000000000001', now() FROM person;
    INSERT INTO journal (sequence, id, at, kind, actor, correlation, event)
    SELECT n, gen_random_uuid(), now(), 'registration.confirmed', 'system:import', gen_random_uuid(), '\"registered\"'
      FROM generate_series(1, 20000) AS n;
    UPDATE journal_head SET last = 20000;
    INSERT INTO timer SELECT 'offer-lapse', id, '2028-01-01', '2028-01-01' FROM registration LIMIT 50000;
    INSERT INTO remembered SELECT id, 'key ' || n, 'digest', '{\"Ok\": {\"done\": \"done\"}}', now()
      FROM person CROSS JOIN generate_series(1, 4) AS n;
    INSERT INTO shown SELECT gen_random_uuid(), learner_id, session_id, session_id, 1, 0.5, now(), now(), NULL, '{}'
      FROM registration LIMIT 50000;
    ANALYZE person, session, registration, completion, journal, timer, remembered, shown;";

const GROWING: [&str; 8] =
    ["person", "session", "registration", "completion", "journal", "timer", "remembered", "shown"];

#[tokio::test]
async fn what_the_desk_and_its_pages_ask_is_answered_by_indexes() {
    let Some(database) = postgres("indexes") else { return };
    let store = database.store(Options::default()).await;
    save(&store, &data::basics()).await.expect("saved");
    let mut raw = connect(&database).await;
    sqlx::raw_sql(MUCH).execute(&mut raw).await.expect("filled");
    raw.close().await.expect("closed");
    let before = whole_reads(&store, &database).await;
    let store = database.store(Options::default()).await;
    // Often enough for prepared statements to settle on one plan for all parameters.
    for turn in 0..12 {
        everything_once(&store, turn).await;
    }
    let after = whole_reads(&store, &database).await;
    assert!(after["session"].1 > before["session"].1, "the counters count");
    for table in GROWING {
        assert_eq!(after[table].0, before[table].0, "{table} was read whole");
    }
}

#[tokio::test]
async fn what_was_planned_when_nobody_was_registered_is_no_burden_later() {
    let Some(database) = postgres("plans") else { return };
    save(&database.store(Options::default()).await, &data::basics()).await.expect("saved");
    let one = Options { schema: database.schema.clone(), pool: 2, ..Options::default() };
    let store = SqlStore::connect(&database.url, &one).await.expect("a database");
    let ask = Ask { people: BTreeSet::from([Network::ADA, Network::MIA]), ..Ask::default() };
    let look = async |times| {
        for _ in 0..times {
            store.begin().await.expect("begun").load(&ask).await.expect("loaded");
        }
    };
    let mut raw = connect(&database).await;
    sqlx::raw_sql("VACUUM ANALYZE registration").execute(&mut raw).await.expect("looked over");
    look(12).await;
    let much = MUCH.split("ANALYZE").next().unwrap_or_default();
    sqlx::raw_sql(much).execute(&mut raw).await.expect("filled, and the statistics left as they were");
    raw.close().await.expect("closed");
    look(10).await;
    store.close().await;
    tokio::time::sleep(Duration::from_millis(500)).await;
    let text = "SELECT sum(idx_tup_read)::bigint FROM pg_stat_user_indexes
                 WHERE schemaname = $1 AND relname = 'registration'";
    let mut raw = connect(&database).await;
    let read: i64 = sqlx::query_scalar(text).bind(&database.schema).fetch_one(&mut raw).await.expect("read");
    assert!(read < 10_000, "{read} entries of indexes were read to look two learners up ten times");
}

async fn connect(database: &Database) -> sqlx::PgConnection {
    let mut raw = sqlx::PgConnection::connect(&database.url).await.expect("a connection");
    let path = format!("SET search_path = {}", database.schema);
    sqlx::raw_sql(sqlx::AssertSqlSafe(path)).execute(&mut raw).await.expect("a schema");
    raw
}

/// Of each table: how often it was read whole, and how often by an index. A connection tells at its end at the latest, so
/// this ends the store.
async fn whole_reads(store: &SqlStore, database: &Database) -> BTreeMap<String, (i64, i64)> {
    store.close().await;
    tokio::time::sleep(Duration::from_millis(500)).await;
    let mut raw = connect(database).await;
    let text = "SELECT relname::text, seq_scan, coalesce(idx_scan, 0) FROM pg_stat_user_tables WHERE schemaname = $1";
    let rows = sqlx::query(text).bind(&database.schema).fetch_all(&mut raw).await.expect("read");
    rows.iter().map(|row| (row.get(0), (row.get(1), row.get(2)))).collect()
}

/// A transaction of the desk with something of everything, and every page.
async fn everything_once(store: &SqlStore, turn: u32) {
    let (session, person) = (id(100).into(), Network::ADA);
    let ask = Ask {
        sessions: BTreeSet::from([session, id(101).into()]),
        people: BTreeSet::from([person]),
        registrations: BTreeSet::from([id(9_000).into()]),
        alternatives: BTreeSet::from([id(9_001).into()]),
        queues: BTreeMap::from([(session, 32)]),
        whole_sessions: BTreeSet::from([session]),
        histories: BTreeSet::from([person]),
        keys: BTreeSet::from([ilt_core::desk::Key { person, key: "unknown".to_owned() }]),
        ..Ask::default()
    };
    let mut work = store.begin().await.expect("begun");
    let world = work.load(&ask).await.expect("loaded");
    let ledger =
        Ledger { session, seats: world.sessions[&session].seats, blocks: Vec::new(), freed_at: None };
    let waiting = data::registration(
        10_000 + turn,
        101,
        world.people[&person].id,
        Status::Cancelled { at: data::at(0) },
    );
    let changes = Changes {
        ledgers: vec![ledger],
        registrations: vec![waiting],
        entries: vec![data::entry(10_000 + turn, 10_000)],
        ..Changes::default()
    };
    work.save(&changes).await.expect("saved");
    work.commit().await.expect("committed");

    store.after(19_990, 100).await.expect("read");
    store.of_registration(id(9_000).into()).await.expect("read");
    store.claim(data::at(0), data::at(60), 100).await.expect("claimed");
    store.next_due().await.expect("read");
    store.forget_answers("2020-01-01T00:00:00Z".parse().expect("an instant"), 100).await.expect("forgotten");
    store.registration(id(10_000).into()).await.expect("read");
    store.roster(session, &Sight::Everyone).await.expect("read");
    for sight in [
        Sight::Everyone,
        Sight::Some {
            own: Network::MIA,
            teams: vec![Network::MIA],
            team_at: Vec::new(),
            dealers: Vec::new(),
        },
    ] {
        let people = PeopleQuery { sight: sight.clone(), text: None, dealer: None, after: None, limit: 50 };
        store.people(&people).await.expect("read");
        for learner in [None, Some(Network::ADA)] {
            let query = RegistrationQuery {
                sight: sight.clone(),
                learner,
                statuses: Vec::new(),
                from: None,
                to: None,
                after: None,
                limit: 50,
            };
            store.registrations(&query).await.expect("read");
        }
    }
}
