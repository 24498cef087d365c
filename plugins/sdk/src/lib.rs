//! Dealers' own rules, written in Rust: implement [`Rules`] for a say in sessions, say [`plugin!`], and compile for
//! `wasm32-unknown-unknown`.
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
//!
//! Who is told of what, and when, is [`Notices`] and [`notifier!`]; one component can do both: `plugin!(rules: …, notices: …)`.

mod called;
mod component;
mod notices;
mod rules;

// A component is put together from these worlds, so that it exports what it has a say in, and nothing else.

#[doc(hidden)]
pub mod part {
    wit_bindgen::generate!({
        inline: "package ilt:part; world part { import ilt:plugin/journal@0.1.0; export ilt:plugin/about@0.1.0; }",
        path: "../wit/0.1.0",
        pub_export_macro: true,
        export_macro_name: "export",
        with: { "ilt:plugin/journal@0.1.0": generate },
    });
}

#[doc(hidden)]
pub mod scores {
    wit_bindgen::generate!({
        inline: "package ilt:part; world scores { export ilt:plugin/scoring@0.1.0; }",
        path: "../wit/0.1.0",
        pub_export_macro: true,
        export_macro_name: "export",
    });
}

#[doc(hidden)]
pub mod tells {
    wit_bindgen::generate!({
        inline: "package ilt:part; world tells { export ilt:plugin/noticing@0.1.0; }",
        path: "../wit/0.1.0",
        pub_export_macro: true,
        export_macro_name: "export",
        with: { "ilt:plugin/scoring@0.1.0": crate::scores::exports::ilt::plugin::scoring },
    });
}

pub use notices::Notices;
pub use part::exports::ilt::plugin::about::{self, Description, Problem};
pub use part::ilt::plugin::journal;
pub use rules::Rules;
pub use scores::exports::ilt::plugin::scoring::{
    self, Adjustment, Candidate, Course, Joining, Learner, Place, Priority, Question, Weekday,
};
pub use tells::exports::ilt::plugin::noticing::{self, Advice, Change, Happening, Notice, Pace, Role};

#[doc(hidden)]
pub use called::{check_config, describe, read};
