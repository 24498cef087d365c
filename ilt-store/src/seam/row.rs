//! What a statement answers.

use ilt_core::ports::StoreError;
use jiff::Timestamp;
use serde::de::DeserializeOwned;
use serde_json::Value;
use sqlx::Row as _;
use sqlx::postgres::PgRow;
use sqlx::sqlite::SqliteRow;
use sqlx::types::Json;
use uuid::Uuid;

use crate::error::corrupt;

/// A row of either database. A column that is not what was asked for makes the row corrupt.
pub(crate) enum Row {
    Sqlite(SqliteRow),
    Postgres(PgRow),
}

fn wrong(column: &str) -> impl Fn(sqlx::Error) -> StoreError + '_ {
    move |error| corrupt(format!("column {column}: {error}"))
}

/// Reads one column of whichever row it is.
macro_rules! column {
    ($row:expr, $name:expr, $type:ty) => {
        match $row {
            Row::Sqlite(row) => row.try_get::<$type, _>($name).map_err(wrong($name)),
            Row::Postgres(row) => row.try_get::<$type, _>($name).map_err(wrong($name)),
        }
    };
}

impl Row {
    pub(crate) fn id<T: From<Uuid>>(&self, name: &str) -> Result<T, StoreError> {
        self.maybe_id(name)?.ok_or_else(|| corrupt(format!("column {name} is empty")))
    }

    pub(crate) fn maybe_id<T: From<Uuid>>(&self, name: &str) -> Result<Option<T>, StoreError> {
        let id = match self {
            Self::Postgres(row) => row.try_get::<Option<Uuid>, _>(name).map_err(wrong(name))?,
            Self::Sqlite(row) => {
                let text = row.try_get::<Option<&str>, _>(name).map_err(wrong(name))?;
                text.map(str::parse)
                    .transpose()
                    .map_err(|_| corrupt(format!("column {name} holds no uuid")))?
            }
        };
        Ok(id.map(T::from))
    }

    pub(crate) fn instant(&self, name: &str) -> Result<Timestamp, StoreError> {
        self.maybe_instant(name)?.ok_or_else(|| corrupt(format!("column {name} is empty")))
    }

    pub(crate) fn maybe_instant(&self, name: &str) -> Result<Option<Timestamp>, StoreError> {
        match self {
            Self::Postgres(row) => {
                let at = row.try_get::<Option<jiff_sqlx::Timestamp>, _>(name).map_err(wrong(name))?;
                Ok(at.map(jiff_sqlx::Timestamp::to_jiff))
            }
            Self::Sqlite(row) => {
                let micros = row.try_get::<Option<i64>, _>(name).map_err(wrong(name))?;
                let at = micros.map(Timestamp::from_microsecond).transpose();
                at.map_err(|_| corrupt(format!("column {name} holds no instant")))
            }
        }
    }

    pub(crate) fn int(&self, name: &str) -> Result<i64, StoreError> {
        column!(self, name, i64)
    }

    /// A count, as the core has it.
    pub(crate) fn count<T: TryFrom<i64>>(&self, name: &str) -> Result<T, StoreError> {
        T::try_from(self.int(name)?).map_err(|_| corrupt(format!("column {name} is out of range")))
    }

    pub(crate) fn maybe_count<T: TryFrom<i64>>(&self, name: &str) -> Result<Option<T>, StoreError> {
        let count = column!(self, name, Option<i64>)?;
        count.map(T::try_from).transpose().map_err(|_| corrupt(format!("column {name} is out of range")))
    }

    pub(crate) fn float(&self, name: &str) -> Result<f64, StoreError> {
        column!(self, name, f64)
    }

    pub(crate) fn bool(&self, name: &str) -> Result<bool, StoreError> {
        column!(self, name, bool)
    }

    pub(crate) fn text(&self, name: &str) -> Result<String, StoreError> {
        column!(self, name, String)
    }

    pub(crate) fn bytes(&self, name: &str) -> Result<Vec<u8>, StoreError> {
        column!(self, name, Vec<u8>)
    }

    pub(crate) fn maybe_text(&self, name: &str) -> Result<Option<String>, StoreError> {
        column!(self, name, Option<String>)
    }

    /// A text that means something: a zone, an actor.
    pub(crate) fn parsed<T: std::str::FromStr<Err: std::fmt::Display>>(
        &self,
        name: &str,
    ) -> Result<T, StoreError> {
        self.text(name)?.parse().map_err(|error| corrupt(format!("column {name}: {error}")))
    }

    pub(crate) fn json<T: DeserializeOwned>(&self, name: &str) -> Result<T, StoreError> {
        self.maybe_json(name)?.ok_or_else(|| corrupt(format!("column {name} is empty")))
    }

    pub(crate) fn maybe_json<T: DeserializeOwned>(&self, name: &str) -> Result<Option<T>, StoreError> {
        let bad = |error: serde_json::Error| corrupt(format!("column {name}: {error}"));
        match self {
            Self::Postgres(row) => {
                let value = row.try_get::<Option<Json<Value>>, _>(name).map_err(wrong(name))?;
                value.map(|Json(value)| serde_json::from_value(value)).transpose().map_err(bad)
            }
            Self::Sqlite(row) => {
                let text = row.try_get::<Option<&str>, _>(name).map_err(wrong(name))?;
                text.map(serde_json::from_str).transpose().map_err(bad)
            }
        }
    }
}
