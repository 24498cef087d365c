//! Opening a database by its URL.

use std::path::{Path, PathBuf};
use std::str::FromStr;
use std::sync::Arc;
use std::time::Duration;

use ilt_core::ports::StoreError;
use sqlx::postgres::{PgConnectOptions, PgPoolOptions, PgSslMode};
use sqlx::sqlite::{SqliteConnectOptions, SqliteJournalMode, SqlitePoolOptions, SqliteSynchronous};
use sqlx::{ConnectOptions, Connection, PgConnection, SqliteConnection};

use crate::error::store_error;
use crate::reference::ReferenceCache;
use crate::seam::{Dialect, Pool};

/// Connections that read beside the one that writes, on SQLite.
const SQLITE_READERS: u32 = 4;

/// A connection to PostgreSQL that was idle for longer is tried before it is used.
const FRESH: Duration = Duration::from_secs(1);

/// How a database is used.
#[derive(Debug, Clone)]
pub struct Options {
    /// Connections to PostgreSQL at most; half of them write, so that readers cannot keep them all busy.
    pub pool: u32,
    /// How long to wait for a free connection.
    pub acquire: Duration,
    /// How long a row lock is waited for.
    pub lock_timeout: Duration,
    /// How long one statement may take.
    pub statement_timeout: Duration,
    /// The schema on PostgreSQL; made by the migration when it is missing.
    pub schema: String,
    /// For simulations only: SQLite does not wait for the disk.
    pub careless: bool,
    /// For tests only: rows are read without being locked, so that only what is compared when it is written is left.
    pub unlocked: bool,
    /// For tests only, as the control that must fail: what is written is not compared with what was read.
    pub uncompared: bool,
}

impl Default for Options {
    fn default() -> Self {
        Self {
            pool: 10,
            acquire: Duration::from_secs(3),
            lock_timeout: Duration::from_secs(3),
            statement_timeout: Duration::from_secs(30),
            schema: "ilt".to_owned(),
            careless: false,
            unlocked: false,
            uncompared: false,
        }
    }
}

/// A URL that names no database this crate knows.
#[derive(Debug, thiserror::Error)]
pub enum BadUrl {
    /// Neither SQLite nor PostgreSQL.
    #[error("a database's url begins with sqlite: or postgres://, not with `{0}`")]
    UnknownScheme(String),
    /// The rest of it makes no sense.
    #[error("the database's url cannot be read: {0}")]
    Unreadable(String),
    /// The schema's name is not a plain word.
    #[error("`{0}` cannot name a schema: small letters, digits and _ only")]
    Schema(String),
    /// The file cannot be made, or not be opened.
    #[error("{} cannot be opened", file.display())]
    File {
        /// Which one.
        file: PathBuf,
        /// Why.
        source: StoreError,
    },
    /// The server cannot be reached.
    #[error(transparent)]
    Store(#[from] StoreError),
}

/// The ports of the core on SQL. Clones share connections.
#[derive(Debug, Clone)]
pub struct SqlStore {
    pub(crate) pool: Pool,
    pub(crate) reference: Arc<ReferenceCache>,
    pub(crate) schema: String,
    pub(crate) unlocked: bool,
    pub(crate) uncompared: bool,
}

impl SqlStore {
    /// Opens the database that `url` names: `sqlite:ilt.db`, or `postgres://user@host/name`. The form that `SQLAlchemy` uses,
    /// `postgresql+asyncpg://…?ssl=…`, is understood. An SQLite file is made when it is missing.
    ///
    /// # Errors
    /// [`BadUrl`] when the URL makes no sense or nothing answers there.
    pub async fn connect(url: &str, options: &Options) -> Result<Self, BadUrl> {
        let is_plain = |letter: char| letter.is_ascii_lowercase() || letter.is_ascii_digit() || letter == '_';
        if options.schema.is_empty() || !options.schema.chars().all(is_plain) {
            return Err(BadUrl::Schema(options.schema.clone()));
        }
        let pool = match kind(url)? {
            Dialect::Sqlite => sqlite(url, options).await?,
            Dialect::Postgres => postgres(url, options).await?,
        };
        Ok(Self {
            pool,
            reference: Arc::default(),
            schema: options.schema.clone(),
            unlocked: options.unlocked,
            uncompared: options.uncompared,
        })
    }
}

impl SqlStore {
    /// Closes its connections, once what runs on them is done. Whatever is asked afterwards fails.
    pub async fn close(&self) {
        match &self.pool {
            Pool::Sqlite { writer, readers } => {
                readers.close().await;
                writer.close().await;
            }
            Pool::Postgres { writers, readers } => {
                readers.close().await;
                writers.close().await;
            }
        }
    }
}

/// Which database a URL is of.
fn kind(url: &str) -> Result<Dialect, BadUrl> {
    match url.split_once(':').map(|(scheme, _)| scheme) {
        Some("sqlite") => Ok(Dialect::Sqlite),
        Some("postgres" | "postgresql" | "postgresql+asyncpg") => Ok(Dialect::Postgres),
        _ => Err(BadUrl::UnknownScheme(url.chars().take_while(|it| *it != ':').take(20).collect())),
    }
}

/// Connections to a database of somebody else's, which are made when something is asked: nothing is made or changed there, and nobody waits
/// for it to be there.
pub(crate) fn guest(url: &str, connections: u32, patience: Duration) -> Result<(Dialect, Pool), BadUrl> {
    let dialect = kind(url)?;
    let pool = match dialect {
        Dialect::Sqlite => {
            let connect =
                sqlite_options(url)?.read_only(true).busy_timeout(patience).disable_statement_logging();
            let pool = SqlitePoolOptions::new().max_connections(connections).acquire_timeout(patience);
            let readers = pool.connect_lazy_with(connect);
            Pool::Sqlite { writer: readers.clone(), readers }
        }
        Dialect::Postgres => {
            let millis = patience.as_millis().to_string();
            let read_only =
                [("default_transaction_read_only", "on"), ("datestyle", "ISO"), ("timezone", "UTC")];
            let connect = postgres_options(url)?
                .application_name("ilt")
                .options(["lock_timeout", "statement_timeout"].map(|which| (which, &millis)))
                .options(read_only)
                .disable_statement_logging();
            let pool = PgPoolOptions::new().max_connections(connections).acquire_timeout(patience);
            let readers = pool.connect_lazy_with(connect);
            Pool::Postgres { writers: readers.clone(), readers }
        }
    };
    Ok((dialect, pool))
}

fn sqlite_options(url: &str) -> Result<SqliteConnectOptions, BadUrl> {
    if url.contains(":memory:") {
        return Err(BadUrl::Unreadable("an embedded store needs a file".to_owned()));
    }
    SqliteConnectOptions::from_str(url).map_err(|error| BadUrl::Unreadable(error.to_string()))
}

async fn sqlite(url: &str, options: &Options) -> Result<Pool, BadUrl> {
    let connect = sqlite_options(url)?
        .create_if_missing(true)
        .journal_mode(SqliteJournalMode::Wal)
        // A confirmed registration must survive the power going off, not only the process.
        .synchronous(if options.careless { SqliteSynchronous::Off } else { SqliteSynchronous::Full })
        .foreign_keys(true)
        .busy_timeout(options.lock_timeout)
        .disable_statement_logging();
    let pool = |connections| {
        SqlitePoolOptions::new()
            .max_connections(connections)
            .acquire_timeout(options.acquire)
            .after_release(|connection, _| Box::pin(async move { left_its_transaction(connection).await }))
    };
    let file = connect.get_filename().to_owned();
    let unopened = |source| BadUrl::File { file: file.clone(), source };
    owners_only(&file).map_err(|error| unopened(StoreError::Away(error.into())))?;
    let writer = pool(1).connect_with(connect.clone()).await.map_err(store_error).map_err(unopened)?;
    let readers = pool(SQLITE_READERS).connect_with(connect).await.map_err(store_error).map_err(unopened)?;
    Ok(Pool::Sqlite { writer, readers })
}

/// Makes a file that is missing, for its owner only: names and mail addresses will be in it. SQLite makes the files beside it alike.
fn owners_only(file: &Path) -> std::io::Result<()> {
    let mut options = std::fs::OpenOptions::new();
    options.write(true).create_new(true);
    #[cfg(unix)]
    std::os::unix::fs::OpenOptionsExt::mode(&mut options, 0o600);
    match options.open(file) {
        Err(error) if error.kind() != std::io::ErrorKind::AlreadyExists => Err(error),
        _ => Ok(()),
    }
}

/// Whether a connection that comes back has ended its transaction, and may be used again; else the pool closes it.
///
/// When the disk is full SQLite takes a transaction back by itself; the driver's own rollback fails then, and it would count
/// this connection as inside a transaction for ever.
async fn left_its_transaction(connection: &mut SqliteConnection) -> Result<bool, sqlx::Error> {
    // A transaction that was dropped has only asked for its rollback, which is done before this is answered.
    connection.ping().await?;
    Ok(!connection.is_in_transaction())
}

async fn postgres(url: &str, options: &Options) -> Result<Pool, BadUrl> {
    let connect = postgres_options(url)?;
    let millis = |duration: Duration| duration.as_millis().to_string();
    let connect = connect
        .application_name("ilt")
        .options([
            ("search_path", options.schema.clone()),
            ("lock_timeout", millis(options.lock_timeout)),
            ("statement_timeout", millis(options.statement_timeout)),
            ("idle_in_transaction_session_timeout", millis(options.statement_timeout)),
            ("jit", "off".to_owned()),
        ])
        .disable_statement_logging();
    // Those that write only ever look rows up by their keys. A plan that was made while a table was small would go on
    // reading the table whole after it has grown, until its statistics are renewed.
    let by_key = connect
        .clone()
        .options(["enable_hashjoin", "enable_mergejoin", "enable_seqscan"].map(|way| (way, "off")));
    let pool = |connections: u32| {
        PgPoolOptions::new()
            .max_connections(connections.max(1))
            .acquire_timeout(options.acquire)
            .test_before_acquire(false)
            .after_release(|connection, _| Box::pin(async move { Ok(!connection.is_in_transaction()) }))
            .before_acquire(|connection, meta| {
                Box::pin(async move { Ok(meta.idle_for < FRESH || connection.ping().await.is_ok()) })
            })
    };
    let writers = pool(options.pool / 2).connect_with(by_key).await.map_err(store_error)?;
    let readers = pool(options.pool - options.pool / 2).connect_with(connect).await.map_err(store_error)?;
    Ok(Pool::Postgres { writers, readers })
}

/// What `SQLAlchemy`'s asyncpg understands, in PostgreSQL's own words.
fn postgres_options(url: &str) -> Result<PgConnectOptions, BadUrl> {
    let plain = url.replacen("postgresql+asyncpg:", "postgres:", 1);
    let (base, query) = plain.split_once('?').unwrap_or((&plain, ""));
    let mut kept = Vec::new();
    let mut ssl = None;
    for pair in query.split('&').filter(|pair| !pair.is_empty()) {
        match pair.split_once('=') {
            Some(("ssl", mode)) => ssl = Some(mode.to_owned()),
            _ => kept.push(pair),
        }
    }
    let plain = if kept.is_empty() { base.to_owned() } else { format!("{base}?{}", kept.join("&")) };
    let options =
        PgConnectOptions::from_str(&plain).map_err(|error| BadUrl::Unreadable(error.to_string()))?;
    Ok(match ssl.as_deref() {
        None => options,
        Some("false" | "disable") => options.ssl_mode(PgSslMode::Disable),
        Some("true" | "require") => options.ssl_mode(PgSslMode::Require),
        Some(mode) => {
            let mode = PgSslMode::from_str(mode).map_err(|error| BadUrl::Unreadable(error.to_string()))?;
            options.ssl_mode(mode)
        }
    })
}

/// One plain connection, for what must happen before the schema is there.
pub(crate) async fn make_schema(pool: &sqlx::PgPool, schema: &str) -> Result<(), StoreError> {
    let connect = pool.connect_options();
    let mut connection = PgConnection::connect_with(&connect).await.map_err(store_error)?;
    let statement = format!("CREATE SCHEMA IF NOT EXISTS \"{schema}\"");
    sqlx::query(sqlx::AssertSqlSafe(statement)).execute(&mut connection).await.map_err(store_error)?;
    connection.close().await.map_err(store_error)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[tokio::test]
    async fn an_url_that_names_no_database_says_so() {
        for (url, said) in [
            ("mysql://x", "a database's url begins with sqlite: or postgres://, not with `mysql`"),
            ("ilt.db", "a database's url begins with sqlite: or postgres://, not with `ilt.db`"),
            ("sqlite::memory:", "the database's url cannot be read: an embedded store needs a file"),
        ] {
            let error = SqlStore::connect(url, &Options::default()).await.expect_err(url);
            assert_eq!(error.to_string(), said);
        }
        let options = Options { schema: "a\"b".to_owned(), ..Options::default() };
        let error = SqlStore::connect("sqlite:x.db", &options).await.expect_err("a bad schema");
        assert_eq!(error.to_string(), "`a\"b` cannot name a schema: small letters, digits and _ only");
    }

    #[test]
    fn the_form_of_sqlalchemy_is_understood() {
        let options = postgres_options("postgresql+asyncpg://ada:x@db:4510/nlj?ssl=disable").expect("an url");
        assert_eq!(
            (options.get_host(), options.get_port(), options.get_database()),
            ("db", 4510, Some("nlj"))
        );
        assert!(matches!(options.get_ssl_mode(), PgSslMode::Disable));
    }
}
