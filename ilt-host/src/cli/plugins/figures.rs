//! Figures as people read them.

use std::time::Duration;

/// 1234567 as 1,234,567.
pub fn grouped(number: u64) -> String {
    let digits = number.to_string();
    let before = |at: usize| at > 0 && (digits.len() - at).is_multiple_of(3);
    let mut text = String::new();
    for (at, digit) in digits.chars().enumerate() {
        if before(at) {
            text.push(',');
        }
        text.push(digit);
    }
    text
}

/// Bytes in KiB or MiB.
pub fn size(bytes: usize) -> String {
    let kib = bytes.div_ceil(1 << 10);
    if kib < 1 << 10 {
        return format!("{kib} KiB");
    }
    let tenths = (bytes * 10).div_ceil(1 << 20);
    if tenths.is_multiple_of(10) {
        return format!("{} MiB", tenths / 10);
    }
    format!("{}.{} MiB", tenths / 10, tenths % 10)
}

/// A time in the unit that suits it.
pub fn time(time: Duration) -> String {
    let micros = time.as_micros();
    if micros < 1_000 {
        return format!("{micros} µs");
    }
    if micros < 1_000_000 {
        return format!("{}.{} ms", micros / 1_000, micros / 100 % 10);
    }
    format!("{}.{} s", micros / 1_000_000, micros / 100_000 % 10)
}

/// How much of what is allowed is used.
pub fn share(used: u128, allowed: u128) -> String {
    let tenths = used.saturating_mul(1_000).div_ceil(allowed.max(1));
    format!("{}.{} %", tenths / 10, tenths % 10)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn figures_are_read_at_a_glance() {
        let numbers = [0, 999, 1_000, 58_012, 50_000_000].map(grouped);
        assert_eq!(numbers, ["0", "999", "1,000", "58,012", "50,000,000"]);
        let sizes = [0, 1, 31_744, 1 << 20, 1_200_000, 64 << 20].map(size);
        assert_eq!(sizes, ["0 KiB", "1 KiB", "31 KiB", "1 MiB", "1.2 MiB", "64 MiB"]);
        let times = [47, 1_234, 100_000, 2_340_000].map(|micros| time(Duration::from_micros(micros)));
        assert_eq!(times, ["47 µs", "1.2 ms", "100.0 ms", "2.3 s"]);
        assert_eq!([share(1, 1_000), share(0, 7), share(3, 2)], ["0.1 %", "0.0 %", "150.0 %"]);
    }
}
