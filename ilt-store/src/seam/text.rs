//! One text of SQL, rendered for a dialect.
//!
//! Where the databases differ the text says, in braces:
//!
//! * `{rows $1 r: id uuid, at instant}`: the records of a parameter, as a table `r`
//! * `{in $1}`: is one of the ids of a parameter
//! * `{ids $1 k}`: the ids of a parameter, as a table `k` with a column `id`
//! * `{lock}`: lock these rows until the transaction ends
//! * `{skip}`: lock them, and leave out those that somebody else has locked

use std::collections::HashMap;
use std::sync::{LazyLock, Mutex, PoisonError};

/// Which database a text is for.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash)]
pub(crate) enum Dialect {
    Sqlite,
    Postgres,
}

type Rendered = HashMap<(&'static str, Dialect), &'static str>;

/// Rendered texts. There are as many as there are statements in this crate, so they are kept for ever.
static RENDERED: LazyLock<Mutex<Rendered>> = LazyLock::new(Mutex::default);

impl Dialect {
    /// The text for this database.
    pub(crate) fn render(self, text: &'static str) -> &'static str {
        let mut rendered = RENDERED.lock().unwrap_or_else(PoisonError::into_inner);
        rendered.entry((text, self)).or_insert_with(|| String::leak(self.fill_in(text)))
    }

    fn fill_in(self, text: &str) -> String {
        let mut filled = String::with_capacity(text.len());
        let mut rest = text;
        while let Some((before, after)) = rest.split_once('{') {
            let (word, after) = after.split_once('}').unwrap_or((after, ""));
            filled.push_str(before);
            filled.push_str(&self.word(word));
            rest = after;
        }
        filled + rest
    }

    fn word(self, word: &str) -> String {
        match (word.split_once(' '), self) {
            (None, Self::Postgres) if word == "lock" => "FOR NO KEY UPDATE".to_owned(),
            (None, Self::Postgres) if word == "skip" => "FOR UPDATE SKIP LOCKED".to_owned(),
            (None, Self::Sqlite) => String::new(),
            (Some(("in", param)), Self::Postgres) => format!("= ANY({param})"),
            (Some(("in", param)), Self::Sqlite) => format!("IN (SELECT value FROM json_each({param}))"),
            (Some(("ids", rest)), _) => self.ids(rest),
            (Some(("rows", rest)), _) => self.rows(rest),
            _ => unreachable!("`{word}` is not a word of the seam"),
        }
    }

    /// `$1 k`
    fn ids(self, spec: &str) -> String {
        let (param, alias) = spec.split_once(' ').unwrap_or((spec, "k"));
        match self {
            Self::Sqlite => format!("(SELECT value AS id FROM json_each({param})) AS {alias}"),
            Self::Postgres => format!("unnest({param}) AS {alias} (id)"),
        }
    }

    /// `$1 r: id uuid, at instant`
    fn rows(self, spec: &str) -> String {
        let (head, columns) = spec.split_once(": ").unwrap_or((spec, ""));
        let (param, alias) = head.split_once(' ').unwrap_or((head, "r"));
        let columns: Vec<(&str, &str)> =
            columns.split(',').filter_map(|column| column.trim().split_once(' ')).collect();
        let list = |each: &dyn Fn(&str, &str) -> String| {
            columns.iter().map(|(name, kind)| each(name, kind)).collect::<Vec<_>>().join(", ")
        };
        match self {
            Self::Sqlite => {
                let fields = list(&|name, kind| match kind {
                    // `->>` would take the quotes off a JSON text.
                    "json" => format!("nullif(value->'{name}', 'null') AS {name}"),
                    _ => format!("value->>'{name}' AS {name}"),
                });
                format!("(SELECT {fields} FROM json_each({param})) AS {alias}")
            }
            Self::Postgres => {
                let fields = list(&|name, kind| match kind {
                    "instant" => {
                        format!("'epoch'::timestamptz + {name} * interval '1 microsecond' AS {name}")
                    }
                    _ => name.to_owned(),
                });
                let types = list(&|name, kind| format!("{name} {}", postgres_type(kind)));
                format!("(SELECT {fields} FROM jsonb_to_recordset({param}) AS x({types})) AS {alias}")
            }
        }
    }
}

fn postgres_type(kind: &str) -> &'static str {
    match kind {
        "uuid" => "uuid",
        "instant" | "int" => "bigint",
        "text" => "text",
        "bool" => "boolean",
        "float" => "double precision",
        "json" => "jsonb",
        _ => unreachable!("`{kind}` is not a type of the seam"),
    }
}

#[cfg(test)]
mod tests {
    use super::Dialect;

    #[test]
    fn each_database_gets_its_own_words() {
        let text = "SELECT 1 FROM t JOIN {rows $1 r: id uuid, at instant} ON t.id = r.id JOIN {ids $3 k} ON k.id = t.y WHERE t.x {in $2} {lock}";
        assert_eq!(
            Dialect::Sqlite.render(text),
            "SELECT 1 FROM t JOIN (SELECT value->>'id' AS id, value->>'at' AS at FROM json_each($1)) AS r \
             ON t.id = r.id JOIN (SELECT value AS id FROM json_each($3)) AS k ON k.id = t.y \
             WHERE t.x IN (SELECT value FROM json_each($2)) "
        );
        assert_eq!(
            Dialect::Postgres.render(text),
            "SELECT 1 FROM t JOIN (SELECT id, 'epoch'::timestamptz + at * interval '1 microsecond' AS at \
             FROM jsonb_to_recordset($1) AS x(id uuid, at bigint)) AS r \
             ON t.id = r.id JOIN unnest($3) AS k (id) ON k.id = t.y WHERE t.x = ANY($2) FOR NO KEY UPDATE"
        );
    }
}
