//! A Cal.com as it is: recorded exchanges read by our types, what is sent, webhooks, and the stand-in held to the recordings.

#[path = "calcom/client/mod.rs"]
mod client;
#[path = "calcom/contract/mod.rs"]
mod contract;
#[path = "calcom/probing.rs"]
mod probing;
#[path = "calcom/replay/mod.rs"]
mod replay;
#[path = "calcom/stories/mod.rs"]
mod stories;
#[path = "calcom/support/mod.rs"]
mod support;
#[path = "calcom/webhooks.rs"]
mod webhooks;
