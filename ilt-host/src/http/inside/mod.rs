//! The router, asked by the program that it is a part of: no socket, and nobody's token.
//!
//! # Flow
//! A [`Question`] says who asks, on that program's word ([`crate::http::access::vouched`]); from there on it is a request like any other. An
//! [`Answer`] is whole, or a stream that goes on until it is dropped.
//!
//! # Not here
//! A limit on connections (there are none), and any way for a request from a network to be believed without a token.

mod opened;

use std::net::IpAddr;

use axum::Router;
use axum::body::{Body, Bytes};
use axum::extract::ConnectInfo;
use axum::http::header::CONTENT_TYPE;
use axum::http::{HeaderMap, HeaderName, HeaderValue, Method, Request, Uri, Version};
use http_body_util::{BodyExt as _, Collected};
use tower::ServiceExt as _;

pub use opened::Opened;

use crate::http::access::vouched::Vouched;
pub use crate::http::access::vouched::Who;
use crate::http::connect::Visitor;
use crate::http::plugins::LARGEST_COMPONENT;
use crate::http::{App, router};

/// Largest body that any address reads, in bytes: whoever gathers one can stop when it is larger.
pub const LARGEST_UPLOAD: usize = LARGEST_COMPONENT;

/// What is asked.
pub struct Question<'a> {
    /// The method, such as `GET`.
    pub method: &'a str,
    /// The path, percent-encoded, with the query behind it.
    pub target: &'a str,
    /// Names and values of headers.
    pub headers: Vec<(&'a [u8], &'a [u8])>,
    /// The whole body.
    pub body: Bytes,
    /// Who asks; nobody, when the request has to say so itself.
    pub who: Option<Who>,
    /// Whether it is asked for somebody outside, and may come only so often a minute.
    pub is_paced: bool,
    /// Where it came from, when it is asked for somebody outside.
    pub from: Option<IpAddr>,
}

/// Why something cannot be asked at all.
#[derive(Debug, thiserror::Error)]
pub enum BadQuestion {
    /// No method.
    #[error("this is no method of HTTP")]
    Method,
    /// No address.
    #[error("this is no path of an address")]
    Target,
    /// No header.
    #[error("a header has a name or a value that HTTP does not allow")]
    Header,
}

impl Question<'_> {
    fn request(self) -> Result<Request<Body>, BadQuestion> {
        let mut request = Request::new(Body::from(self.body));
        *request.method_mut() =
            Method::from_bytes(self.method.as_bytes()).map_err(|_| BadQuestion::Method)?;
        *request.uri_mut() = self.target.parse::<Uri>().map_err(|_| BadQuestion::Target)?;
        // There is no connection on which another request could follow.
        *request.version_mut() = Version::HTTP_2;
        *request.headers_mut() = headers(&self.headers)?;
        if let Some(who) = self.who {
            request.extensions_mut().insert(Vouched { who, is_paced: self.is_paced });
        }
        if let Some(from) = self.from {
            request.extensions_mut().insert(ConnectInfo(Visitor::at(from)));
        }
        Ok(request)
    }
}

fn headers(pairs: &[(&[u8], &[u8])]) -> Result<HeaderMap, BadQuestion> {
    let mut headers = HeaderMap::with_capacity(pairs.len());
    for (name, value) in pairs {
        let name = HeaderName::from_bytes(name).map_err(|_| BadQuestion::Header)?;
        let value = HeaderValue::from_bytes(value).map_err(|_| BadQuestion::Header)?;
        headers.append(name, value);
    }
    Ok(headers)
}

/// What was answered.
pub struct Answer {
    /// The status.
    pub status: u16,
    /// Names and values of headers.
    pub headers: Vec<(Bytes, Bytes)>,
    /// What was said.
    pub body: Said,
}

/// The body of an answer.
pub enum Said {
    /// All of it.
    Whole(Bytes),
    /// What comes, piece by piece.
    Stream(Pieces),
}

/// A body that goes on.
pub struct Pieces(Body);

impl Pieces {
    /// The next piece; `None` at the end, or when it broke off.
    pub async fn next(&mut self) -> Option<Bytes> {
        loop {
            let frame = self.0.frame().await?.ok()?;
            if let Ok(piece) = frame.into_data() {
                return Some(piece);
            }
        }
    }
}

/// The router of one engine. Clones are the same one.
#[derive(Clone)]
pub struct Inside(Router);

impl Inside {
    /// The router of this app.
    pub fn of(app: App) -> Self {
        Self(router(app))
    }

    /// The router among the pages of an application: `who` says who asks, by the headers that the application trusts; nobody when it says
    /// nothing, and a token of this engine's own counts then. They may ask only so often a minute.
    ///
    /// What the application's own routing put beside a request stays outside, so that it may be served under any path.
    pub fn router(&self, who: impl Fn(&HeaderMap) -> Option<Who> + Clone + Send + Sync + 'static) -> Router {
        let inside = self.0.clone();
        Router::new().fallback(move |asked: Request<Body>| {
            let vouched = who(asked.headers()).map(|who| Vouched { who, is_paced: true });
            let (parts, body) = asked.into_parts();
            let mut request = Request::new(body);
            *request.method_mut() = parts.method;
            *request.uri_mut() = parts.uri;
            *request.version_mut() = parts.version;
            *request.headers_mut() = parts.headers;
            if let Some(vouched) = vouched {
                request.extensions_mut().insert(vouched);
            }
            let inside = inside.clone();
            async move {
                let Ok(response) = inside.oneshot(request).await;
                response
            }
        })
    }

    /// Asks. Dropping this is what a client does that goes away: what was accepted is decided all the same.
    ///
    /// # Errors
    /// [`BadQuestion`] for what could not stand in a request.
    pub async fn ask(&self, question: Question<'_>) -> Result<Answer, BadQuestion> {
        let request = question.request()?;
        let Ok(response) = self.0.clone().oneshot(request).await;
        let (parts, body) = response.into_parts();
        let is_stream = parts
            .headers
            .get(CONTENT_TYPE)
            .is_some_and(|kind| kind.as_bytes().starts_with(b"text/event-stream"));
        let body = if is_stream {
            Said::Stream(Pieces(body))
        } else {
            Said::Whole(body.collect().await.map(Collected::to_bytes).unwrap_or_default())
        };
        let header = |(name, value): (&HeaderName, &HeaderValue)| {
            (Bytes::copy_from_slice(name.as_str().as_bytes()), Bytes::copy_from_slice(value.as_bytes()))
        };
        Ok(Answer {
            status: parts.status.as_u16(),
            headers: parts.headers.iter().map(header).collect(),
            body,
        })
    }
}
