//! What the desk answers when it says yes.

use serde::{Deserialize, Serialize};
use uuid::Uuid;

use crate::attendance::decide::Merged;
use crate::desk::Refusal;
use crate::registration::Registration;
use crate::session::Seats;

/// What was done.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "kebab-case", tag = "done")]
pub enum Reply {
    /// A registration is as it is now.
    Registration {
        /// The registration.
        registration: Box<Registration>,
        /// Its place in the queue, counted from 1, when it has just joined it.
        position: Option<u32>,
        /// The seats of its session afterwards.
        seats: Seats,
        /// Whether this request made it; a repeated one finds it.
        fresh: bool,
    },
    /// Several people's registrations are as they are now, in the order in which the people were named.
    Group {
        /// Their registrations.
        registrations: Vec<Registration>,
        /// The seats of the session afterwards.
        seats: Seats,
        /// Whether this request made them.
        fresh: bool,
    },
    /// Marks were looked at one by one.
    Marked {
        /// What became of each, in the order in which they were sent.
        results: Vec<Result<Merged, Refusal>>,
    },
    /// Things were saved.
    Saved {
        /// How many were new.
        added: usize,
        /// How many were there before and have changed.
        changed: usize,
        /// The id and the version now, when it was a single thing.
        one: Option<(Uuid, u64)>,
    },
    /// It is done, and there is nothing to tell.
    Done,
}

/// What the desk answers.
pub type Answer = Result<Reply, Refusal>;
