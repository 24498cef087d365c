//! What a token says, as far as it is listened to.

use ilt_core::ids::PersonId;
use serde::{Deserialize, Serialize};

/// How issuers call access tokens, in the claim `type` or `typ`.
const ACCESS: [&str; 3] = ["access_token", "Bearer", "at+jwt"];
/// How they call them in the header (RFC 9068).
const IN_HEADER: [&str; 2] = ["at+jwt", "application/at+jwt"];

/// What a token says.
#[derive(Debug, Serialize, Deserialize)]
pub(super) struct Claims {
    pub sub: String,
    pub exp: i64,
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub nbf: Option<i64>,
    /// The application it was issued to.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub azp: Option<String>,
    #[serde(default, rename = "type", skip_serializing_if = "Option::is_none")]
    kind: Option<String>,
    #[serde(default, skip_serializing_if = "Option::is_none")]
    typ: Option<String>,
}

/// What a token is for, by its own words.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum Purpose {
    /// Access.
    Access,
    /// Something else: one to reset a password is signed with the same key; so are Keycloak's for refreshing and for a name badge.
    Another,
    /// It does not say.
    Unsaid,
}

impl Claims {
    /// Those of an access token.
    pub fn for_access(person: PersonId, exp: i64) -> Self {
        Self {
            sub: person.to_string(),
            exp,
            nbf: None,
            azp: None,
            kind: Some(ACCESS[0].to_owned()),
            typ: None,
        }
    }

    /// What it is for. Nothing that it says of itself may speak against access, and something must speak for it.
    pub fn purpose(&self, header: Option<&str>) -> Purpose {
        let is_any = |said: &str, words: &[&str]| words.iter().any(|word| said.eq_ignore_ascii_case(word));
        // That it is a JWT says nothing.
        let header = header.filter(|said| !said.eq_ignore_ascii_case("JWT"));
        let said = [
            self.kind.as_deref().map(|said| is_any(said, &ACCESS)),
            self.typ.as_deref().map(|said| is_any(said, &ACCESS)),
            header.map(|said| is_any(said, &IN_HEADER)),
        ];
        match said.into_iter().flatten().reduce(|one, other| one && other) {
            Some(true) => Purpose::Access,
            Some(false) => Purpose::Another,
            None => Purpose::Unsaid,
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_token_is_for_what_it_says() {
        use Purpose::{Access, Another, Unsaid};
        for (kind, typ, header, expected) in [
            (None, None, None, Unsaid),
            (None, None, Some("JWT"), Unsaid),
            (Some("access_token"), None, Some("JWT"), Access),
            (None, Some("Bearer"), Some("jwt"), Access),
            (None, None, Some("at+jwt"), Access),
            (None, None, Some("application/at+JWT"), Access),
            (Some("password_reset"), None, None, Another),
            (None, Some("Refresh"), Some("JWT"), Another),
            (None, Some("ID"), None, Another),
            (None, None, Some("logout+jwt"), Another),
            (Some("access_token"), Some("Refresh"), None, Another),
            (Some("access_token"), None, Some("logout+jwt"), Another),
        ] {
            let (kind, typ) = (kind.map(str::to_owned), typ.map(str::to_owned));
            let claims = Claims { kind, typ, ..Claims::for_access(PersonId(uuid::Uuid::nil()), 0) };
            assert_eq!(claims.purpose(header), expected, "{claims:?}, {header:?}");
        }
    }
}
