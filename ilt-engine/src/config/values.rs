//! Durations and sizes as people write them.

use std::path::Path;

use jiff::SignedDuration;
use secrecy::SecretString;
use serde::de::Error as _;
use serde::{Deserialize, Deserializer};

/// A duration such as `2s` or `30m`.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Duration(pub std::time::Duration);

impl<'de> Deserialize<'de> for Duration {
    fn deserialize<D: Deserializer<'de>>(deserializer: D) -> Result<Self, D::Error> {
        let text = String::deserialize(deserializer)?;
        let duration: Result<SignedDuration, _> = text.parse();
        let duration = duration.ok().filter(|it| !it.is_negative());
        let duration = duration.ok_or_else(|| {
            D::Error::custom(format!("`{text}` is no duration such as 200ms, 2s, 5m or 1h"))
        })?;
        Ok(Self(duration.unsigned_abs()))
    }
}

/// A size such as `64KiB` or `1MiB`, in bytes.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Size(pub usize);

impl<'de> Deserialize<'de> for Size {
    fn deserialize<D: Deserializer<'de>>(deserializer: D) -> Result<Self, D::Error> {
        let text = String::deserialize(deserializer)?;
        let digits = text.trim_end_matches(|letter: char| !letter.is_ascii_digit());
        let unit = match text[digits.len()..].trim() {
            "B" | "" => Some(1),
            "KiB" => Some(1 << 10),
            "MiB" => Some(1 << 20),
            "GiB" => Some(1 << 30),
            _ => None,
        };
        let size = unit.and_then(|unit: usize| digits.parse::<usize>().ok()?.checked_mul(unit));
        size.map(Self).ok_or_else(|| D::Error::custom(format!("`{text}` is no size such as 64KiB or 1MiB")))
    }
}

/// The secret in a file, without the line's end.
pub fn secret_in(path: &Path) -> Result<SecretString, String> {
    let text = std::fs::read_to_string(path)
        .map_err(|error| format!("{} cannot be read: {error}", path.display()))?;
    Ok(SecretString::from(text.trim_end().to_owned()))
}

/// Text as a part of an address.
pub fn percent_encoded(text: &str) -> String {
    let plain = |byte: u8| byte.is_ascii_alphanumeric() || matches!(byte, b'-' | b'.' | b'_' | b'~');
    let letter = |byte: u8| if plain(byte) { char::from(byte).to_string() } else { format!("%{byte:02X}") };
    text.bytes().map(letter).collect()
}
