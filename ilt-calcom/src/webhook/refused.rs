//! Why a webhook is not taken.

/// Why a webhook is not taken; in words for its sender's operator, and without anything of what it said.
#[derive(Debug, Clone, Copy, PartialEq, Eq, thiserror::Error)]
pub enum Refused {
    /// It is longer than is read.
    #[error("the webhook is longer than {most} bytes")]
    TooLong {
        /// Bytes that are read.
        most: usize,
    },
    /// It has no signature.
    #[error("the webhook has no signature (X-Cal-Signature-256)")]
    NoSignature,
    /// Over there no secret is set, and Cal.com says so in the signature's place (recorded: webhook 031).
    #[error("the webhook was registered without a secret: set one, since anybody could have sent this")]
    NoSecret,
    /// The signature is not one of these bytes.
    #[error("the webhook's signature is wrong: is the same secret set on both sides?")]
    BadSignature,
    /// It is no JSON, or nested too deeply.
    #[error("the webhook is no JSON: does it have a template over there?")]
    NotJson,
    /// Something in it is missing, or is not what it should be.
    #[error(
        "the webhook has no {field}, or something else in its place: does it have a template over there?"
    )]
    Incomplete {
        /// Which.
        field: &'static str,
    },
    /// Something in it is longer than it can be.
    #[error("the webhook's {field} is too long")]
    FieldTooLong {
        /// Which.
        field: &'static str,
    },
}
