//! Answers as CSV files, for whoever opens them in a spreadsheet. Every file that is answered is written here.

use axum::http::header::{CONTENT_DISPOSITION, CONTENT_TYPE};
use axum::response::{IntoResponse, Response};

/// What makes a spreadsheet take a cell for a formula, full-width letters among it.
const FORMULA: [char; 11] =
    ['=', '+', '-', '@', '\t', '\r', '\n', '\u{ff1d}', '\u{ff0b}', '\u{ff0d}', '\u{ff20}'];

/// A file of this name.
pub fn file<const N: usize>(
    name: &str,
    columns: [&str; N],
    rows: impl Iterator<Item = [String; N]>,
) -> Response {
    let disposition = format!("attachment; filename=\"{name}\"");
    let headers = [(CONTENT_TYPE, "text/csv; charset=utf-8".to_owned()), (CONTENT_DISPOSITION, disposition)];
    (headers, written(columns, rows)).into_response()
}

/// What is in such a file.
pub fn written<const N: usize>(columns: [&str; N], rows: impl Iterator<Item = [String; N]>) -> Vec<u8> {
    let mut csv = csv::Writer::from_writer(Vec::new());
    // Writing into memory cannot fail.
    let _fits = csv.write_record(columns);
    for row in rows {
        let _fits = csv.write_record(row.map(harmless));
    }
    csv.into_inner().unwrap_or_default()
}

/// A cell that a spreadsheet takes for text and not for a formula.
fn harmless(cell: String) -> String {
    let is_number = cell.strip_prefix('-').is_some_and(is_decimal);
    if !is_number && (cell.starts_with(FORMULA) || cell.trim_start().starts_with(FORMULA)) {
        format!("'{cell}")
    } else {
        cell
    }
}

fn is_decimal(text: &str) -> bool {
    let is_digits = |it: &str| !it.is_empty() && it.bytes().all(|it| it.is_ascii_digit());
    let (whole, fraction) = text.split_once('.').unwrap_or((text, "0"));
    is_digits(whole) && is_digits(fraction)
}

#[cfg(test)]
mod tests {
    use super::written;

    #[test]
    fn no_cell_is_ever_a_formula() {
        for (cell, kept) in [
            ("=cmd()", "'=cmd()"),
            ("+49 221", "'+49 221"),
            ("-1", "-1"),
            ("-0.25", "-0.25"),
            ("-1+cmd()", "'-1+cmd()"),
            ("-.", "'-."),
            ("@SUM(A1)", "'@SUM(A1)"),
            (" =cmd()", "' =cmd()"),
            ("\u{ff1d}cmd()", "'\u{ff1d}cmd()"),
            ("\u{ff0b}1", "'\u{ff0b}1"),
            ("\u{ff0d}1", "'\u{ff0d}1"),
            ("\u{ff20}A1", "'\u{ff20}A1"),
            ("\tcmd()", "'\tcmd()"),
            ("Ada", "Ada"),
            ("a=b", "a=b"),
        ] {
            let file = written(["one", "two"], std::iter::once([cell.to_owned(), "7".to_owned()]));
            assert_eq!(String::from_utf8_lossy(&file), format!("one,two\n{kept},7\n"), "{cell:?}");
        }
    }
}
