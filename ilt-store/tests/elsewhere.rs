//! What people completed elsewhere, in a view of the customer's: what it says, and that whatever is wrong with it is no no.

use std::collections::BTreeSet;
use std::time::Duration;

use ilt_core::catalog::Completion;
use ilt_core::ids::{CourseId, PersonId};
use ilt_core::ports::{Doubt, Elsewhere, Evidence as _};
use ilt_core::testing::plans::id;
use ilt_store::testing::{Database, postgres, sqlite};
use ilt_store::{BadView, View};
use rstest::rstest;

const PATIENCE: Duration = Duration::from_secs(5);

fn doubt(person: u32, course: u32) -> Doubt {
    (PersonId(id(person)), CourseId(id(course)))
}

async fn view(database: &Database, name: &str, patience: Duration) -> View {
    let is_sqlite = database.url.starts_with("sqlite");
    let name = if is_sqlite { format!("main.{name}") } else { format!("{}.{name}", database.schema) };
    View::open(&database.url, &name, patience).await.expect("a database")
}

async fn nothing_is_known(database: &Database, name: &str, patience: Duration) {
    let doubts = BTreeSet::from([doubt(1, 2), doubt(1, 3)]);
    let known = view(database, name, patience).await.about(&doubts).await;
    assert_eq!(known, Elsewhere { completed: BTreeSet::new(), unknown: doubts });
}

/// Person 1 completed course 2, as a date and as an instant, and has begun course 3; person 5 completed it.
async fn says(database: Database, of_a_day: &str) {
    let completed_at = |text: &str| text.parse().expect("an instant");
    let completion = |at| Completion { person: PersonId(id(1)), course: CourseId(id(2)), completed_at: at };
    let doubts = [doubt(1, 2), doubt(1, 3), doubt(4, 2)].into();
    for (name, at) in [("days", of_a_day), ("instants", "2026-03-28T16:30:00Z")] {
        let known = view(&database, name, PATIENCE).await.about(&doubts).await;
        let completed = BTreeSet::from([completion(completed_at(at))]);
        assert_eq!(known, Elsewhere { completed, unknown: BTreeSet::new() }, "{name}");
    }
    nothing_is_known(&database, "missing", PATIENCE).await;
    nothing_is_known(&database, "other", PATIENCE).await;
}

#[tokio::test]
async fn a_view_on_sqlite() {
    let database = sqlite();
    database
        .run(
            "CREATE TABLE days (person text, course text, completed_at text);
             INSERT INTO days VALUES ('00000000-0000-0000-0000-000000000001', '00000000-0000-0000-0000-000000000002', '2026-03-28'),
               ('00000000-0000-0000-0000-000000000001', '00000000-0000-0000-0000-000000000003', NULL),
               ('00000000-0000-0000-0000-000000000005', '00000000-0000-0000-0000-000000000002', '2026-03-28');
             CREATE VIEW instants AS SELECT person, course, completed_at || 'T16:30:00Z' AS completed_at FROM days;
             CREATE TABLE other (who text, what text);",
        )
        .await;
    says(database, "2026-03-28T00:00:00Z").await;
}

#[tokio::test]
async fn a_view_on_postgresql() {
    let Some(database) = postgres("elsewhere") else { return };
    database
        .run(
            "CREATE TABLE days (person uuid, course uuid, completed_at date);
             INSERT INTO days VALUES ('00000000-0000-0000-0000-000000000001', '00000000-0000-0000-0000-000000000002', '2026-03-28'),
               ('00000000-0000-0000-0000-000000000001', '00000000-0000-0000-0000-000000000003', NULL),
               ('00000000-0000-0000-0000-000000000005', '00000000-0000-0000-0000-000000000002', '2026-03-28');
             CREATE VIEW instants AS SELECT person, course, (completed_at + time '16:30') AT TIME ZONE 'UTC' AS completed_at FROM days;
             CREATE VIEW other AS SELECT person::text, course, completed_at FROM days;
             CREATE VIEW slow AS SELECT person, course, completed_at FROM days, pg_sleep(60);",
        )
        .await;
    let asked = nothing_is_known(&database, "slow", Duration::from_millis(200));
    tokio::time::timeout(PATIENCE, asked).await.expect("nobody waits for it");
    says(database, "2026-03-28T00:00:00Z").await;
}

#[rstest]
#[case("")]
#[case("a.b.c")]
#[case("completed; DROP TABLE registration")]
#[case("\"completed\"")]
#[case("public.")]
#[tokio::test]
async fn what_names_no_view(#[case] name: &str) {
    let database = sqlite();
    assert!(matches!(View::open(&database.url, name, PATIENCE).await, Err(BadView::Name(_))));
}
