//! What an error must not repeat.

/// The mail addresses in a text: whatever has letters, an `@`, and letters with a dot.
pub fn mails(text: &[u8]) -> Vec<&str> {
    let is_part = |byte: &u8| byte.is_ascii_alphanumeric() || b"@._+-".contains(byte);
    let words = text.split(|byte| !is_part(byte)).filter_map(|word| std::str::from_utf8(word).ok());
    words.filter(|word| is_mail(word)).collect()
}

fn is_mail(word: &str) -> bool {
    let Some((local, domain)) = word.split_once('@') else { return false };
    let has_letters = |part: &str| part.bytes().filter(u8::is_ascii_alphabetic).count() >= 2;
    has_letters(local) && has_letters(domain) && domain.trim_matches('.').contains('.')
}

/// What problems of ours show as an example.
const EXAMPLE: &str = "such as ada@dealer.example";

/// # Panics
/// When `said` repeats a mail address of `asked`.
pub fn no_mail(asked: &[u8], said: &str) {
    let said = said.replace(EXAMPLE, "such as this");
    for mail in mails(asked) {
        assert!(!said.contains(mail), "an error repeats a mail address: {said}");
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn mail_addresses_are_found_among_other_things() {
        let text = b"a;ada@dealer.example,\"Bob <bob.b@x.de>\" @ x@ manager@2000-4000 \xff";
        assert_eq!(mails(text), ["ada@dealer.example", "bob.b@x.de"]);
    }

    #[test]
    fn our_own_example_is_nobodys() {
        no_mail(b"ada@dealer.example", "must be a mail address such as ada@dealer.example");
    }

    #[test]
    #[should_panic(expected = "repeats a mail address")]
    fn what_is_repeated_is_seen() {
        no_mail(b"id,ada@dealer.example", "`ada@dealer.example` is not a UUID");
    }
}
