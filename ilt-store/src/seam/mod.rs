//! Where the two databases differ.
//!
//! | | PostgreSQL | SQLite |
//! |---|---|---|
//! | uuid | `uuid` | text, as people write it |
//! | instant | `timestamptz` | integer, microseconds since 1970 |
//! | wall clock | `timestamp` | text |
//! | JSON | `jsonb` | text |
//! | list of ids | array | JSON text, read by `json_each` |
//! | list of records | an array for each column, `unnest` | `json_each` |
//! | row locks | `FOR NO KEY UPDATE` | none; one writer at a time |
//!
//! A statement is written once, with [`text`]'s few words where they differ; [`Param`] is what it is given, [`Row`] what it
//! answers, [`Tx`] and [`Pool`] what it runs on.

#[cfg(test)]
mod full;
mod list;
mod param;
mod row;
mod run;
mod text;

pub(crate) use param::{IntoField, Param, Record, record};
pub(crate) use row::Row;
pub(crate) use run::{Pool, Tx};
pub(crate) use text::Dialect;
