//! What a statement is given.

use ilt_core::schedule::EARLIEST;
use jiff::Timestamp;
use jiff_sqlx::ToSqlx as _;
use serde_json::{Map, Value};
use sqlx::postgres::PgArguments;
use sqlx::sqlite::SqliteArguments;
use sqlx::{Postgres, Sqlite};
use uuid::Uuid;

/// One record of a list.
pub(crate) type Record = Map<String, Value>;

/// A parameter of a statement.
#[derive(Debug, Clone)]
pub(crate) enum Param {
    Id(Uuid),
    MaybeId(Option<Uuid>),
    Instant(Timestamp),
    MaybeInstant(Option<Timestamp>),
    Int(i64),
    Text(String),
    Bool(bool),
    Bytes(Vec<u8>),
    /// For `{in $1}`.
    Ids(Vec<Uuid>),
    /// For `{rows $1 …}`: instants in microseconds, ids as text.
    Records(Vec<Record>),
}

pub(super) type PostgresQuery<'q> = sqlx::query::Query<'q, Postgres, PgArguments>;
type SqliteQuery<'q> = sqlx::query::Query<'q, Sqlite, SqliteArguments>;

impl Param {
    pub(super) fn bind_postgres(self, query: PostgresQuery<'_>) -> PostgresQuery<'_> {
        match self {
            Self::Id(id) => query.bind(id),
            Self::MaybeId(id) => query.bind(id),
            Self::Instant(at) => query.bind(kept(at).to_sqlx()),
            Self::MaybeInstant(at) => query.bind(at.map(|at| kept(at).to_sqlx())),
            Self::Int(number) => query.bind(number),
            Self::Text(text) => query.bind(text),
            Self::Bool(is) => query.bind(is),
            Self::Bytes(bytes) => query.bind(bytes),
            Self::Ids(ids) => query.bind(ids),
            // Their columns come after all parameters: see [`super::list`].
            Self::Records(_) => query.bind(None::<String>),
        }
    }

    pub(super) fn bind_sqlite(self, query: SqliteQuery<'_>) -> SqliteQuery<'_> {
        match self {
            Self::Id(id) => query.bind(id.to_string()),
            Self::MaybeId(id) => query.bind(id.map(|id| id.to_string())),
            Self::Instant(at) => query.bind(at.as_microsecond()),
            Self::MaybeInstant(at) => query.bind(at.map(Timestamp::as_microsecond)),
            Self::Int(number) => query.bind(number),
            Self::Text(text) => query.bind(text),
            Self::Bool(is) => query.bind(is),
            Self::Bytes(bytes) => query.bind(bytes),
            Self::Ids(ids) => query.bind(ids.iter().map(Uuid::to_string).collect::<Value>().to_string()),
            Self::Records(records) => {
                query.bind(records.into_iter().map(Value::Object).collect::<Value>().to_string())
            }
        }
    }
}

/// PostgreSQL fails at times long before the year 0. None is kept, so whoever asks for what is later hears the same.
fn kept(at: Timestamp) -> Timestamp {
    at.max(EARLIEST)
}

/// A value of a record.
pub(crate) trait IntoField {
    fn into_field(self) -> Value;
}

impl IntoField for Uuid {
    fn into_field(self) -> Value {
        Value::String(self.to_string())
    }
}

impl IntoField for Timestamp {
    fn into_field(self) -> Value {
        kept(self).as_microsecond().into()
    }
}

impl IntoField for &str {
    fn into_field(self) -> Value {
        self.into()
    }
}

impl IntoField for &String {
    fn into_field(self) -> Value {
        self.as_str().into()
    }
}

impl<T: IntoField> IntoField for Option<T> {
    fn into_field(self) -> Value {
        self.map_or(Value::Null, T::into_field)
    }
}

macro_rules! plain_fields {
    ($($type:ty),*) => {
        $(impl IntoField for $type {
            fn into_field(self) -> Value {
                self.into()
            }
        })*
    };
}
plain_fields!(bool, u32, u64, i64, f64, String, Value);

/// A record: `record! { id: course.id.0, title: &course.title }`.
macro_rules! record {
    ($($name:ident: $value:expr),* $(,)?) => {{
        let mut record = $crate::seam::Record::new();
        $(record.insert(stringify!($name).to_owned(), $crate::seam::IntoField::into_field($value));)*
        record
    }};
}
pub(crate) use record;
