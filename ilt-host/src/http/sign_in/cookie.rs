//! The cookie that stands for whoever is signed in: no script reads it, no other site's request to change something carries it.

use std::sync::{Arc, Mutex, PoisonError};

use axum::http::header::{COOKIE, SET_COOKIE};
use axum::http::{Extensions, HeaderMap, HeaderValue};
use ilt_core::access::Lasts;
use ilt_core::catalog::Person;

use super::kept::Token;

/// Over https: browsers take it from this host alone, for all of it, and never over anything else.
const PRIVATE: &str = "__Host-ilt";
/// On this machine, where there is no https.
const LOCAL: &str = "ilt";

fn name(is_private: bool) -> &'static str {
    if is_private { PRIVATE } else { LOCAL }
}

/// The token in a request's cookie.
pub fn token(headers: &HeaderMap, is_private: bool) -> Option<Token> {
    let lines = headers.get_all(COOKIE).iter().filter_map(|line| line.to_str().ok());
    let mut pairs = lines.flat_map(|line| line.split(';')).filter_map(|pair| pair.trim().split_once('='));
    let (_, value) = pairs.find(|(it, _)| *it == name(is_private))?;
    Some(Token::from(value.to_owned()))
}

/// The header that gives it, for as long as somebody may stay signed in.
pub fn given(token: &Token, person: &Person, is_private: bool) -> HeaderValue {
    header(token.expose(), Lasts::of(person).whole.as_secs(), is_private)
}

/// The header that takes it back.
pub fn taken_back(is_private: bool) -> HeaderValue {
    header("", 0, is_private)
}

fn header(value: &str, seconds: i64, is_private: bool) -> HeaderValue {
    let (name, secure) = (name(is_private), if is_private { "; Secure" } else { "" });
    let text = format!("{name}={value}; Path=/; HttpOnly; SameSite=Lax; Max-Age={seconds}{secure}");
    let mut header = HeaderValue::from_str(&text).unwrap_or(HeaderValue::from_static(""));
    header.set_sensitive(true);
    header
}

/// What a request's answer gives the browser to keep.
#[derive(Clone, Default)]
pub struct Jar(Arc<Mutex<Option<HeaderValue>>>);

impl Jar {
    /// The one beside a request.
    pub fn of(extensions: &Extensions) -> Self {
        extensions.get::<Self>().cloned().unwrap_or_default()
    }

    /// Puts a cookie in, in the place of any other.
    pub fn put(&self, cookie: HeaderValue) {
        *self.0.lock().unwrap_or_else(PoisonError::into_inner) = Some(cookie);
    }

    /// Gives it.
    pub fn tell(&self, headers: &mut HeaderMap) {
        if let Some(cookie) = self.0.lock().unwrap_or_else(PoisonError::into_inner).take() {
            headers.append(SET_COOKIE, cookie);
        }
    }
}
