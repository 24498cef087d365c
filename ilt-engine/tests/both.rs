//! Both sides of a calendar: people act here and in a Cal.com that stands in for the real one, and it comes to the same on both.
//!
//! A random history that fails names its seed: `ILT_SEED=17 cargo test --workspace --all-features --test both histories` plays it alone, and
//! `ILT_HISTORIES=5000` plays so many.

#![cfg(feature = "calcom")]

#[path = "both/agreement.rs"]
mod agreement;
#[path = "both/guided.rs"]
mod guided;
#[path = "both/heard.rs"]
mod heard;
#[path = "both/histories.rs"]
mod histories;
#[path = "both/house.rs"]
mod house;
#[path = "both/people.rs"]
mod people;
#[path = "both/rearranged.rs"]
mod rearranged;
#[path = "both/town.rs"]
mod town;
