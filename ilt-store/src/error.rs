//! What a database says, in the words of the port.

use ilt_core::ports::StoreError;
use sqlx::error::{DatabaseError, ErrorKind};

/// SQLSTATEs that go away when the work is done again: serialization, deadlock, lock not to be had in time.
const PASSING_POSTGRES: [&str; 3] = ["40001", "40P01", "55P03"];
/// Classes of SQLSTATEs that say the server cannot do it just now: no connection, no room or memory, told to stop or starting
/// up, a disk that fails. Whatever was asked may be asked again once that is over.
const AWAY_POSTGRES: [&str; 4] = ["08", "53", "57", "58"];
/// SQLSTATEs of the same kind in other classes: a standby that takes no writes, a transaction left alone for too long.
const AWAY_POSTGRES_TOO: [&str; 2] = ["25006", "25P03"];
/// SQLite's primary codes for "somebody else is writing".
const PASSING_SQLITE: [i32; 2] = [5, 6];
/// SQLite's primary codes for "not just now": no memory, read only, a disk that fails, a full one, a file that cannot be opened.
const AWAY_SQLITE: [i32; 5] = [7, 8, 10, 13, 14];

/// What our own trigger says on PostgreSQL when a ledger would differ from its people.
const LEDGER_DIFFERS: &str = "IL001";

/// What went wrong while a transaction was to last. References that are looked at only then are those between ledgers and people.
pub(crate) fn commit_error(error: sqlx::Error) -> StoreError {
    let is_reference = |it: &dyn DatabaseError| matches!(it.kind(), ErrorKind::ForeignKeyViolation);
    match &error {
        sqlx::Error::Database(database) if is_reference(&**database) => StoreError::Differs(Box::new(error)),
        _ => store_error(error),
    }
}

pub(crate) fn store_error(error: sqlx::Error) -> StoreError {
    match &error {
        sqlx::Error::Database(database) if database.code().is_some_and(|code| code == LEDGER_DIFFERS) => {
            StoreError::Differs(Box::new(error))
        }
        sqlx::Error::Database(database) if is_passing(&**database) => StoreError::Conflict(Box::new(error)),
        sqlx::Error::Database(database) if is_away(&**database) => StoreError::Away(Box::new(error)),
        sqlx::Error::Io(_)
        | sqlx::Error::Tls(_)
        | sqlx::Error::PoolTimedOut
        | sqlx::Error::PoolClosed
        | sqlx::Error::WorkerCrashed
        | sqlx::Error::BeginFailed => StoreError::Away(Box::new(error)),
        _ => StoreError::Failed(Box::new(error)),
    }
}

/// A unique row that somebody else wrote first is found when the work is done again.
fn is_passing(error: &dyn DatabaseError) -> bool {
    matches!(error.kind(), ErrorKind::UniqueViolation)
        || error.code().is_some_and(|code| {
            PASSING_POSTGRES.contains(&&*code) || sqlite(&code).is_some_and(|it| PASSING_SQLITE.contains(&it))
        })
}

fn is_away(error: &dyn DatabaseError) -> bool {
    error.code().is_some_and(|code| is_away_code(&code))
}

fn is_away_code(code: &str) -> bool {
    match sqlite(code) {
        Some(primary) => AWAY_SQLITE.contains(&primary),
        None => {
            AWAY_POSTGRES.iter().any(|class| code.starts_with(class)) || AWAY_POSTGRES_TOO.contains(&code)
        }
    }
}

/// The primary code of SQLite, whose codes are numbers; an SQLSTATE has five characters.
fn sqlite(code: &str) -> Option<i32> {
    let code = code.parse::<i32>().ok().filter(|_| code.len() < 5)?;
    Some(code & 0xff)
}

pub(crate) fn corrupt(what: impl std::fmt::Display) -> StoreError {
    StoreError::Corrupt(what.to_string())
}

#[cfg(test)]
mod tests {
    use super::is_away_code;

    #[test]
    fn what_may_pass_is_away_and_what_is_wrong_is_not() {
        let away = [
            "08006", "25006", "25P03", "53100", "53200", "53300", "57014", "57P01", "57P03", "58030", "7",
            "8", "10", "13", "14", "778", "266",
        ];
        for code in away {
            assert!(is_away_code(code), "{code}");
        }
        for code in ["23505", "23514", "25P02", "40001", "42601", "55P03", "22021", "1", "5", "6", "11", "19"]
        {
            assert!(!is_away_code(code), "{code}");
        }
    }
}
