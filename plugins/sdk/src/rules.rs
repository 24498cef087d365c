//! A say in which sessions are offered first, and in who waits in front.

use serde::de::DeserializeOwned;

use crate::{Adjustment, Joining, Priority, Problem, Question};

/// A dealer's own rules.
pub trait Rules {
    /// What can be set, as it is read from JSON.
    type Settings: DeserializeOwned;
    /// Small letters, digits and hyphens.
    const NAME: &str;
    /// Such as 1.2.0.
    const VERSION: &str;
    /// A sentence for whoever switches it on.
    const SUMMARY: &str;
    /// A JSON Schema of the settings.
    const SETTINGS: &str;

    /// Changes of scores, each with a sentence that learners read.
    ///
    /// # Errors
    /// Why it cannot answer, for the plugin's owner.
    fn adjust(question: &Question, settings: &Self::Settings) -> Result<Vec<Adjustment>, String>;

    /// Whether somebody who joins a queue comes before others.
    ///
    /// # Errors
    /// As [`Rules::adjust`].
    fn prioritise(_joining: &Joining, _settings: &Self::Settings) -> Result<Option<Priority>, String> {
        Ok(None)
    }

    /// What is wrong with settings that could be read.
    fn problems(_settings: &Self::Settings) -> Vec<Problem> {
        Vec::new()
    }
}
