//! On which line of a file something is, as an editor counts.

/// Counts lines. The reader's own count takes an empty line for the one after it, and is one behind where lines end in `\r\n`.
pub struct Lines<'a> {
    bytes: &'a [u8],
    at: usize,
    line: u64,
}

impl<'a> Lines<'a> {
    pub const fn of(bytes: &'a [u8]) -> Self {
        Self { bytes, at: 0, line: 1 }
    }

    /// The line that a byte is on.
    pub fn line_at(mut self, byte: usize) -> u64 {
        self.pass(byte)
    }

    /// The line of the first record from a byte on; to be asked for one record after the other.
    pub fn line_of(&mut self, position: Option<&csv::Position>) -> u64 {
        let from = position.and_then(|it| usize::try_from(it.byte()).ok()).unwrap_or(self.at);
        let is_end = |byte: &u8| matches!(byte, b'\r' | b'\n');
        let empty = self.bytes.get(from..).unwrap_or_default().iter().take_while(|byte| is_end(byte)).count();
        self.pass(from + empty)
    }

    fn pass(&mut self, to: usize) -> u64 {
        let is_end = |byte: &u8| matches!(byte, b'\r' | b'\n');
        let passed = self.bytes.get(self.at..to).unwrap_or_default();
        let ends = passed.iter().zip(passed.iter().skip(1).chain(&[0]));
        // The first half of `\r\n` ends no line by itself.
        let ends = ends.filter(|(byte, next)| is_end(byte) && (**byte, **next) != (b'\r', b'\n')).count();
        self.line += ends as u64;
        self.at = self.at.max(to);
        self.line
    }
}

/// Where a quotation mark stands that opens a cell and is never closed: the reader takes all that follows for that cell.
pub fn never_closed(bytes: &[u8]) -> Option<usize> {
    let (mut opened, mut begins, mut at) = (None, true, 0);
    while let Some(byte) = bytes.get(at) {
        match (opened, byte) {
            // Two of them are one that is meant.
            (Some(_), b'"') if bytes.get(at + 1) == Some(&b'"') => at += 1,
            (Some(_), b'"') => opened = None,
            (Some(_), _) => {}
            (None, b'"') if begins => opened = Some(at),
            (None, b',' | b'\r' | b'\n') => begins = true,
            (None, _) => begins = false,
        }
        if opened.is_some() {
            begins = false;
        }
        at += 1;
    }
    opened
}

#[cfg(test)]
mod tests {
    use rstest::rstest;

    use super::*;

    #[rstest]
    #[case::none("a,b\n1,2\n", None)]
    #[case::closed("a,b\n\"1,\n2\",2\n", None)]
    #[case::doubled("\"say \"\"hi\"\"\",2\n", None)]
    #[case::inside_a_cell("5\" pipe,2\n", None)]
    #[case::after_a_closed_one("\"a\"\"b\"x,\"c\"\n", None)]
    #[case::never("a,b\n1,\"two\n3,4\n", Some(6))]
    #[case::doubled_at_the_end("a,\"b\"\"", Some(2))]
    fn a_cell_that_does_not_end(#[case] text: &str, #[case] at: Option<usize>) {
        assert_eq!(never_closed(text.as_bytes()), at);
        let mut csv =
            csv::ReaderBuilder::new().has_headers(false).flexible(true).from_reader(text.as_bytes());
        let cells: Vec<_> = csv.records().map(|it| it.expect("lenient").iter().collect::<String>()).collect();
        let swallowed = cells.last().is_some_and(|it| it.contains('\n'));
        assert!(at.is_none() || swallowed || text.ends_with('"'), "as the reader reads it: {cells:?}");
    }
}
