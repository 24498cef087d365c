//! How much work a component would be for the compiler, told before it is compiled.
//!
//! The compiler keeps each local of a function apart in each of its branches, so that a function of few bytes can keep it at work for hours
//! and take gigabytes, and nothing stops it once it has begun. What a function weighs is its bytes times its locals.

use wasmparser::{BinaryReaderError, Parser, Payload};

/// What one function weighs at most.
const OF_ONE: u64 = 32 << 20;
/// What all of a component weigh at most.
const OF_ALL: u64 = 512 << 20;

/// What a component weighs: its heaviest function, and all together.
#[derive(Debug, Clone, Copy, Default, PartialEq, Eq)]
pub struct Heft {
    /// The heaviest function.
    pub one: u64,
    /// All functions together.
    pub all: u64,
}

impl Heft {
    /// That of a component, or of whatever has modules in it.
    ///
    /// # Errors
    /// When it is no WebAssembly.
    pub fn of(bytes: &[u8]) -> Result<Self, BinaryReaderError> {
        let mut heft = Self::default();
        for payload in Parser::new(0).parse_all(bytes) {
            if let Payload::CodeSectionEntry(body) = payload? {
                let mut locals = 1_u64;
                for group in body.get_locals_reader()? {
                    locals = locals.saturating_add(group?.0.into());
                }
                let one = locals.saturating_mul(body.range().len() as u64);
                heft = Self { one: heft.one.max(one), all: heft.all.saturating_add(one) };
            }
        }
        Ok(heft)
    }

    /// Whether the compiler is done with it within seconds.
    pub const fn is_bearable(self) -> bool {
        self.one <= OF_ONE && self.all <= OF_ALL
    }
}
