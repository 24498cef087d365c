//! What people completed elsewhere, in a view of the customer's: what it says, and that whatever is wrong with it is no no.

use std::collections::BTreeSet;
use std::sync::Arc;
use std::time::Duration;

use ilt_core::catalog::Completion;
use ilt_core::ids::{CourseId, PersonId};
use ilt_core::ports::{Doubt, Elsewhere, Evidence as _};
use ilt_core::testing::FixedClock;
use ilt_core::testing::plans::id;
use ilt_store::testing::{Database, postgres, sqlite};
use ilt_store::{BadView, View};
use rstest::rstest;

const PATIENCE: Duration = Duration::from_secs(5);

fn doubt(person: u32, course: u32) -> Doubt {
    (PersonId(id(person)), CourseId(id(course)))
}

/// Early on the 30th in UTC, when it is the 1st on Kiritimati.
fn clock() -> Arc<FixedClock> {
    Arc::new(FixedClock::at(EARLY.parse().expect("an instant")))
}

const EARLY: &str = "2026-11-30T11:00:00Z";

fn view(database: &Database, name: &str, patience: Duration) -> View {
    let is_sqlite = database.url.starts_with("sqlite");
    let name = if is_sqlite { format!("main.{name}") } else { format!("{}.{name}", database.schema) };
    View::open(&database.url, &name, patience, clock()).expect("a view")
}

async fn nothing_is_known(database: &Database, name: &str, patience: Duration) {
    let doubts = BTreeSet::from([doubt(1, 2), doubt(1, 3)]);
    let known = view(database, name, patience).about(&doubts).await;
    assert_eq!(known, Elsewhere { completed: BTreeSet::new(), unknown: doubts });
}

/// Person 1 completed course 2, as a date and as an instant, and has begun course 3; person 5 completed it.
async fn says(database: Database, of_a_day: &str) {
    let completed_at = |text: &str| text.parse().expect("an instant");
    let completion = |at| Completion { person: PersonId(id(1)), course: CourseId(id(2)), completed_at: at };
    let doubts = [doubt(1, 2), doubt(1, 3), doubt(4, 2)].into();
    for (name, at) in [("days", of_a_day), ("instants", "2026-03-28T16:30:00Z")] {
        let known = view(&database, name, PATIENCE).about(&doubts).await;
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
#[case("'2026-03-28'", Some("2026-03-28T00:00:00Z"))]
#[case("'2026-03-28T16:30:00+02:00'", Some("2026-03-28T14:30:00Z"))]
#[case("'2026-03-28 16:30:00'", Some("2026-03-28T16:30:00Z"))]
#[case::today_on_kiritimati("'2026-12-01'", Some(EARLY))]
#[case::tomorrow_everywhere("'2026-12-02'", Some("2026-12-02T00:00:00Z"))]
#[case::the_last_of_several(
    "'2026-03-28' UNION ALL SELECT '2027-03-28' UNION ALL SELECT '2025-03-28'",
    Some("2027-03-28T00:00:00Z")
)]
#[case("'soon'", None)]
#[case("''", None)]
#[case("'28.03.2026'", None)]
#[case("'2026-02-31'", None)]
#[case("'1774713600'", None)]
#[case("1774713600", None)]
#[case("20260328.5", None)]
#[case("x'323032362d30332d3238'", None)]
#[case::one_of_several("'2026-03-28' UNION ALL SELECT 7", None)]
#[tokio::test]
async fn a_time_as_sqlite_holds_it(#[case] written: &str, #[case] expected: Option<&str>) {
    let database = sqlite();
    database
        .run(format!(
            "CREATE VIEW completed AS SELECT '00000000-0000-0000-0000-000000000001' AS person,
               '00000000-0000-0000-0000-000000000002' AS course, w.at AS completed_at FROM (SELECT NULL AS at WHERE 0 UNION ALL SELECT {written}) w;"
        ).leak())
        .await;
    let known = view(&database, "completed", PATIENCE).about(&[doubt(1, 2), doubt(1, 3)].into()).await;
    let completed_at = |at: &str| at.parse().expect("an instant");
    let completion =
        |at| Completion { person: PersonId(id(1)), course: CourseId(id(2)), completed_at: completed_at(at) };
    assert_eq!(known.completed, expected.map(completion).into_iter().collect());
    assert_eq!(known.unknown, if expected.is_none() { [doubt(1, 2)].into() } else { BTreeSet::new() });
}

#[rstest]
#[case("date '2026-12-01'", Some(EARLY))]
#[case("timestamp '2026-03-28 16:30'", Some("2026-03-28T16:30:00Z"))]
#[case("timestamptz '2026-03-28 16:30:00.25+05:30'", Some("2026-03-28T11:00:00.25Z"))]
#[case("timestamptz 'infinity'", None)]
#[case("date '0044-03-15 BC'", None)]
#[tokio::test]
async fn a_time_as_postgresql_holds_it(#[case] written: &str, #[case] expected: Option<&str>) {
    let Some(database) = postgres("elsewhere_times") else { return };
    database
        .run(format!("CREATE VIEW completed AS SELECT '{}'::uuid AS person, '{}'::uuid AS course, {written} AS completed_at", id(1), id(2)).leak())
        .await;
    let known = view(&database, "completed", PATIENCE).about(&[doubt(1, 2)].into()).await;
    let at = known.completed.iter().map(|it| it.completed_at.to_string()).next();
    assert_eq!(at.as_deref(), expected);
    assert_eq!(known.unknown.is_empty(), expected.is_some());
}

#[tokio::test]
async fn a_view_that_never_ends_is_stopped_and_keeps_no_connection() {
    let database = sqlite();
    let numbers = "WITH RECURSIVE n (i) AS (SELECT 1 UNION ALL SELECT i + 1 FROM n)";
    let person = format!("'{}' AS person, '{}' AS course, '2026-03-28' AS completed_at", id(1), id(2));
    database
        .run(format!("CREATE VIEW endless AS {numbers} SELECT {person} FROM n WHERE i < 0; CREATE VIEW good AS SELECT {person};").leak())
        .await;
    let patience = Duration::from_millis(100);
    let endless = view(&database, "endless", patience);
    for _ in 0..20 {
        assert_eq!(endless.about(&[doubt(1, 2)].into()).await.unknown, [doubt(1, 2)].into());
    }
    database.run("DROP VIEW endless; CREATE VIEW endless AS SELECT * FROM good").await;
    assert_eq!(
        endless.about(&[doubt(1, 2)].into()).await.unknown,
        BTreeSet::new(),
        "its connections are free again"
    );
}

#[rstest]
#[case("sqlite:/nowhere/at/all.db")]
#[case("postgres://nobody@127.0.0.1:1/nowhere")]
#[tokio::test]
async fn a_database_that_is_away_keeps_nobody_from_starting(#[case] url: &str) {
    let patience = Duration::from_millis(200);
    let view = View::open(url, "public.completed", patience, clock()).expect("nothing is asked yet");
    assert_eq!(view.about(&[doubt(1, 2)].into()).await.unknown, [doubt(1, 2)].into());
}

#[tokio::test]
async fn nothing_is_made_or_changed_where_the_view_is() {
    let folder = tempfile::tempdir().expect("a folder");
    let file = folder.path().join("academy.db");
    let url = format!("sqlite:{}", file.display());
    let view = View::open(&url, "main.completed", PATIENCE, clock()).expect("nothing is asked yet");
    assert_eq!(view.about(&[doubt(1, 2)].into()).await.unknown, [doubt(1, 2)].into());
    assert!(!file.exists());
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
    assert!(matches!(View::open(&database.url, name, PATIENCE, clock()), Err(BadView::Name(_))));
}
