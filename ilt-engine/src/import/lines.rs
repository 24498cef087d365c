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

    /// The line of the first record from a byte on; to be asked for one record after the other.
    pub fn line_of(&mut self, position: Option<&csv::Position>) -> u64 {
        let from = position.and_then(|it| usize::try_from(it.byte()).ok()).unwrap_or(self.at);
        let is_end = |byte: &u8| matches!(byte, b'\r' | b'\n');
        let empty = self.bytes.get(from..).unwrap_or_default().iter().take_while(|byte| is_end(byte)).count();
        let passed = self.bytes.get(self.at..from + empty).unwrap_or_default();
        let ends = passed.iter().zip(passed.iter().skip(1).chain(&[0]));
        // The first half of `\r\n` ends no line by itself.
        let ends = ends.filter(|(byte, next)| is_end(byte) && (**byte, **next) != (b'\r', b'\n')).count();
        self.line += ends as u64;
        self.at = self.at.max(from + empty);
        self.line
    }
}
