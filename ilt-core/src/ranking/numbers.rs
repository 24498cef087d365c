//! Small numbers for ids and words, so that tables can be vectors.

use std::collections::BTreeMap;

/// Numbers things 0, 1, 2, … in the order they are first named. A number is never taken back.
#[derive(Debug, Clone)]
pub(super) struct Numbers<T> {
    number: BTreeMap<T, usize>,
}

impl<T> Default for Numbers<T> {
    fn default() -> Self {
        Self { number: BTreeMap::new() }
    }
}

impl<T: Ord + Clone> Numbers<T> {
    /// The number of `thing`; a new one when it has none.
    pub fn give(&mut self, thing: &T) -> usize {
        if let Some(known) = self.number.get(thing) {
            return *known;
        }
        let next = self.number.len();
        self.number.insert(thing.clone(), next);
        next
    }

    /// The number of `thing`, when it has one.
    pub fn get<Q: Ord + ?Sized>(&self, thing: &Q) -> Option<usize>
    where
        T: std::borrow::Borrow<Q>,
    {
        self.number.get(thing).copied()
    }

    /// How many numbers were given.
    pub fn len(&self) -> usize {
        self.number.len()
    }
}
