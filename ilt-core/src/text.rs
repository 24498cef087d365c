//! Texts as people write them: one form for what looks alike, one for finding and sorting, and whether there is anything to be seen.

use unicode_normalization::UnicodeNormalization as _;

/// The same text in the form in which every letter is one character where it can be (NFC): names come decomposed from some systems'
/// files, and look no different.
pub fn composed(text: &str) -> String {
    text.nfc().collect()
}

/// What a text is found and sorted by: small letters without accents, so that `Ärger` stands beside `anna`.
pub fn folded(text: &str) -> String {
    let mut folded = String::with_capacity(text.len());
    for letter in text.nfkd().filter(|it| !is_accent(*it)).flat_map(char::to_lowercase) {
        match letter {
            'æ' => folded.push_str("ae"),
            'œ' => folded.push_str("oe"),
            'ß' => folded.push_str("ss"),
            'þ' => folded.push_str("th"),
            'đ' | 'ð' => folded.push('d'),
            'ı' => folded.push('i'),
            'ł' => folded.push('l'),
            'ø' => folded.push('o'),
            accent if is_accent(accent) => {}
            other => folded.push(other),
        }
    }
    folded
}

/// An accent that stands by itself, behind its letter.
pub fn is_accent(letter: char) -> bool {
    ('\u{300}'..='\u{36f}').contains(&letter)
}

/// What is wrong with a text of more than so many characters.
pub(crate) fn too_long(text: &str, most: usize) -> Option<String> {
    (text.chars().count() > most).then(|| format!("must be at most {most} characters"))
}

/// Whether nobody sees anything of it: spaces, and characters that only say how others are joined or which way they run.
pub fn is_invisible(text: &str) -> bool {
    text.chars().all(|it| it.is_whitespace() || it.is_control() || is_mark_of_form(it))
}

/// Whether it turns the direction in which what follows is read, as no name needs to.
pub fn turns_around(letter: char) -> bool {
    matches!(letter, '\u{202a}'..='\u{202e}' | '\u{2066}'..='\u{2069}')
}

/// The beginning of a text that somebody else wrote, as it can stand in a line: no control characters, and nothing that turns the direction.
pub fn in_line(text: &str, most: usize) -> String {
    text.chars().take(most).map(|it| if it.is_control() || turns_around(it) { ' ' } else { it }).collect()
}

fn is_mark_of_form(letter: char) -> bool {
    // The last two of each plane are no characters, and never will be.
    turns_around(letter)
        || u32::from(letter) & 0xfffe == 0xfffe
        || matches!(
            letter,
            '\u{1bca0}'..='\u{1bca3}' | '\u{1d173}'..='\u{1d17a}' |
            '\u{ad}' | '\u{34f}' | '\u{61c}' | '\u{115f}' | '\u{1160}' | '\u{17b4}' | '\u{17b5}' | '\u{180b}'..='\u{180f}'
                | '\u{200b}'..='\u{200f}' | '\u{2060}'..='\u{2065}' | '\u{206a}'..='\u{206f}' | '\u{2800}' | '\u{3164}'
                | '\u{fe00}'..='\u{fe0f}' | '\u{feff}' | '\u{ffa0}' | '\u{fff0}'..='\u{fffb}' | '\u{e0000}'..='\u{e0fff}'
        )
}

#[cfg(test)]
mod tests {
    use rstest::rstest;

    use super::{composed, folded, is_invisible};

    #[test]
    fn what_looks_alike_is_alike() {
        assert_eq!(composed("Mu\u{308}ller A\u{30a}ngstro\u{308}m"), "Müller Ångström");
        assert_eq!(composed("e\u{301}e\u{301}"), "éé");
    }

    #[rstest]
    #[case("Müller", "muller")]
    #[case("Mu\u{308}ller", "muller")]
    #[case("STRASSE", "strasse")]
    #[case("Straße", "strasse")]
    #[case("Łódź", "lodz")]
    #[case("Ærø", "aero")]
    #[case("İstanbul", "istanbul")]
    #[case("Ångström", "angstrom")]
    #[case("ﬁne", "fine")]
    #[case("Çelik Şahin", "celik sahin")]
    fn a_text_is_found_without_its_accents(#[case] text: &str, #[case] by: &str) {
        assert_eq!(folded(text), by);
    }

    #[test]
    fn names_stand_as_in_a_register() {
        let mut names = ["Zimmer", "Ärger", "anna", "Bauer", "Öz"];
        names.sort_by_key(|name| folded(name));
        assert_eq!(names, ["anna", "Ärger", "Bauer", "Öz", "Zimmer"]);
    }

    #[rstest]
    #[case::nothing("", true)]
    #[case::of_no_width("\u{200b}", true)]
    #[case::turned_around("\u{202e}\u{202c}", true)]
    #[case::a_mark_of_order("\u{feff}", true)]
    #[case::a_filler("\u{3164}", true)]
    #[case::a_mark_in_music("\u{1d173}\u{1d17a}", true)]
    #[case::a_mark_in_shorthand("\u{1bca0}", true)]
    #[case::no_character("\u{ffff}\u{1fffe}", true)]
    #[case::joined_letters("می\u{200c}خواهم", false)]
    #[case::a_name("Ö", false)]
    #[case::an_emoji("🔧", false)]
    fn what_nobody_sees_is_no_name(#[case] text: &str, #[case] is: bool) {
        assert_eq!(is_invisible(text), is);
    }
}
