//! The schema: forward only, never edited once it has been released.

use std::fmt;

use ilt_core::ports::StoreError;
use sqlx::SqlSafeStr as _;
use sqlx::migrate::{Migrate, MigrateError, Migration, MigrationType, Migrator};

use crate::connect::{SqlStore, make_schema};
use crate::error::store_error;
use crate::refold;
use crate::seam::Pool;

pub(crate) const SQLITE: [(i64, &str, &str); 19] = [
    (1, "spine", include_str!("../migrations/sqlite/0001_spine.sql")),
    (2, "registration", include_str!("../migrations/sqlite/0002_registration.sql")),
    (3, "preferences", include_str!("../migrations/sqlite/0003_preferences.sql")),
    (4, "statements", include_str!("../migrations/sqlite/0004_statements.sql")),
    (5, "analytics", include_str!("../migrations/sqlite/0005_analytics.sql")),
    (6, "held", include_str!("../migrations/sqlite/0006_held.sql")),
    (7, "kept", include_str!("../migrations/sqlite/0007_kept.sql")),
    (8, "clash help", include_str!("../migrations/sqlite/0008_clash_help.sql")),
    (9, "keyed", include_str!("../migrations/sqlite/0009_keyed.sql")),
    (10, "announced", include_str!("../migrations/sqlite/0010_announced.sql")),
    (11, "most parts", include_str!("../migrations/sqlite/0011_most_parts.sql")),
    (12, "folded", include_str!("../migrations/sqlite/0012_folded.sql")),
    (13, "rescheduled", include_str!("../migrations/sqlite/0013_rescheduled.sql")),
    (14, "plugins", include_str!("../migrations/sqlite/0014_plugins.sql")),
    (15, "calendars", include_str!("../migrations/sqlite/0015_calendars.sql")),
    (16, "letters", include_str!("../migrations/sqlite/0016_letters.sql")),
    (17, "looked up", include_str!("../migrations/sqlite/0017_looked_up.sql")),
    (18, "sign ins", include_str!("../migrations/sqlite/0018_sign_ins.sql")),
    (19, "api keys", include_str!("../migrations/sqlite/0019_api_keys.sql")),
];
pub(crate) const POSTGRES: [(i64, &str, &str); 19] = [
    (1, "spine", include_str!("../migrations/postgres/0001_spine.sql")),
    (2, "registration", include_str!("../migrations/postgres/0002_registration.sql")),
    (3, "preferences", include_str!("../migrations/postgres/0003_preferences.sql")),
    (4, "statements", include_str!("../migrations/postgres/0004_statements.sql")),
    (5, "analytics", include_str!("../migrations/postgres/0005_analytics.sql")),
    (6, "held", include_str!("../migrations/postgres/0006_held.sql")),
    (7, "kept", include_str!("../migrations/postgres/0007_kept.sql")),
    (8, "clash help", include_str!("../migrations/postgres/0008_clash_help.sql")),
    (9, "keyed", include_str!("../migrations/postgres/0009_keyed.sql")),
    (10, "announced", include_str!("../migrations/postgres/0010_announced.sql")),
    (11, "most parts", include_str!("../migrations/postgres/0011_most_parts.sql")),
    (12, "folded", include_str!("../migrations/postgres/0012_folded.sql")),
    (13, "rescheduled", include_str!("../migrations/postgres/0013_rescheduled.sql")),
    (14, "plugins", include_str!("../migrations/postgres/0014_plugins.sql")),
    (15, "calendars", include_str!("../migrations/postgres/0015_calendars.sql")),
    (16, "letters", include_str!("../migrations/postgres/0016_letters.sql")),
    (17, "looked up", include_str!("../migrations/postgres/0017_looked_up.sql")),
    (18, "sign ins", include_str!("../migrations/postgres/0018_sign_ins.sql")),
    (19, "api keys", include_str!("../migrations/postgres/0019_api_keys.sql")),
];

/// Migrations after which a host from before cannot go on, and why. The others add to what there is, and nobody from before minds.
const FOR_GOOD: [(i64, &str); 2] = [
    (2, "timers are kept for more than registrations, under another column's name"),
    (3, "the one preferred location of a person becomes a list, and its column goes"),
];

/// A migration that has not been applied.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Pending {
    /// Its number.
    pub version: i64,
    /// What it is about.
    pub name: String,
    /// Why it cannot be undone but by a backup, when it cannot.
    pub for_good: Option<&'static str>,
}

impl Pending {
    fn of((version, name, _): &(i64, &str, &str)) -> Self {
        let for_good = FOR_GOOD.iter().find(|(known, _)| known == version).map(|(_, why)| *why);
        Self { version: *version, name: (*name).to_owned(), for_good }
    }
}

impl fmt::Display for Pending {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "{} {}", self.version, self.name)?;
        match self.for_good {
            Some(why) => write!(f, "; cannot be undone but by a backup: {why}"),
            None => Ok(()),
        }
    }
}

/// What a migration did.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Migrated {
    /// What was applied now, in order.
    pub applied: Vec<Pending>,
}

impl SqlStore {
    /// Brings the schema up to date; harmless when it is. Of what is kept already, nothing is changed for good without a warning.
    pub async fn migrate(&self) -> Result<Migrated, StoreError> {
        let applied = self.pending().await?;
        let is_new = applied.first().is_some_and(|first| first.version == 1);
        for one in applied.iter().filter(|one| one.for_good.is_some() && !is_new) {
            tracing::warn!(migration = %one, "the schema changes for good");
        }
        match &self.pool {
            Pool::Sqlite { writer, .. } => migrator(&SQLITE).run(writer).await.map_err(migrate_error)?,
            Pool::Postgres { writers, .. } => {
                make_schema(writers, &self.schema).await?;
                migrator(&POSTGRES).run(writers).await.map_err(migrate_error)?;
            }
        }
        refold::people(&self.pool).await?;
        Ok(Migrated { applied })
    }

    /// What has not been applied yet.
    pub async fn pending(&self) -> Result<Vec<Pending>, StoreError> {
        let (list, applied) = match &self.pool {
            Pool::Sqlite { writer, .. } => {
                let mut connection = writer.acquire().await.map_err(store_error)?;
                connection.ensure_migrations_table("_sqlx_migrations").await.map_err(migrate_error)?;
                (
                    &SQLITE[..],
                    connection.list_applied_migrations("_sqlx_migrations").await.map_err(migrate_error)?,
                )
            }
            Pool::Postgres { writers, .. } => {
                make_schema(writers, &self.schema).await?;
                let mut connection = writers.acquire().await.map_err(store_error)?;
                connection.ensure_migrations_table("_sqlx_migrations").await.map_err(migrate_error)?;
                (
                    &POSTGRES[..],
                    connection.list_applied_migrations("_sqlx_migrations").await.map_err(migrate_error)?,
                )
            }
        };
        let is_new = |version: i64| applied.iter().all(|done| done.version != version);
        Ok(list.iter().filter(|(version, ..)| is_new(*version)).map(Pending::of).collect())
    }
}

pub(crate) fn migrator(list: &[(i64, &'static str, &'static str)]) -> Migrator {
    let migration = |(version, name, text): &(i64, &'static str, &'static str)| {
        Migration::new(*version, (*name).into(), MigrationType::Simple, (*text).into_sql_str(), false)
    };
    Migrator::with_migrations(list.iter().map(migration).collect())
}

fn migrate_error(error: MigrateError) -> StoreError {
    match error {
        MigrateError::Execute(error) | MigrateError::ExecuteMigration(error, _) => store_error(error),
        other => StoreError::Failed(Box::new(other)),
    }
}

#[cfg(test)]
mod tests {
    use ilt_core::desk::Ask;
    use ilt_core::ids::{LocationId, PersonId, RegistrationId, SessionId};
    use ilt_core::ports::{Reads as _, Timers as _};
    use jiff::Timestamp;
    use sqlx::AssertSqlSafe;
    use uuid::Uuid;

    use super::{FOR_GOOD, POSTGRES, SQLITE, migrator};
    use crate::connect::make_schema;
    use crate::seam::Pool;
    use crate::testing::{Database, postgres, sqlite};
    use crate::{Options, SqlStore};

    /// What a host of the first schema had kept: a session with an instructor, one who waits for it, a timer.
    const KEPT: &str = "
        INSERT INTO location VALUES ('{1}', 'Köln', '', 'Köln', 'DE', 50.9, 6.9, 'Europe/Berlin', '[]', 1);
        INSERT INTO course VALUES ('{2}', 'Basics', '', 'onboarding', '[]', NULL, 3600, NULL, false, '[]', '[]', 1);
        INSERT INTO person VALUES
            ('{3}', 'Ada', 'ada', 'a@b.example', NULL, '[]', NULL, '{1}', '[]', 'Europe/Berlin', true, 1);
        INSERT INTO session (id, course_id, location_id, parts, instructors, starts_at, ends_at, status, status_at, waitlist,
                             minimum, version, capacity, confirmed, held, offered, reserved, open, waitlisted, over_capacity)
        VALUES ('{4}', '{2}', '{1}',
                '[{\"starts\":\"2027-03-01T09:00:00\",\"zone\":\"Europe/Berlin\",\"starts_at\":\"2027-03-01T08:00:00Z\",\"length\":\"PT1H\",\"room\":\"\"}]',
                '[\"{3}\"]', {at}, {at}, 'published', {at}, true, 0, 1, 1, 0, 0, 0, 0, 1, 1, 0);
        INSERT INTO registration (id, session_id, learner_id, created_by, created_at, status, since, automatic, lapses, paused,
                                  turn, sequence, starts_at)
        VALUES ('{5}', '{4}', '{3}', '{3}', {at}, 'waitlisted', {at}, true, 1, false, 9, 3, {at});
        INSERT INTO timer VALUES ('wait-end', '{5}', {at}, {at});";

    fn number(number: u128) -> Uuid {
        Uuid::from_u128(number)
    }

    fn kept(at: &str) -> String {
        let ids = (1..=5)
            .fold(KEPT.to_owned(), |text, it| text.replace(&format!("{{{it}}}"), &number(it).to_string()));
        ids.replace("{at}", at)
    }

    async fn before(database: &Database) -> SqlStore {
        let options = Options { schema: database.schema.clone(), careless: true, ..Options::default() };
        let store = SqlStore::connect(&database.url, &options).await.expect("a database");
        match &store.pool {
            Pool::Sqlite { writer, .. } => {
                migrator(&SQLITE[..1]).run(writer).await.expect("the first schema");
                sqlx::raw_sql(AssertSqlSafe(kept("1798790400000000"))).execute(writer).await.expect("kept");
            }
            Pool::Postgres { writers, .. } => {
                make_schema(writers, &database.schema).await.expect("a schema");
                migrator(&POSTGRES[..1]).run(writers).await.expect("the first schema");
                let text = AssertSqlSafe(kept("'2027-01-01T08:00:00Z'"));
                sqlx::raw_sql(text).execute(writers).await.expect("kept");
            }
        }
        store
    }

    /// Whoever writes a migration that takes something away says so where operators read it.
    #[test]
    fn a_migration_that_takes_something_away_is_told_of() {
        for list in [&SQLITE, &POSTGRES] {
            for (version, name, text) in list {
                let text = text.to_uppercase();
                let losing = ["DROP COLUMN", "RENAME COLUMN", "DELETE FROM", "TRUNCATE TABLE"];
                let takes_away = losing.iter().any(|words| text.contains(words));
                let is_told = FOR_GOOD.iter().any(|(told, _)| told == version);
                assert!(is_told || !takes_away, "{version} {name}");
            }
        }
    }

    #[tokio::test]
    async fn what_an_older_host_kept_is_there_after_the_upgrade() {
        for database in [Some(sqlite()), postgres("upgrade")].into_iter().flatten() {
            let store = before(&database).await;
            let names: Vec<_> = store.pending().await.expect("read").into_iter().map(|it| it.name).collect();
            assert_eq!(
                names,
                [
                    "registration",
                    "preferences",
                    "statements",
                    "analytics",
                    "held",
                    "kept",
                    "clash help",
                    "keyed",
                    "announced",
                    "most parts",
                    "folded",
                    "rescheduled",
                    "plugins",
                    "calendars",
                    "letters",
                    "looked up",
                    "sign ins",
                    "api keys",
                ]
            );
            store.migrate().await.expect("upgraded");
            assert_eq!(store.pending().await.expect("read"), []);
            let found = store.registration(RegistrationId(number(5))).await.expect("read").expect("there").0;
            assert_eq!((found.status.word(), found.sequence), ("waitlisted", 3));
            assert!(!found.status.is_approved() && found.attendance.is_empty());
            let session = store.sessions(&[SessionId(number(4))]).await.expect("read").remove(0);
            assert_eq!((session.instructors, session.blocks.len()), (vec![PersonId(number(3))], 0));
            let ada = PersonId(number(3));
            let ask = Ask { named: [ada].into(), ..Ask::default() };
            let ada = store.look(&ask).await.expect("read").people[&ada].clone();
            assert_eq!(ada.preferences.locations, [LocationId(number(1))]);
            let due = store.claim(Timestamp::MAX, Timestamp::MAX, 9).await.expect("claimed");
            assert_eq!(due.iter().map(|timer| timer.subject).collect::<Vec<_>>(), [number(5)]);
            let text = "SELECT person_id FROM session_instructor";
            assert_eq!(
                store.pool.rows(text, Vec::new()).await.expect("read").len(),
                1,
                "found by person now"
            );
        }
    }
}
