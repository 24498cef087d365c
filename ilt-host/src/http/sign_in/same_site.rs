//! A request that changes something, with a cookie, must come from this host's own pages: any other page can have a browser send one.

use axum::http::header::{HOST, ORIGIN};
use axum::http::{HeaderMap, Method};
use ilt_engine::config::Limits;

use crate::http::access::sender::{self, Asked};
use crate::http::wire::problem::Problem;

/// Whether a request with this method changes nothing.
pub fn is_safe(method: &Method) -> bool {
    *method == Method::GET || *method == Method::HEAD
}

/// That the browser says so, in `Sec-Fetch-Site`; one that is older, in `Origin`.
///
/// # Errors
/// `cross-site` for a page of another site, and where nothing is said.
pub fn check(asked: Asked<'_>, limits: &Limits) -> Result<(), Problem> {
    let said = |name: &str| asked.0.get(name).and_then(|value| value.to_str().ok());
    let is_own = match said("sec-fetch-site") {
        Some(site) => site == "same-origin",
        None => said(ORIGIN.as_str()).is_some_and(|origin| own(asked, limits).as_deref() == Some(origin)),
    };
    let detail = "with a cookie, only this host's own pages change something; another program sends a token";
    if is_own { Ok(()) } else { Err(Problem::new("cross-site", detail)) }
}

/// What this host's pages call their origin.
fn own(asked: Asked<'_>, limits: &Limits) -> Option<String> {
    if !limits.public_url.is_empty() {
        let (scheme, rest) = limits.public_url.split_once("://")?;
        return Some(format!("{scheme}://{}", rest.split('/').next()?));
    }
    let scheme = if sender::is_private(asked, &limits.proxies) { "https" } else { "http" };
    Some(format!("{scheme}://{}", host(asked.0)?))
}

/// The name that whoever asks calls this host by.
pub fn host(headers: &HeaderMap) -> Option<&str> {
    headers.get(HOST)?.to_str().ok()
}

#[cfg(test)]
mod tests {
    use axum::http::{Extensions, HeaderName};

    use super::*;

    #[test]
    fn only_a_page_of_this_host_changes_something() {
        for (headers, public_url, is_own) in [
            (&[("sec-fetch-site", "same-origin")][..], "", true),
            (
                &[("sec-fetch-site", "same-site"), ("origin", "http://a.example"), ("host", "a.example")],
                "",
                false,
            ),
            (&[("sec-fetch-site", "cross-site")], "", false),
            (&[("sec-fetch-site", "none")], "", false),
            (&[], "", false),
            (&[("origin", "http://a.example:8090"), ("host", "a.example:8090")], "", true),
            (&[("origin", "https://a.example"), ("host", "a.example")], "", false),
            (&[("origin", "http://a.example"), ("host", "b.example")], "", false),
            (&[("origin", "null"), ("host", "a.example")], "", false),
            (&[("origin", "https://t.example"), ("host", "inside:8090")], "https://t.example/training", true),
            (&[("origin", "http://inside:8090"), ("host", "inside:8090")], "https://t.example", false),
        ] {
            let pairs = headers
                .iter()
                .map(|(name, value)| (HeaderName::from_static(name), value.parse().expect("a value")));
            let (headers, extensions) = (pairs.collect::<HeaderMap>(), Extensions::new());
            let limits = Limits { public_url: public_url.to_owned(), ..Limits::default() };
            assert_eq!(check((&headers, &extensions), &limits).is_ok(), is_own, "{headers:?} {public_url}");
        }
    }
}
