//! What time it is.

use jiff::Timestamp;

/// What time it is, in whole microseconds: what is saved equals what is read back.
pub trait Clock: Send + Sync {
    /// Now.
    fn now(&self) -> Timestamp;
}
