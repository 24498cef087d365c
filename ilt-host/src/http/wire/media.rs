//! Media types as clients write them: in any case, with parameters, several by preference.

use axum::http::HeaderMap;
use axum::http::header::ACCEPT;

const JSON: &str = "application/json";

/// Whether a body of this type is JSON; a merge patch is.
pub fn is_json(kind: &str) -> bool {
    let kind = kind.split(';').next().unwrap_or_default().trim();
    [JSON, "application/merge-patch+json"].iter().any(|json| kind.eq_ignore_ascii_case(json))
}

/// Whether whoever asks would rather have CSV than JSON, which is what they get who do not say.
pub fn wants_csv(headers: &HeaderMap) -> bool {
    let lines = headers.get_all(ACCEPT).iter().filter_map(|line| line.to_str().ok());
    let ranges: Vec<_> = lines.flat_map(|line| line.split(',')).map(Range::of).collect();
    let best = |kind| {
        ranges
            .iter()
            .zip(0_i32..)
            .filter_map(|(range, place)| range.weight(kind, place))
            .max_by_key(|it| it.1)
    };
    let rank = |kind| best(kind).map(|(quality, (exactness, place))| (quality, exactness, -place));
    match (rank("text/csv"), rank(JSON)) {
        (Some(csv), json) => csv.0 > 0 && json.is_none_or(|json| csv > json),
        (None, _) => false,
    }
}

/// One entry of `Accept`.
struct Range {
    kind: String,
    /// In thousandths.
    quality: u32,
}

impl Range {
    fn of(text: &str) -> Self {
        let mut parts = text.split(';').map(|part| part.trim().to_ascii_lowercase());
        let kind = parts.next().unwrap_or_default();
        let quality = parts.find_map(|part| part.strip_prefix("q=")?.trim().parse::<f64>().ok());
        #[expect(clippy::cast_possible_truncation, clippy::cast_sign_loss, reason = "between 0 and 1000")]
        let thousandths = |quality: f64| (quality.clamp(0.0, 1.0) * 1_000.0) as u32;
        Self { kind, quality: quality.map_or(1_000, thousandths) }
    }

    /// How much it speaks for a kind: its quality, and how exactly it names it, then where it stands.
    fn weight(&self, kind: &str, place: i32) -> Option<(u32, (u8, i32))> {
        let of_family =
            |family: &str| kind.starts_with(family) && kind.as_bytes().get(family.len()) == Some(&b'/');
        let exactness = match self.kind.strip_suffix("/*") {
            _ if self.kind == kind => 2,
            Some("*") => 0,
            Some(family) if of_family(family) => 1,
            _ => return None,
        };
        Some((self.quality, (exactness, place)))
    }
}

#[cfg(test)]
mod tests {
    use axum::http::{HeaderMap, HeaderValue};
    use rstest::rstest;

    use super::{is_json, wants_csv};

    #[rstest]
    #[case::nothing_is_said(&[], false)]
    #[case::csv(&["text/csv"], true)]
    #[case::in_capitals(&["TEXT/CSV"], true)]
    #[case::with_a_parameter(&["text/csv; charset=utf-8"], true)]
    #[case::anything(&["*/*"], false)]
    #[case::rather_than_anything(&["*/*;q=0.1, text/csv"], true)]
    #[case::as_good_as_anything(&["*/*, text/csv"], true)]
    #[case::any_text(&["text/*"], true)]
    #[case::json_rather(&["text/csv;q=0.5, application/json"], false)]
    #[case::the_first_of_two_equals(&["text/csv, application/json"], true)]
    #[case::the_second_of_two_equals(&["application/json, text/csv"], false)]
    #[case::on_two_lines(&["application/json;q=0.2", "text/csv;q=0.3"], true)]
    #[case::on_no_account(&["text/csv;q=0"], false)]
    #[case::all_but_csv(&["text/csv;q=0, */*"], false)]
    #[case::a_page(&["text/html,application/xhtml+xml,*/*;q=0.8"], false)]
    #[case::nonsense(&[";;q=,,/"], false)]
    fn csv_is_for_whoever_wants_it(#[case] accept: &[&'static str], #[case] is_wanted: bool) {
        let mut headers = HeaderMap::new();
        for line in accept {
            headers.append("accept", HeaderValue::from_static(line));
        }
        assert_eq!(wants_csv(&headers), is_wanted, "{accept:?}");
    }

    #[rstest]
    #[case("application/json", true)]
    #[case("Application/JSON;charset=UTF-8", true)]
    #[case("application/merge-patch+json ; charset=utf-8", true)]
    #[case("application/jsonp", false)]
    #[case("text/plain", false)]
    #[case("", false)]
    fn json_is_known_however_it_is_written(#[case] kind: &str, #[case] known: bool) {
        assert_eq!(is_json(kind), known, "{kind}");
    }
}
