//! A say in who is told of what, and when.

use serde::de::DeserializeOwned;

use crate::noticing::Question;
use crate::{Advice, Problem};

/// A dealer's own rules on notices.
///
/// ```
/// use ilt_plugin::{Advice, Change, Notices, Weekday, noticing};
///
/// struct WorkdaysOnly;
///
/// impl Notices for WorkdaysOnly {
///     type Settings = serde_json::Value;
///     const NAME: &str = "workdays-only";
///     const VERSION: &str = "1.0.0";
///     const SUMMARY: &str = "What happens at the weekend is told with everything else of the day.";
///     const SETTINGS: &str = r#"{"type": "object"}"#;
///
///     fn advise(question: &noticing::Question, _: &Self::Settings) -> Result<Vec<Advice>, String> {
///         let on_a_weekend = question
///             .notices
///             .iter()
///             .zip(0..)
///             .filter(|(it, _)| matches!(it.day, Weekday::Saturday | Weekday::Sunday));
///         let reason = || "Nobody is at work at the weekend.".to_owned();
///         Ok(on_a_weekend.map(|(_, at)| Advice { change: Change::ToDigest(at), reason: reason() }).collect())
///     }
/// }
/// # fn main() {}
/// ```
pub trait Notices {
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

    /// Changes of who is told and when, each with a short sentence why.
    ///
    /// # Errors
    /// Why it cannot answer, for the plugin's owner.
    fn advise(question: &Question, settings: &Self::Settings) -> Result<Vec<Advice>, String>;

    /// What is wrong with settings that could be read.
    fn problems(_settings: &Self::Settings) -> Vec<Problem> {
        Vec::new()
    }
}
