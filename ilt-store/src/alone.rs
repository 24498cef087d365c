//! Whether a host is the only one on its database. Several on one PostgreSQL are what it is made for; on one SQLite file they stand in
//! each other's way.

use std::fs::{File, OpenOptions, TryLockError};
use std::path::PathBuf;

use ilt_core::ports::StoreError;
use jiff::Timestamp;

use crate::connect::SqlStore;
use crate::seam::Pool;

/// What a host finds that wants to be the only one.
#[derive(Debug)]
pub enum Alone {
    /// It is, for as long as this is kept.
    Yes(File),
    /// Another host serves this file.
    No(PathBuf),
    /// It need not be, or this cannot be known here.
    NeedNotBe,
}

impl SqlStore {
    /// What time it is for the database; nothing for one that has no clock but this machine's.
    ///
    /// # Errors
    /// When it does not answer.
    pub async fn time(&self) -> Result<Option<Timestamp>, StoreError> {
        if matches!(self.pool, Pool::Sqlite { .. }) {
            return Ok(None);
        }
        let rows = self.pool.rows("SELECT clock_timestamp() AS now", Vec::new()).await?;
        rows.first().map(|row| row.instant("now")).transpose()
    }

    /// Claims the database for a host, by a lock on a file beside it that ends with the process. A lock on the database itself would be
    /// SQLite's own.
    pub fn alone(&self) -> Alone {
        let Pool::Sqlite { writer, .. } = &self.pool else { return Alone::NeedNotBe };
        let options = writer.connect_options();
        let mut name = options.get_filename().as_os_str().to_owned();
        name.push(".host");
        let Ok(file) = OpenOptions::new().write(true).create(true).truncate(false).open(&name) else {
            return Alone::NeedNotBe;
        };
        match file.try_lock() {
            Ok(()) => Alone::Yes(file),
            Err(TryLockError::WouldBlock) => Alone::No(options.get_filename().to_owned()),
            Err(TryLockError::Error(_)) => Alone::NeedNotBe,
        }
    }
}

#[cfg(test)]
mod tests {
    use super::Alone;
    use crate::{Options, SqlStore};

    #[tokio::test]
    async fn a_second_host_on_one_file_is_seen_and_the_file_is_its_owners() {
        let folder = tempfile::tempdir().expect("a folder");
        let file = folder.path().join("ilt.db");
        let url = format!("sqlite:{}", file.display());
        let open = async || SqlStore::connect(&url, &Options::default()).await.expect("a store");
        let (one, two) = (open().await, open().await);
        let held = one.alone();
        assert!(matches!(held, Alone::Yes(_)));
        assert!(matches!(two.alone(), Alone::No(named) if named == file));
        drop(held);
        assert!(matches!(two.alone(), Alone::Yes(_)), "the other has gone");
        #[cfg(unix)]
        {
            one.migrate().await.expect("a schema");
            for suffix in ["", "-wal", "-shm"] {
                let path = format!("{}{suffix}", file.display());
                let mode = std::os::unix::fs::PermissionsExt::mode(
                    &std::fs::metadata(path).expect("a file").permissions(),
                );
                assert_eq!(mode & 0o777, 0o600, "{suffix}");
            }
        }
    }

    #[tokio::test]
    async fn a_file_that_cannot_be_made_is_named() {
        let refused = SqlStore::connect("sqlite:/nowhere/at/all.db", &Options::default()).await;
        assert_eq!(refused.expect_err("no folder").to_string(), "/nowhere/at/all.db cannot be opened");
    }
}
