//! Whether a database with a demo in it is as it was after the upgrade, and can be read.
//!
//! `tests/upgrade/demo-9.jsonl` is a part of what `ilt-host demo` had kept when there were nine migrations: its rows as SQLite has them,
//! never edited. Of the journal it has some entries, numbered anew.

use std::collections::BTreeMap;
use std::fmt::Write as _;

use ilt_core::ports::{Journal as _, Reads as _};
use jiff::Timestamp;
use serde_json::{Map, Value};
use sqlx::AssertSqlSafe;

use crate::connect::make_schema;
use crate::migrate::{POSTGRES, SQLITE, migrator};
use crate::seam::{Param, Pool};
use crate::testing::{Database, postgres, sqlite};
use crate::{Options, SqlStore};

const KEPT: &str = include_str!("../tests/upgrade/demo-9.jsonl");

/// Tables that have a row from the beginning.
const SINGLE: [&str; 2] = ["journal_head", "reference"];

#[derive(serde::Deserialize)]
struct Line {
    table: String,
    row: Map<String, Value>,
}

fn lines() -> Vec<Line> {
    KEPT.lines().map(|line| serde_json::from_str(line).expect("a row")).collect()
}

/// A value as SQL says it, in a column of a type; SQLite's instants are microseconds, its switches numbers.
fn literal(value: &Value, kind: &str) -> String {
    match (value, kind) {
        (Value::Null, _) => "NULL".to_owned(),
        (Value::String(text), _) => format!("'{}'", text.replace('\'', "''")),
        (other, "timestamp with time zone") => {
            let micros = other.as_i64().expect("an instant");
            format!("'{}'", Timestamp::from_microsecond(micros).expect("an instant"))
        }
        (other, "boolean") => format!("{}", other.as_i64() == Some(1)),
        (other, _) => other.to_string(),
    }
}

fn statements(kinds: &BTreeMap<(String, String), String>) -> String {
    let mut text = String::from("BEGIN;\n");
    for table in SINGLE {
        let _ = writeln!(text, "DELETE FROM {table};");
    }
    for Line { table, row } in lines() {
        let kind = |column: &String| kinds.get(&(table.clone(), column.clone())).map_or("", String::as_str);
        let values: Vec<_> = row.iter().map(|(column, value)| literal(value, kind(column))).collect();
        let columns: Vec<_> = row.keys().map(|column| format!("\"{column}\"")).collect();
        let (columns, values) = (columns.join(", "), values.join(", "));
        let _ = writeln!(text, "INSERT INTO {table} ({columns}) VALUES ({values});");
    }
    text + "COMMIT;"
}

/// A database of nine migrations with the demo in it.
async fn before(database: &Database) -> SqlStore {
    let options = Options { schema: database.schema.clone(), careless: true, ..Options::default() };
    let store = SqlStore::connect(&database.url, &options).await.expect("a database");
    match &store.pool {
        Pool::Sqlite { writer, .. } => {
            migrator(&SQLITE[..9]).run(writer).await.expect("nine migrations");
            let text = AssertSqlSafe(statements(&BTreeMap::new()));
            sqlx::raw_sql(text).execute(writer).await.expect("kept");
        }
        Pool::Postgres { writers, .. } => {
            make_schema(writers, &database.schema).await.expect("a schema");
            migrator(&POSTGRES[..9]).run(writers).await.expect("nine migrations");
            let text = "SELECT table_name::text AS table_name, column_name::text AS column_name, data_type::text AS data_type FROM information_schema.columns WHERE table_schema = $1";
            let schema = vec![Param::Text(database.schema.clone())];
            let found = store.pool.rows(text, schema).await.expect("read");
            let word = |row: &crate::seam::Row, column| row.text(column).expect("a word");
            let kinds = found
                .iter()
                .map(|row| ((word(row, "table_name"), word(row, "column_name")), word(row, "data_type")));
            let text = AssertSqlSafe(statements(&kinds.collect()));
            sqlx::raw_sql(text).execute(writers).await.expect("kept");
        }
    }
    store
}

#[tokio::test]
async fn a_demo_of_nine_migrations_is_there_after_the_upgrade() {
    let kept = |table: &str| lines().iter().filter(|line| line.table == table).count();
    for database in [Some(sqlite()), postgres("upgrade_demo")].into_iter().flatten() {
        let store = before(&database).await;
        store.migrate().await.expect("upgraded");
        assert_eq!(store.pending().await.expect("read"), []);
        for (table, text) in [
            ("person", "SELECT id FROM person"),
            ("session", "SELECT id FROM session"),
            ("registration", "SELECT id FROM registration"),
            ("statement", "SELECT id FROM statement"),
            ("timer", "SELECT due FROM timer"),
        ] {
            assert_eq!(store.pool.rows(text, Vec::new()).await.expect("read").len(), kept(table), "{table}");
        }
        assert_eq!(store.after(0, 1_000).await.expect("read").len(), kept("journal"), "every entry is read");
        let (world, _) = store.catalogue(Timestamp::UNIX_EPOCH).await.expect("read");
        assert_eq!((world.courses.len(), world.sessions.values().count()), (kept("course"), kept("session")));
        assert_eq!(store.differing_ledgers(1_000).await.expect("read"), []);
    }
}
