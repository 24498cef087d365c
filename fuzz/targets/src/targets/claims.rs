//! What a token says, signed by somebody we trust: any JSON.

use jsonwebtoken::{EncodingKey, Header, encode};
use serde_json::Value;

use crate::Target;
use crate::host::{SECRET, on_host};

pub const TARGET: Target = Target {
    name: "claims",
    reads: "the claims of a token that is rightly signed",
    run,
    words: &[
        "\"exp\":",
        "9223372036854775807",
        "-9223372036854775808",
        "1e300",
        "\"nbf\":",
        "\"type\":\"access_token\"",
        "\"typ\":\"Bearer\"",
        "\"sub\":\"10000000-0000-4000-8000-0000000000a1\"",
        "\"aud\":[]",
        "null",
    ],
};

fn run(input: &[u8]) {
    let Ok(claims) = serde_json::from_slice::<Value>(input) else { return };
    let key = EncodingKey::from_secret(SECRET.as_bytes());
    let token = encode(&Header::default(), &claims, &key).expect("a token");
    on_host(|host| {
        let now = host.engine.ports().clock.now().as_second();
        match host.wait(host.auth.subject(&token)) {
            Ok(person) => {
                assert_eq!(claims["sub"].as_str().and_then(|it| it.parse().ok()), Some(person), "{claims}");
                assert!(claims["exp"].as_i64().is_some_and(|exp| exp > now), "it has expired: {claims}");
                let is_early = claims["nbf"].as_i64().is_some_and(|from| from > now);
                assert!(!is_early, "it is not valid yet: {claims}");
                let is_long = claims["exp"].as_i64().is_some_and(|exp| exp > now + 24 * 3_600 + 60);
                assert!(!is_long, "it is valid for days: {claims}");
                assert!(claims["type"].is_string() || claims["typ"].is_string(), "what is it for? {claims}");
            }
            Err(bad) => assert!(!bad.to_string().contains(&token), "an error repeats a token"),
        }
    });
}
