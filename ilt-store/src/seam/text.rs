//! One text of SQL, rendered for a dialect.
//!
//! Where the databases differ the text says, in braces:
//!
//! * `{rows $1 r: id uuid, at instant}`: the records of a parameter, as a table `r`
//! * `{in $1}`: is one of the ids of a parameter
//! * `{lock}`: lock these rows until the transaction ends
//! * `{skip}`: lock them, and leave out those that somebody else has locked

use std::collections::HashMap;
use std::sync::{LazyLock, Mutex, PoisonError};

use super::list::Column;

/// Which database a text is for.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash)]
pub(crate) enum Dialect {
    Sqlite,
    Postgres,
}

/// A text for one database.
#[derive(Debug, Clone, Copy)]
pub(crate) struct Rendered {
    pub(super) sql: &'static str,
    /// On PostgreSQL: what is given after all parameters.
    pub(super) columns: &'static [Column],
}

type Known = HashMap<(&'static str, Dialect), Rendered>;

/// Rendered texts. There are as many as there are statements in this crate, so they are kept for ever.
static RENDERED: LazyLock<Mutex<Known>> = LazyLock::new(Mutex::default);

impl Dialect {
    /// The text for this database.
    pub(crate) fn render(self, text: &'static str) -> Rendered {
        let mut rendered = RENDERED.lock().unwrap_or_else(PoisonError::into_inner);
        *rendered.entry((text, self)).or_insert_with(|| {
            let mut columns = Vec::new();
            let sql = String::leak(self.fill_in(text, &mut columns));
            Rendered { sql, columns: Vec::leak(columns) }
        })
    }

    fn fill_in(self, text: &'static str, columns: &mut Vec<Column>) -> String {
        let mut filled = String::with_capacity(text.len());
        let (params, mut rest) = (params_of(text), text);
        while let Some((before, after)) = rest.split_once('{') {
            let (word, after) = after.split_once('}').unwrap_or((after, ""));
            filled.push_str(before);
            match word.split_once(' ') {
                Some(("rows", rows)) => filled.push_str(&self.rows(rows, params, columns)),
                parts => filled.push_str(&self.word(word, parts)),
            }
            rest = after;
        }
        filled + rest
    }

    fn word(self, word: &str, parts: Option<(&str, &str)>) -> String {
        match (parts, self) {
            (None, Self::Postgres) if word == "lock" => "FOR NO KEY UPDATE".to_owned(),
            (None, Self::Postgres) if word == "skip" => "FOR UPDATE SKIP LOCKED".to_owned(),
            (None, Self::Sqlite) => String::new(),
            (Some(("in", param)), Self::Postgres) => format!("= ANY({param})"),
            (Some(("in", param)), Self::Sqlite) => format!("IN (SELECT value FROM json_each({param}))"),
            _ => unreachable!("`{word}` is not a word of the seam"),
        }
    }

    /// `$1 r: id uuid, at instant`; the columns are numbered from behind the parameters of the text.
    fn rows(self, spec: &'static str, params: usize, columns: &mut Vec<Column>) -> String {
        let (head, fields) = spec.split_once(": ").unwrap_or((spec, ""));
        let (param, alias) = head.split_once(' ').unwrap_or((head, "r"));
        let fields: Vec<(&str, &str)> =
            fields.split(',').filter_map(|column| column.trim().split_once(' ')).collect();
        let list = |each: &dyn Fn(&str, &str) -> String| {
            fields.iter().map(|(name, kind)| each(name, kind)).collect::<Vec<_>>().join(", ")
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
                let values = list(&|name, kind| match kind {
                    "instant" => {
                        format!("'epoch'::timestamptz + {name} * interval '1 microsecond' AS {name}")
                    }
                    _ => name.to_owned(),
                });
                let names = list(&|name, _| name.to_owned());
                let param = param.trim_start_matches('$').parse().expect("the number of a parameter");
                let mut arrays = Vec::with_capacity(fields.len());
                for (name, kind) in fields {
                    let column = Column { param, name, kind };
                    columns.push(column);
                    arrays.push(format!("${}::{}", params + columns.len(), column.array()));
                }
                let arrays = arrays.join(", ");
                format!("(SELECT {values} FROM unnest({arrays}) AS x({names})) AS {alias}")
            }
        }
    }
}

/// How many parameters a text has: the highest number it names.
fn params_of(text: &str) -> usize {
    let numbers = text.split('$').skip(1).map(|rest| {
        let digits = rest.find(|sign: char| !sign.is_ascii_digit()).unwrap_or(rest.len());
        rest[..digits].parse().unwrap_or(0)
    });
    numbers.max().unwrap_or(0)
}

#[cfg(test)]
mod tests {
    use super::Dialect;

    #[test]
    fn each_database_gets_its_own_words() {
        let text =
            "SELECT 1 FROM t JOIN {rows $1 r: id uuid, at instant} ON t.id = r.id WHERE t.x {in $2} {lock}";
        assert_eq!(
            Dialect::Sqlite.render(text).sql,
            "SELECT 1 FROM t JOIN (SELECT value->>'id' AS id, value->>'at' AS at FROM json_each($1)) AS r \
             ON t.id = r.id WHERE t.x IN (SELECT value FROM json_each($2)) "
        );
        assert_eq!(
            Dialect::Postgres.render(text).sql,
            "SELECT 1 FROM t JOIN (SELECT id, 'epoch'::timestamptz + at * interval '1 microsecond' AS at \
             FROM unnest($3::uuid[], $4::bigint[]) AS x(id, at)) AS r \
             ON t.id = r.id WHERE t.x = ANY($2) FOR NO KEY UPDATE"
        );
    }
}
