//! Which mail addresses every record store takes for somebody's.

/// Names at the end of an address that no mail is sent to; strict record stores refuse them.
const NOWHERE: [&str; 6] = ["arpa", "invalid", "local", "localhost", "onion", "test"];

/// Whether every record store takes an address as an `mbox`: letters of ASCII, nothing that means something else in an IRI, and a
/// host that ends with a name. Mail reaches many an address that this is not true of.
pub(super) fn is_plain(address: &str) -> bool {
    let Some((user, host)) = address.split_once('@') else { return false };
    let is_of_user = |it: char| it.is_ascii_alphanumeric() || "._+-'".contains(it);
    let is_user =
        user.len() <= 64 && user.split('.').all(|it| !it.is_empty()) && user.chars().all(is_of_user);
    let is_of_host = |it: char| it.is_ascii_alphanumeric() || it == '-';
    let is_label = |it: &str| {
        let is_encoded = it.get(2..4) == Some("--");
        let is_sound = (1..=63).contains(&it.len()) && it.chars().all(is_of_host) && !is_encoded;
        is_sound && !it.starts_with('-') && !it.ends_with('-')
    };
    let is_end = |end: &str| {
        end.chars().all(|it| it.is_ascii_alphabetic()) && !NOWHERE.contains(&end.to_lowercase().as_str())
    };
    let ends_well = host.rsplit_once('.').is_some_and(|(_, end)| is_end(end));
    is_user && ends_well && address.len() <= 254 && host.split('.').all(is_label)
}

#[cfg(test)]
mod tests {
    use rstest::rstest;

    use super::*;

    #[rstest]
    #[case("ada@dealer.example", true)]
    #[case("Ada.O'Brien-2+training_a@sub.dealer-2.example", true)]
    #[case::umlaut("jürgen@dealer.example", false)]
    #[case::idn("ada@autohaus-köln.de", false)]
    #[case::idn_encoded("ada@xn--autohaus-kln-5fb.de", false)]
    #[case::idn_at_the_end("ada@dealer.xn--p1ai", false)]
    #[case("ada#b@dealer.example", false)]
    #[case("ada!b@dealer.example", false)]
    #[case("ada&b@dealer.example", false)]
    #[case("ada/b@dealer.example", false)]
    #[case("ada=b@dealer.example", false)]
    #[case("ada%b@dealer.example", false)]
    #[case("ada?b@dealer.example", false)]
    #[case(".ada@dealer.example", false)]
    #[case("ada..b@dealer.example", false)]
    #[case("ada@-dealer.example", false)]
    #[case("ada@dealer..example", false)]
    #[case("ada@dealer", false)]
    #[case("ada@[127.0.0.1]", false)]
    #[case("ada@127.0.0.1", false)]
    #[case("ada@b@dealer.example", false)]
    #[case("ada@dealer.local", false)]
    #[case("@dealer.example", false)]
    #[case("", false)]
    fn every_record_store_takes(#[case] address: &str, #[case] is_taken: bool) {
        assert_eq!(is_plain(address), is_taken);
    }

    #[test]
    fn long_ones_are_taken_by_few() {
        assert!(is_plain(&format!("{}@dealer.example", "a".repeat(64))));
        assert!(!is_plain(&format!("{}@dealer.example", "a".repeat(65))));
        assert!(!is_plain(&format!("a@{}.example", "a".repeat(64))));
    }
}
