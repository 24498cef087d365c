//! Dealers' own rules, written in Rust: implement [`Rules`], say [`plugin!`], and compile for `wasm32-unknown-unknown`.
//!
//! ```
//! use ilt_plugin::{Adjustment, Question, Rules};
//! use serde::Deserialize;
//!
//! #[derive(Deserialize)]
//! struct Settings { most_km: f64 }
//!
//! struct CloseToHome;
//!
//! impl Rules for CloseToHome {
//!     type Settings = Settings;
//!     const NAME: &str = "close-to-home";
//!     const VERSION: &str = "1.0.0";
//!     const SUMMARY: &str = "Sessions that are further away than we travel come last.";
//!     const SETTINGS: &str = r#"{"type": "object", "required": ["most_km"], "properties": {"most_km": {"type": "number"}}}"#;
//!
//!     fn adjust(question: &Question, settings: &Settings) -> Result<Vec<Adjustment>, String> {
//!         let far = question.candidates.iter().zip(0..).filter(|(it, _)| {
//!             question.places[it.place as usize].distance_km.is_some_and(|km| km > settings.most_km)
//!         });
//!         let reason = || "Further than your dealer travels.".to_owned();
//!         Ok(far.map(|(_, candidate)| Adjustment { candidate, change: -0.3, reason: reason() }).collect())
//!     }
//! }
//! # fn main() {}
//! ```
//!
//! A plugin that cannot answer returns an error with the reason, which its owner reads; a panic is told without one.

use serde::de::DeserializeOwned;

wit_bindgen::generate!({
    path: "../wit/0.1.0",
    world: "scorer",
    pub_export_macro: true,
    export_macro_name: "export",
});

pub use exports::ilt::plugin::about::{self, Description, Problem};
pub use exports::ilt::plugin::scoring::{
    self, Adjustment, Candidate, Course, Joining, Learner, Place, Priority, Question, Weekday,
};
pub use ilt::plugin::journal;

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

#[doc(hidden)]
pub mod called {
    use super::*;

    pub fn describe<R: Rules>() -> Description {
        Description {
            name: R::NAME.to_owned(),
            version: R::VERSION.to_owned(),
            summary: R::SUMMARY.to_owned(),
            settings: R::SETTINGS.to_owned(),
        }
    }

    pub fn check_config<R: Rules>(settings: &str) -> Vec<Problem> {
        match serde_json::from_str(settings) {
            Ok(settings) => R::problems(&settings),
            Err(error) => vec![Problem { pointer: String::new(), detail: error.to_string() }],
        }
    }

    pub fn read<R: Rules>(settings: &str) -> Result<R::Settings, String> {
        serde_json::from_str(settings).map_err(|error| format!("the settings cannot be read: {error}"))
    }
}

/// Makes a component of an implementation of [`Rules`].
#[macro_export]
macro_rules! plugin {
    ($rules:ty) => {
        struct Component;

        impl $crate::about::Guest for Component {
            fn describe() -> $crate::Description {
                $crate::called::describe::<$rules>()
            }

            fn check_config(settings: String) -> Vec<$crate::Problem> {
                $crate::called::check_config::<$rules>(&settings)
            }
        }

        impl $crate::scoring::Guest for Component {
            fn adjust(
                question: $crate::Question,
                settings: String,
            ) -> Result<Vec<$crate::Adjustment>, String> {
                let settings = $crate::called::read::<$rules>(&settings)?;
                <$rules as $crate::Rules>::adjust(&question, &settings)
            }

            fn prioritise(
                joining: $crate::Joining,
                settings: String,
            ) -> Result<Option<$crate::Priority>, String> {
                let settings = $crate::called::read::<$rules>(&settings)?;
                <$rules as $crate::Rules>::prioritise(&joining, &settings)
            }
        }

        $crate::export!(Component with_types_in $crate);
    };
}
