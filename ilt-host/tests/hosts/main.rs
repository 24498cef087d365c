//! Hosts that are served: races on real databases, live seats, hosts that are killed and stopped, statements told and forwarded.

#[path = "../served/mod.rs"]
mod served;

mod forwarding;
mod live;
mod races;
mod sigkill;
mod stopping;
mod telling;
#[cfg(feature = "calcom")]
mod webhooks;
