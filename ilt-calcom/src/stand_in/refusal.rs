//! Refusals, in the shapes that were recorded.

use jiff::Timestamp;
use serde_json::{Value, json};

/// A refusal.
#[derive(Debug, Clone, PartialEq)]
pub enum Refusal {
    /// Nest's shape.
    Long { status: u16, code: &'static str, message: String, details: Value },
    /// The short shape.
    Short { status: u16, message: String },
}

impl Refusal {
    fn long(status: u16, code: &'static str, error: &str, message: &str) -> Self {
        let details = json!({ "message": message, "error": error, "statusCode": status });
        Self::Long { status, code, message: message.to_owned(), details }
    }

    pub fn bad_request(message: &str) -> Self {
        Self::long(400, "BadRequestException", "Bad Request", message)
    }

    pub fn unauthorised(message: &str) -> Self {
        Self::long(401, "UnauthorizedException", "Unauthorized", message)
    }

    pub fn not_found(message: &str) -> Self {
        Self::long(404, "NotFoundException", "Not Found", message)
    }

    pub fn conflict(message: &str) -> Self {
        Self::long(409, "ConflictException", "Conflict", message)
    }

    /// What class-validator finds, with all that was sent (recorded: 009, 012).
    pub fn invalid(errors: Vec<Value>) -> Self {
        let message = "Bad Request Exception".to_owned();
        let details = Value::from_iter([("errors", errors)]);
        Self::Long { status: 400, code: "BadRequestException", message, details }
    }

    pub fn throttled() -> Self {
        let message = "CustomThrottlerGuard - Too many requests. Please try again later.";
        Self::Long {
            status: 429,
            code: "ThrottlerException",
            message: message.to_owned(),
            details: message.into(),
        }
    }

    pub fn short(status: u16, message: &str) -> Self {
        Self::Short { status, message: message.to_owned() }
    }

    pub fn status(&self) -> u16 {
        match self {
            Self::Long { status, .. } | Self::Short { status, .. } => *status,
        }
    }

    /// Whether there is no such call.
    pub fn is_nowhere(&self) -> bool {
        matches!(self, Self::Long { status: 404, message, .. } if message.starts_with("Cannot "))
    }

    /// As it is sent.
    pub fn body(&self, now: Timestamp, path: &str) -> Value {
        match self {
            Self::Long { code, message, details, .. } => json!({
                "status": "error",
                "timestamp": format!("{now:.3}"),
                "path": path,
                "error": { "code": code, "message": message, "details": details },
            }),
            Self::Short { status, message } => json!({ "statusCode": status, "message": message }),
        }
    }
}
