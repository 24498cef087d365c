//! Tokens: whose they are, and everything that is wrong with those that are refused.

use std::sync::Arc;
use std::sync::atomic::{AtomicUsize, Ordering};

use axum::routing::get;
use ilt_core::testing::FixedClock;
use ilt_engine::config::{Expected, Keys, Signature};
use ilt_host::http::access::auth::{Auth, BadAuth, BadToken};
use jiff::SignedDuration;
use jsonwebtoken::jwk::{Jwk, JwkSet};
use jsonwebtoken::{Algorithm, EncodingKey, Header, encode};
use secrecy::SecretString;
use serde_json::{Value, json};

use crate::harness::{SECRET, Store, TestApp};
use crate::town::{self, ADA};

/// An ES256 key that signs nothing but these tests.
const EC_KEY: &str = "-----BEGIN PRIVATE KEY-----
MIGHAgEAMBMGByqGSM49AgEGCCqGSM49AwEHBG0wawIBAQQgY1M3yZpYNTmtiMyc
+WssG5lwRPjSpKyQMSLSmKNSnwqhRANCAAScYQkiCKkTB8C7iVdDUPZPk1w65lKf
1hdOvEmXTMawCrgJx4IHoeDGL0CyDWw4saygewsyPlqAgQyuKEUZbqpx
-----END PRIVATE KEY-----
";

fn by_secret(change: impl FnOnce(&mut Expected)) -> Auth {
    let mut expected = Expected::by(Keys::Secret(SecretString::from(SECRET)));
    change(&mut expected);
    Auth::new(expected, Arc::new(FixedClock::at(town::now()))).expect("a good secret")
}

/// Claims that are right but for what `change` says.
fn claims(change: Value) -> Value {
    let mut claims = json!({ "sub": ADA, "exp": town::now().as_second() + 60, "type": "access_token" });
    if let (Value::Object(claims), Value::Object(change)) = (&mut claims, change) {
        claims.extend(change);
        claims.retain(|_, value| !value.is_null());
    }
    claims
}

fn signed(algorithm: Algorithm, claims: &Value) -> String {
    encode(&Header::new(algorithm), claims, &EncodingKey::from_secret(SECRET.as_bytes())).expect("a token")
}

#[tokio::test]
async fn the_claims_decide() {
    let now = town::now().as_second();
    let auth = by_secret(|_| {});
    for (change, expected) in [
        (json!({}), Ok(())),
        (json!({ "type": null }), Err(BadToken::Untyped)),
        (json!({ "type": null, "typ": "Bearer" }), Ok(())),
        (json!({ "type": "password_reset", "sub": "ada@dealer.example" }), Err(BadToken::NotAccess)),
        (json!({ "type": "password_reset" }), Err(BadToken::NotAccess)),
        (json!({ "typ": "Refresh" }), Err(BadToken::NotAccess)),
        (json!({ "typ": "ID" }), Err(BadToken::NotAccess)),
        (json!({ "type": 7 }), Err(BadToken::Unreadable)),
        (json!({ "exp": null }), Err(BadToken::Unreadable)),
        (json!({ "sub": null }), Err(BadToken::Unreadable)),
        (json!({ "sub": "ada" }), Err(BadToken::Subject)),
        (json!({ "exp": now }), Err(BadToken::Expired)),
        (json!({ "exp": now + 1 }), Ok(())),
        (json!({ "exp": now + 24 * 3_600 + 60 }), Ok(())),
        (json!({ "exp": now + 24 * 3_600 + 61 }), Err(BadToken::TooLong)),
        (json!({ "exp": i64::MAX }), Err(BadToken::TooLong)),
        (json!({ "nbf": now + 1 }), Err(BadToken::TooEarly)),
        (json!({ "nbf": now }), Ok(())),
        (json!({ "aud": "anybody", "iss": "anybody" }), Ok(())),
    ] {
        let token = signed(Algorithm::HS256, &claims(change.clone()));
        assert_eq!(auth.subject(&token).await.map(drop), expected, "{change}");
    }
}

#[tokio::test]
async fn clocks_may_differ_by_the_leeway() {
    let auth = by_secret(|expected| expected.leeway = 30);
    for (late, expected) in [(29, Ok(())), (30, Err(BadToken::Expired))] {
        let token = signed(Algorithm::HS256, &claims(json!({ "exp": town::now().as_second() - late })));
        assert_eq!(auth.subject(&token).await.map(drop), expected, "{late} s late");
    }
}

#[tokio::test]
async fn issuer_and_audience_count_when_they_are_set() {
    let auth = by_secret(|expected| {
        expected.issuer = Some("https://sso.example".to_owned());
        expected.audience = Some("ilt".to_owned());
    });
    for (change, is_good) in [
        (json!({ "iss": "https://sso.example", "aud": "ilt" }), true),
        (json!({ "iss": "https://sso.example", "aud": ["other", "ilt"] }), true),
        (json!({ "iss": "https://evil.example", "aud": "ilt" }), false),
        (json!({ "iss": "https://sso.example", "aud": "other" }), false),
        (json!({ "iss": "https://sso.example" }), false),
        (json!({ "aud": "ilt" }), false),
    ] {
        let token = signed(Algorithm::HS256, &claims(change.clone()));
        assert_eq!(auth.subject(&token).await.is_ok(), is_good, "{change}");
    }
}

#[tokio::test]
async fn applications_count_when_they_are_named() {
    let auth = by_secret(|expected| expected.parties = vec!["training".to_owned(), "kiosk".to_owned()]);
    for (change, expected) in [
        (json!({ "azp": "training" }), Ok(())),
        (json!({ "azp": "kiosk", "aud": "account" }), Ok(())),
        (json!({ "azp": "Training" }), Err(BadToken::Party)),
        (json!({ "azp": "wiki" }), Err(BadToken::Party)),
        (json!({}), Err(BadToken::Party)),
        (json!({ "azp": ["training"] }), Err(BadToken::Unreadable)),
    ] {
        let token = signed(Algorithm::HS256, &claims(change.clone()));
        assert_eq!(auth.subject(&token).await.map(drop), expected, "{change}");
    }
}

#[tokio::test]
async fn what_does_not_say_what_it_is_for_is_taken_where_that_is_said() {
    let auth = by_secret(|expected| expected.untyped = true);
    for (change, expected) in [
        (json!({ "type": null }), Ok(())),
        (json!({ "type": "password_reset" }), Err(BadToken::NotAccess)),
        (json!({ "type": null, "typ": "Refresh" }), Err(BadToken::NotAccess)),
    ] {
        let token = signed(Algorithm::HS256, &claims(change.clone()));
        assert_eq!(auth.subject(&token).await.map(drop), expected, "{change}");
    }
}

#[tokio::test]
async fn the_algorithm_is_ours_to_choose() {
    let auth = by_secret(|_| {});
    for algorithm in [Algorithm::HS384, Algorithm::HS512] {
        let token = signed(algorithm, &claims(json!({})));
        assert_eq!(auth.subject(&token).await, Err(BadToken::Unreadable), "{algorithm:?}");
    }
    let good = signed(Algorithm::HS256, &claims(json!({})));
    let (_, rest) = good.split_once('.').expect("a token");
    let (body, signature) = rest.split_once('.').expect("a token");
    // {"alg":"none"}
    for forged in [
        format!("eyJhbGciOiJub25lIn0.{body}."),
        format!("eyJhbGciOiJub25lIn0.{body}.{signature}"),
        good[..good.len() - 4].to_owned(),
        String::new(),
        "a.b.c".to_owned(),
    ] {
        assert_eq!(auth.subject(&forged).await, Err(BadToken::Unreadable), "{forged}");
    }
}

#[tokio::test]
async fn what_a_token_demands_and_nobody_here_understands_refuses_it() {
    let auth = by_secret(|_| {});
    let header = Header { crit: Some(vec!["b64".to_owned()]), ..Header::new(Algorithm::HS256) };
    let key = EncodingKey::from_secret(SECRET.as_bytes());
    let token = encode(&header, &claims(json!({})), &key).expect("a token");
    assert_eq!(auth.subject(&token).await, Err(BadToken::Critical));
}

#[test]
fn a_secret_that_is_none_is_refused() {
    let clock = Arc::new(FixedClock::at(town::now()));
    let with = |keys| Auth::new(Expected::by(keys), clock.clone()).map(drop);
    let secret = |text: &str| Keys::Secret(SecretString::from(text));
    assert!(matches!(with(secret("short")), Err(BadAuth::ShortSecret)));
    assert!(matches!(with(secret("your-secret-key-change-in-production")), Err(BadAuth::KnownSecret)));
}

#[tokio::test]
async fn a_token_runs_out() {
    let app = TestApp::on(Store::Memory).await;
    let ada = app.client(ADA);
    assert_eq!(ada.get("/v1/me").await.status, 200);
    app.clock.set(town::now() + SignedDuration::from_hours(1));
    insta::assert_snapshot!(ada.get("/v1/me").await, @r#"
    401
    content-type: application/problem+json
    www-authenticate: Bearer
    cache-control: no-store

    {
      "code": "unauthenticated",
      "detail": "the token has expired",
      "status": 401,
      "title": "Who are you?",
      "trace_id": "00000000-0000-7000-8000-0000000000ff",
      "type": "/problems/unauthenticated"
    }
    "#);
}

/// Publishes keys, and counts how often it is asked.
async fn publisher(keys: JwkSet) -> (String, Arc<AtomicUsize>) {
    let asked = Arc::new(AtomicUsize::new(0));
    let count = asked.clone();
    let answer = async move || {
        count.fetch_add(1, Ordering::SeqCst);
        axum::Json(keys)
    };
    let router = axum::Router::new().route("/keys", get(answer));
    let listener = tokio::net::TcpListener::bind("127.0.0.1:0").await.expect("a port");
    let address = listener.local_addr().expect("an address");
    tokio::spawn(async move { axum::serve(listener, router).await });
    (format!("http://{address}/keys"), asked)
}

fn published(kid: &str, claims: &Value, key: &EncodingKey) -> String {
    let header = Header { kid: Some(kid.to_owned()), ..Header::new(Algorithm::ES256) };
    encode(&header, claims, key).expect("a token")
}

#[tokio::test]
async fn keys_are_fetched_once_and_again_only_when_they_may_have_changed() {
    let key = EncodingKey::from_ec_pem(EC_KEY.as_bytes()).expect("a key");
    let mut jwk = Jwk::from_encoding_key(&key, Algorithm::ES256).expect("its public half");
    jwk.common.key_id = Some("one".to_owned());
    let public = serde_json::to_string(&jwk).expect("JSON");
    let (url, asked) = publisher(JwkSet { keys: vec![jwk] }).await;
    let clock = Arc::new(FixedClock::at(town::now()));
    let auth =
        Auth::new(Expected::by(Keys::Jwks(url, Signature::Es256)), clock.clone()).expect("good settings");
    let good = published("one", &claims(json!({ "exp": town::now().as_second() + 9_000 })), &key);

    let all = futures::future::join_all((0..8).map(|_| auth.subject(&good))).await;
    assert!(all.iter().all(Result::is_ok), "{all:?}");
    assert_eq!(asked.load(Ordering::SeqCst), 1, "eight at once ask once");

    // A key that nobody knows is worth one more question, but not one for each attempt.
    let unknown = published("two", &claims(json!({})), &key);
    for _ in 0..5 {
        assert_eq!(auth.subject(&unknown).await, Err(BadToken::Unreadable));
    }
    assert_eq!(asked.load(Ordering::SeqCst), 1);
    clock.set(town::now() + SignedDuration::from_secs(11));
    assert_eq!(auth.subject(&unknown).await, Err(BadToken::Unreadable));
    assert_eq!(auth.subject(&unknown).await, Err(BadToken::Unreadable));
    assert_eq!(asked.load(Ordering::SeqCst), 2);

    // The public key is no shared secret.
    let header = Header { kid: Some("one".to_owned()), ..Header::new(Algorithm::HS256) };
    for secret in [public.as_bytes(), EC_KEY.as_bytes()] {
        let confused =
            encode(&header, &claims(json!({})), &EncodingKey::from_secret(secret)).expect("a token");
        assert_eq!(auth.subject(&confused).await, Err(BadToken::Unreadable));
    }
}

#[tokio::test]
async fn without_keys_nobody_gets_in_and_nobody_is_hammered() {
    let clock = Arc::new(FixedClock::at(town::now()));
    // Nothing listens on the discard port.
    let keys = Keys::Jwks("http://127.0.0.1:9/keys".to_owned(), Signature::Es256);
    let auth = Auth::new(Expected::by(keys), clock).expect("good settings");
    let token = signed(Algorithm::HS256, &claims(json!({})));
    assert_eq!(auth.subject(&token).await, Err(BadToken::NoKeys));
    assert_eq!(auth.subject(&token).await, Err(BadToken::NoKeys));
}
