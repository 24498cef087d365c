//! What answers look like. Field names are the contract; the core's types are free to change behind them.

pub mod answers;
mod catalog;
mod person;
mod registration;
mod session;

pub use catalog::{CourseBody, CourseView, LocationBody, LocationView, MissingView};
pub use person::{CompletionView, OwnBody, PersonBody, PersonBrief, PersonView};
pub use registration::{AlternativeView, HistoryView, OddsView, RegistrationView, RosterView, who};
pub use session::{MineView, SeatsView, SessionView, Shower};
