//! Records at which we fail, each counted: one that fails again and again must not hold up its partition for ever.

use std::collections::BTreeMap;
use std::sync::{Mutex, MutexGuard, PoisonError};

use ilt_kafka::consume::Record;

/// How often a record is tried at which we fail. With the pauses in between that is half a minute or a whole one, and some for each
/// further record that comes at once: a database that fails at everything costs a few records, which can be put back.
const MOST: u32 = 10;

/// Where a record is: its topic, its partition and its offset.
type Place = (String, i32, i64);

/// How often we failed at records that are not settled yet.
#[derive(Default)]
pub struct Failures(Mutex<BTreeMap<Place, u32>>);

impl Failures {
    /// Counts a failure, and says whether it was the last that is put up with.
    pub fn is_enough(&self, record: &Record) -> bool {
        let place = (record.topic.clone(), record.partition, record.offset);
        let mut failures = self.failures();
        let times = failures.entry(place).or_default();
        *times += 1;
        *times >= MOST
    }

    /// Forgets what was counted for these records, and for others of their partition, which are settled or somebody else's now.
    pub fn forget(&self, records: &[Record]) {
        let Some(Record { topic, partition, .. }) = records.first() else { return };
        self.failures().retain(|(its, number, _), _| its != topic || number != partition);
    }

    fn failures(&self) -> MutexGuard<'_, BTreeMap<Place, u32>> {
        self.0.lock().unwrap_or_else(PoisonError::into_inner)
    }
}
