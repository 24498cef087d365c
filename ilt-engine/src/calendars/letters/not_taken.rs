//! Why a letter is not taken.

/// Why a letter is not taken, in words for the operator of whoever sent it. Nothing that it says is repeated.
#[derive(Debug, Clone, PartialEq, Eq, thiserror::Error)]
pub enum NotTaken {
    /// Nobody of this name is listened to.
    #[error("no calendar of this name is listened to")]
    Unknown,
    /// It is longer than is read.
    #[error("a webhook has at most {most} bytes")]
    TooLong {
        /// Bytes that are read.
        most: usize,
    },
    /// Nobody who knows the secret has signed it.
    #[error("{said}")]
    Unsigned {
        /// Why, in one word.
        why: &'static str,
        /// Why.
        said: String,
    },
    /// It is signed, and says nothing that can be read.
    #[error("{said}")]
    Unreadable {
        /// Why, in one word.
        why: &'static str,
        /// Why.
        said: String,
    },
    /// Too many wait.
    #[error("too many webhooks wait to be kept")]
    Full,
    /// This host stops.
    #[error("this host takes no more webhooks")]
    Stopping,
}

impl NotTaken {
    /// The word for it, in metrics.
    pub const fn word(&self) -> &'static str {
        match self {
            Self::Unknown => "unknown",
            Self::TooLong { .. } => "too-long",
            Self::Unsigned { why, .. } | Self::Unreadable { why, .. } => why,
            Self::Full => "full",
            Self::Stopping => "stopping",
        }
    }
}
