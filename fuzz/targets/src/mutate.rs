//! Bytes that nobody thought of, from bytes that somebody did: the same from the same seed, on any compiler.

use fastrand::Rng;

/// Bytes of an input at most.
pub const LONGEST: usize = 4 << 10;
/// Changes made to one input at most.
const MOST: usize = 4;
/// Numbers at which something may turn over.
const NUMBERS: [&str; 12] = [
    "0",
    "-1",
    "1",
    "00",
    "127",
    "32768",
    "4294967296",
    "9223372036854775807",
    "-9223372036854775808",
    "18446744073709551616",
    "1e400",
    "9999",
];

/// A neighbour of one of the `known` inputs; at the end of a word's luck it holds some of the `words`.
pub fn neighbour(chance: &mut Rng, known: &[Vec<u8>], words: &[&str]) -> Vec<u8> {
    let mut input = chance.choice(known).cloned().unwrap_or_default();
    for _ in 0..chance.usize(1..=MOST) {
        change(chance, &mut input, known, words);
    }
    input.truncate(LONGEST);
    input
}

fn change(chance: &mut Rng, input: &mut Vec<u8>, known: &[Vec<u8>], words: &[&str]) {
    let at = chance.usize(0..=input.len());
    let end = (at + chance.usize(1..=16)).min(input.len());
    match chance.u8(0..9) {
        0 if at < input.len() => input[at] ^= 1 << chance.u8(0..8),
        1 if at < input.len() => input[at] = chance.u8(..),
        2 => input.insert(at, chance.u8(..)),
        3 => drop(input.drain(at..end)),
        4 => {
            let part = input[at..end].to_vec();
            let again = chance.usize(1..=32);
            put(input, at..at, &part.repeat(again));
        }
        5 => number(chance, input),
        6 => splice(chance, input, at, known),
        // What is there makes way as often as not.
        _ => {
            let end = if chance.bool() { end } else { at };
            let word = chance.choice(words).copied().unwrap_or_default();
            put(input, at..end, word.as_bytes());
        }
    }
}

/// One of the numbers in it becomes another.
fn number(chance: &mut Rng, input: &mut Vec<u8>) {
    let from = chance.usize(0..=input.len());
    let Some(begin) = input[from..].iter().position(u8::is_ascii_digit).map(|it| from + it) else { return };
    let length = input[begin..].iter().take_while(|it| it.is_ascii_digit()).count();
    let other = chance.choice(NUMBERS).unwrap_or_default();
    put(input, begin..begin + length, other.as_bytes());
}

/// It goes on as another does.
fn splice(chance: &mut Rng, input: &mut Vec<u8>, at: usize, known: &[Vec<u8>]) {
    let Some(other) = chance.choice(known) else { return };
    input.truncate(at);
    input.extend(&other[chance.usize(0..=other.len())..]);
}

fn put(input: &mut Vec<u8>, place: std::ops::Range<usize>, bytes: &[u8]) {
    drop(input.splice(place, bytes.iter().copied()));
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_seed_thinks_of_the_same_and_another_of_something_else() {
        let known = [b"limit=5&q=ada".to_vec(), b"near=1,2".to_vec(), Vec::new()];
        let think = |seed| {
            let mut chance = Rng::with_seed(seed);
            (0..500).map(|_| neighbour(&mut chance, &known, &["cursor=", "%00"])).collect::<Vec<_>>()
        };
        assert_eq!(think(1), think(1));
        assert_ne!(think(1), think(2));
        assert!(think(1).iter().all(|it| it.len() <= LONGEST));
        assert!(think(1).iter().filter(|it| it.windows(7).any(|part| part == b"cursor=")).count() > 50);
    }
}
