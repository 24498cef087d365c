//! Where a request comes from, and whether anybody could read along: what the connection says, or a proxy that is trusted.

use std::net::{IpAddr, SocketAddr};

use axum::extract::ConnectInfo;
use axum::http::{Extensions, HeaderMap};
use ilt_engine::config::Proxies;

use crate::http::connect::Visitor;

/// Headers and extensions of a request.
pub type Asked<'a> = (&'a HeaderMap, &'a Extensions);

/// The address it came from, where that is known. Each proxy adds whoever asked it behind what it was told; what stands before the first
/// that nobody trusts is that one's word alone.
pub fn address((headers, extensions): Asked<'_>, proxies: &Proxies) -> Option<IpAddr> {
    let mut address = visitor(extensions)?.address;
    let told = headers.get_all("x-forwarded-for");
    let mut told =
        told.iter().filter_map(|it| it.to_str().ok()).flat_map(|it| it.split(',')).collect::<Vec<_>>();
    while proxies.trust(address) {
        let Some(before) = told.pop().and_then(read) else { break };
        address = before.to_canonical();
    }
    Some(address)
}

/// An address as proxies write it: by itself, in quotes or brackets, with a port behind it.
fn read(word: &str) -> Option<IpAddr> {
    let word = word.trim().trim_matches('"');
    let bare = || word.strip_prefix('[')?.strip_suffix(']')?.parse().ok();
    let with_port = || word.parse::<SocketAddr>().ok().map(|it| it.ip());
    word.parse().ok().or_else(with_port).or_else(bare)
}

/// Whether it came by https: the last to say so is the proxy itself.
pub fn is_private((headers, extensions): Asked<'_>, proxies: &Proxies) -> bool {
    let last = || headers.get_all("x-forwarded-proto").iter().next_back()?.to_str().ok()?.rsplit(',').next();
    let says_so = || last().is_some_and(|word| word.trim().eq_ignore_ascii_case("https"));
    visitor(extensions).is_some_and(|it| it.is_private || (proxies.trust(it.address) && says_so()))
}

fn visitor(extensions: &Extensions) -> Option<&Visitor> {
    extensions.get::<ConnectInfo<Visitor>>().map(|ConnectInfo(visitor)| visitor)
}

#[cfg(test)]
mod tests {
    use super::*;

    fn seen(peer: &str, told: &[&str]) -> String {
        let proxies =
            Proxies::try_from(vec!["10.0.0.0/8".to_owned(), "fd00::5".to_owned()]).expect("networks");
        let (mut headers, mut extensions) = (HeaderMap::new(), Extensions::new());
        for line in told {
            headers.append("x-forwarded-for", line.parse().expect("a value"));
        }
        extensions.insert(ConnectInfo(Visitor::at(peer.parse().expect("an address"))));
        address((&headers, &extensions), &proxies).expect("known").to_string()
    }

    #[test]
    fn only_proxies_that_are_trusted_say_for_whom_they_ask() {
        for (peer, told, expected) in [
            ("198.51.100.7", &[][..], "198.51.100.7"),
            ("198.51.100.7", &["203.0.113.1"], "198.51.100.7"),
            ("10.0.0.1", &["203.0.113.1"], "203.0.113.1"),
            ("10.0.0.1", &[], "10.0.0.1"),
            ("10.0.0.1", &["203.0.113.9, 203.0.113.1"], "203.0.113.1"),
            ("10.0.0.1", &["203.0.113.9", "203.0.113.1, 10.0.0.2"], "203.0.113.1"),
            ("10.0.0.1", &["203.0.113.9, unknown, 10.0.0.2"], "10.0.0.2"),
            ("10.0.0.1", &["10.0.0.3, 10.0.0.2"], "10.0.0.3"),
            ("10.0.0.1", &["203.0.113.1:4444"], "203.0.113.1"),
            ("10.0.0.1", &["\"[2001:db8::1]:55\""], "2001:db8::1"),
            ("10.0.0.1", &["[2001:db8::1]"], "2001:db8::1"),
            ("fd00::5", &["::ffff:203.0.113.1"], "203.0.113.1"),
            ("fd00::6", &["203.0.113.1"], "fd00::6"),
            ("::ffff:10.0.0.1", &["203.0.113.1"], "203.0.113.1"),
        ] {
            assert_eq!(seen(peer, told), expected, "{peer}, {told:?}");
        }
    }

    #[test]
    fn https_is_what_the_connection_is_or_a_trusted_proxy_says() {
        let proxies = Proxies::try_from(vec!["10.0.0.1".to_owned()]).expect("an address");
        let mut said = HeaderMap::new();
        said.insert("x-forwarded-proto", "https".parse().expect("a value"));
        let mut forged = said.clone();
        forged.append("x-forwarded-proto", "http".parse().expect("a value"));
        for (peer, is_private, headers, expected) in [
            ("10.0.0.1", false, &HeaderMap::new(), false),
            ("10.0.0.1", false, &said, true),
            ("10.0.0.1", false, &forged, false),
            ("10.0.0.2", false, &said, false),
            ("10.0.0.2", true, &HeaderMap::new(), true),
        ] {
            let mut extensions = Extensions::new();
            let visitor = Visitor::at(peer.parse().expect("an address"));
            extensions.insert(ConnectInfo(Visitor { is_private, ..visitor }));
            assert_eq!(super::is_private((headers, &extensions), &proxies), expected, "{peer}");
        }
    }
}
