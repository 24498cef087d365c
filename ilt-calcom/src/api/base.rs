//! Where a Cal.com is: an address of any shape that people have for it.

use reqwest::Url;

/// An address that no call can be made to.
#[derive(Debug, Clone, PartialEq, Eq, thiserror::Error)]
pub enum BadBase {
    /// It is no address.
    #[error("Cal.com's address must be a URL such as https://api.cal.example")]
    Unreadable,
    /// It is no address of the web.
    #[error("Cal.com's address must begin with https:// or http://")]
    Scheme,
    /// It has a name and a password in it.
    #[error("Cal.com's address must not have a name or password in it: a key is set on its own")]
    Credentials,
    /// It asks something.
    #[error("Cal.com's address must end with a path, without `?` or `#`")]
    Query,
}

/// The address that `/v2/…` follows.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Base(Url);

impl Base {
    /// Reads an address. With or without a slash, `/v2` or a folder in front of it (`/api`): all mean the same place.
    ///
    /// # Errors
    /// [`BadBase`] that says what is wrong with it.
    pub fn new(address: &str) -> Result<Self, BadBase> {
        let mut url: Url = address.trim().parse().map_err(|_| BadBase::Unreadable)?;
        if !matches!(url.scheme(), "https" | "http") || !url.has_host() {
            return Err(BadBase::Scheme);
        }
        if !url.username().is_empty() || url.password().is_some() {
            return Err(BadBase::Credentials);
        }
        if url.query().is_some() || url.fragment().is_some() {
            return Err(BadBase::Query);
        }
        let path = url.path().trim_end_matches('/');
        let path = path.strip_suffix("/v2").unwrap_or(path).trim_end_matches('/').to_owned();
        url.set_path(&path);
        Ok(Self(url))
    }

    /// The address of one resource. Parts are kept apart: one with a slash in it reaches nothing else.
    pub(super) fn join(&self, parts: &[&str]) -> Url {
        self.below(["v2"].iter().chain(parts))
    }

    /// The page on which anybody who knows of it can book what is found under a slug, when this is the address of Cal.com's pages.
    pub fn page(&self, username: &str, slug: &str) -> String {
        self.below([username, slug].iter()).into()
    }

    fn below<'a>(&self, parts: impl Iterator<Item = &'a &'a str>) -> Url {
        let mut url = self.0.clone();
        if let Ok(mut path) = url.path_segments_mut() {
            path.pop_if_empty().extend(parts);
        }
        url
    }
}

#[cfg(test)]
mod tests {
    use rstest::rstest;

    use super::*;

    #[rstest]
    #[case::bare("https://api.cal.example", "https://api.cal.example/v2/me")]
    #[case::with_a_slash("https://api.cal.example/", "https://api.cal.example/v2/me")]
    #[case::with_the_version("https://api.cal.example/v2", "https://api.cal.example/v2/me")]
    #[case::with_both(" https://api.cal.example/v2// ", "https://api.cal.example/v2/me")]
    #[case::behind_the_web("https://cal.example/api", "https://cal.example/api/v2/me")]
    #[case::behind_the_web_with_the_version("https://cal.example/api/v2/", "https://cal.example/api/v2/me")]
    #[case::at_a_port("http://127.0.0.1:5555", "http://127.0.0.1:5555/v2/me")]
    fn every_shape_means_the_same_place(#[case] address: &str, #[case] me: &str) {
        assert_eq!(Base::new(address).expect("an address").join(&["me"]).as_str(), me);
    }

    #[rstest]
    #[case::no_address("cal.example", BadBase::Unreadable)]
    #[case::nothing("", BadBase::Unreadable)]
    #[case::a_file("file:///v2", BadBase::Scheme)]
    #[case::with_a_key("https://cal_1@cal.example", BadBase::Credentials)]
    #[case::with_a_question("https://cal.example/?a=b", BadBase::Query)]
    fn others_are_refused(#[case] address: &str, #[case] why: BadBase) {
        assert_eq!(Base::new(address), Err(why));
    }

    #[test]
    fn an_id_leads_nowhere_else() {
        let base = Base::new("https://cal.example").expect("an address");
        assert_eq!(base.join(&["bookings", "../me?x#y"]).path(), "/v2/bookings/..%2Fme%3Fx%23y");
        let page = base.page("ina\"><script>", "ilt-1");
        assert_eq!(page, "https://cal.example/ina%22%3E%3Cscript%3E/ilt-1", "it can stand in HTML");
    }
}
