//! What goes to a real Kafka and comes from it.
#![cfg(feature = "kafka")]

#[path = "../served/mod.rs"]
mod served;

mod bridging;
mod consuming;
mod relaying;
