//! Texts that say who somebody is.

use std::fmt;

use serde::{Deserialize, Serialize};

/// A name or a mail address. It can be compared and sent, and is read by [`Personal::reveal`]; printing it shows three dots.
#[derive(Clone, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize, Deserialize)]
#[serde(transparent)]
pub struct Personal(String);

impl Personal {
    /// One that says this.
    pub fn new(text: impl Into<String>) -> Self {
        Self(text.into())
    }

    /// What it says. Never for a log, an error or a metric.
    pub fn reveal(&self) -> &str {
        &self.0
    }

    /// A mail address as it is compared: Cal.com takes `AMY@example.com` and `amy@example.com` for two people (recorded: 103).
    #[must_use]
    pub fn as_address(&self) -> Self {
        Self(self.0.trim().to_lowercase())
    }
}

impl fmt::Debug for Personal {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str("…")
    }
}

#[cfg(test)]
mod tests {
    use super::Personal;

    #[test]
    fn whoever_prints_it_learns_nothing() {
        let address = Personal::new("Ada@Dealer.example ");
        assert_eq!(format!("{address:?} {:?}", Some(&address)), "… Some(…)");
        assert_eq!(address.as_address().reveal(), "ada@dealer.example");
    }
}
