//! Lists of records on PostgreSQL: one array for each column.
//!
//! As one JSON document each record would be read as JSON, written down as JSON and taken apart again by the database, which is a
//! third of what it does for a registration.

use std::collections::BTreeMap;

use serde_json::Value;
use sqlx::types::Json;
use uuid::Uuid;

use super::param::{PostgresQuery, Record};

/// A column of a list of records.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) struct Column {
    /// The parameter that has the records, counted from 1.
    pub param: usize,
    pub name: &'static str,
    pub kind: &'static str,
}

impl Column {
    /// The type of its array.
    pub(super) fn array(self) -> &'static str {
        match self.kind {
            "uuid" => "uuid[]",
            "instant" | "int" => "bigint[]",
            "text" => "text[]",
            "bool" => "boolean[]",
            "float" => "double precision[]",
            "json" => "jsonb[]",
            kind => unreachable!("`{kind}` is not a type of the seam"),
        }
    }

    /// Binds what the records have in this column.
    pub(super) fn bind<'q>(
        self,
        lists: &mut BTreeMap<usize, Vec<Record>>,
        query: PostgresQuery<'q>,
    ) -> PostgresQuery<'q> {
        let records = lists.get_mut(&self.param).map(Vec::as_mut_slice).unwrap_or_default();
        let values = records.iter_mut().map(|it| it.remove(self.name).filter(|value| !value.is_null()));
        match self.kind {
            "uuid" => query.bind(values.map(|it| it.and_then(|it| id(&it))).collect::<Vec<Option<Uuid>>>()),
            "instant" | "int" => {
                query.bind(values.map(|it| it.and_then(|it| it.as_i64())).collect::<Vec<_>>())
            }
            "bool" => query.bind(values.map(|it| it.and_then(|it| it.as_bool())).collect::<Vec<_>>()),
            "float" => query.bind(values.map(|it| it.and_then(|it| it.as_f64())).collect::<Vec<_>>()),
            "json" => query.bind(values.map(|it| it.map(Json)).collect::<Vec<_>>()),
            _ => query.bind(values.map(|it| it.map(text)).collect::<Vec<_>>()),
        }
    }
}

fn id(value: &Value) -> Option<Uuid> {
    value.as_str().and_then(|text| Uuid::parse_str(text).ok())
}

fn text(value: Value) -> String {
    match value {
        Value::String(text) => text,
        other => other.to_string(),
    }
}
