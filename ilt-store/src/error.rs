//! What a database says, in the words of the port.

use ilt_core::ports::StoreError;
use sqlx::error::{DatabaseError, ErrorKind};

/// SQLSTATEs that go away when the work is done again: serialization, deadlock, lock not to be had in time.
const PASSING_POSTGRES: [&str; 3] = ["40001", "40P01", "55P03"];
/// SQLSTATEs that say the server cannot be used just now: too many connections, shutting down, starting up.
const AWAY_POSTGRES: [&str; 5] = ["53300", "57P01", "57P02", "57P03", "57014"];
/// SQLite's primary codes for "somebody else is writing".
const PASSING_SQLITE: [i32; 2] = [5, 6];

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
        sqlx::Error::Io(_) | sqlx::Error::Tls(_) | sqlx::Error::PoolTimedOut | sqlx::Error::PoolClosed => {
            StoreError::Away(Box::new(error))
        }
        _ => StoreError::Failed(Box::new(error)),
    }
}

/// A unique row that somebody else wrote first is found when the work is done again.
fn is_passing(error: &dyn DatabaseError) -> bool {
    matches!(error.kind(), ErrorKind::UniqueViolation)
        || error.code().is_some_and(|code| {
            PASSING_POSTGRES.contains(&&*code)
                || code
                    .parse::<i32>()
                    .is_ok_and(|code| PASSING_SQLITE.contains(&(code & 0xff)) && code < 10_000)
        })
}

fn is_away(error: &dyn DatabaseError) -> bool {
    error.code().is_some_and(|code| AWAY_POSTGRES.contains(&&*code))
}

pub(crate) fn corrupt(what: impl std::fmt::Display) -> StoreError {
    StoreError::Corrupt(what.to_string())
}
