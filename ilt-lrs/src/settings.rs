//! How a record store is reached.

use std::time::Duration;

use secrecy::SecretString;

/// How a record store is reached, and how much it is sent at once.
#[derive(Debug, Clone)]
pub struct Settings {
    /// Its xAPI address, without `/statements` and without a slash at the end.
    pub endpoint: String,
    /// What `X-Experience-API-Version` says.
    pub version: String,
    /// Name and secret (HTTP Basic); none where nobody is asked for them.
    pub credentials: Option<(String, SecretString)>,
    /// Certificates (PEM) of authorities that are trusted beside those of the machine; empty for none.
    pub authorities: Vec<u8>,
    /// Statements in one request at most.
    pub batch: usize,
    /// Bytes of one request at most.
    pub bytes: usize,
    /// How long one request may take.
    pub patience: Duration,
    /// How often a request is sent again that fails inside the record store, before the statement at fault is looked for.
    pub tries: u32,
    /// The pause before the second of these tries; twice as long before each further one.
    pub pause: Duration,
}

impl Default for Settings {
    fn default() -> Self {
        Self {
            endpoint: "http://127.0.0.1:8081/xAPI".to_owned(),
            version: "1.0.3".to_owned(),
            credentials: None,
            authorities: Vec::new(),
            batch: 100,
            bytes: 1 << 20,
            patience: Duration::from_secs(4),
            tries: 3,
            pause: Duration::from_millis(200),
        }
    }
}
