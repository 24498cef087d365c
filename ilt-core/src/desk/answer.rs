//! What the desk answers when it says yes.
//!
//! A reply carries everything that whoever asked is shown: it is kept under the key of the request, and said again from there,
//! without a look at what has become of things since.

use serde::{Deserialize, Serialize};
use uuid::Uuid;

use crate::attendance::decide::Merged;
use crate::desk::{Around, Help, Picture, Refusal};
use crate::registration::Registration;
use crate::session::Seats;

/// What was done.
///
/// In JSON each is a field by its own name: a tag inside would have serde read numbers in keys as texts.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
#[serde(rename_all = "kebab-case")]
pub enum Reply {
    /// A registration is as it is now.
    Registration {
        /// The registration.
        registration: Box<Registration>,
        /// Its place in the queue, counted from 1, when it waits.
        position: Option<u32>,
        /// The seats of its session afterwards.
        seats: Seats,
        /// Whether this request made it; a repeated one finds it.
        fresh: bool,
        /// What it is shown with; nothing when a part of this system asked.
        around: Option<Box<Around>>,
    },
    /// Several people's registrations are as they are now, in the order in which the people were named.
    Group {
        /// Their registrations.
        registrations: Vec<Registration>,
        /// The places of those who have just joined the queue, counted from 1; of the others only the whole queue could tell.
        #[serde(default)]
        positions: Vec<Option<u32>>,
        /// The seats of the session afterwards.
        seats: Seats,
        /// Whether this request made them.
        fresh: bool,
        /// What they are shown with; nothing when a part of this system asked.
        around: Option<Box<Around>>,
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
        /// What that is shown as; nothing when a part of this system asked.
        picture: Option<Box<Picture>>,
    },
    /// What would help somebody who was refused.
    Helped(Box<Help>),
    /// It is done, and there is nothing to tell.
    Done,
}

impl Reply {
    /// The same without what it is shown with: what was done, and nothing else.
    #[must_use]
    pub fn bare(mut self) -> Self {
        match &mut self {
            Self::Registration { around, .. } | Self::Group { around, .. } => *around = None,
            Self::Saved { picture, .. } => *picture = None,
            Self::Helped(_) | Self::Marked { .. } | Self::Done => {}
        }
        self
    }
}

/// What the desk answers.
pub type Answer = Result<Reply, Refusal>;
